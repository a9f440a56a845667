// Waits until a descriptor has something to read, and can be told from another thread to stop waiting (Rule 1).
#pragma once

#include <memory>

#include "platform/file.h"

namespace slipring::platform {

class Wake {
 public:
  Wake();
  ~Wake();
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;

  // The waiting thread, before anything else. Returns 0 or an errno.
  [[nodiscard]] int open();

  // Any thread. From now on wait_readable() returns ECANCELED without waiting.
  void signal() noexcept;

  // The waiting thread. Returns 0 when a read of `file` would not block, or would return ECANCELED after signal(), as
  // systems have it that cannot tell beforehand; ECANCELED after signal(); or an errno.
  [[nodiscard]] int wait_readable(const File& file) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace slipring::platform
