// A file that the producer thread writes to. Whoever has opened it does not close it before the slot came back, or the
// thread was joined (Rule 8): an fs.WriteStream that is in a write waits for its end. A duplicate would be no better,
// since some file systems take each close() for an occasion to send the whole file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/ring/outlet.h"
#include "platform/file.h"
#include "platform/file_status.h"

namespace slipring {

class FileOutlet final : public Outlet {
 public:
  // JS thread. Writes from `position` on, or where the descriptor's own position is, if that is negative.
  FileOutlet(int descriptor, int64_t position) noexcept : file_(descriptor, false), position_(position) {}

  // Producer thread, as all that follows. A FIFO, a terminal or a socket may be full for ever.
  [[nodiscard]] bool takes_at_once() noexcept override {
    platform::FileStatus status;
    return platform::status_of(file_, status) == 0 && status.regular;
  }

  [[nodiscard]] Result write(std::span<const std::byte> bytes) noexcept override {
    const platform::IoResult result =
        position_ < 0 ? file_.write(bytes) : file_.write_at(bytes, static_cast<uint64_t>(position_));
    if (position_ >= 0) position_ += static_cast<int64_t>(result.bytes);
    return {.bytes = result.bytes, .error = result.error};
  }

 private:
  const platform::File file_;
  int64_t position_;
};

}  // namespace slipring
