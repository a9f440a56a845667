// A file of the program's that the producer thread writes to, in the place of a thread of Node's pool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "core/pump/destination.h"
#include "platform/file.h"

namespace slipring {

class FileDestination final : public Destination {
 public:
  // JS thread. `position`: where to begin; nothing: where the descriptor is, which then moves along. Null unless the
  // descriptor is of a file that is stored somewhere. It has one of its own (Rule 8): the program may close that one.
  [[nodiscard]] static std::unique_ptr<FileDestination> of(int descriptor, std::optional<uint64_t> position);

  std::size_t write(std::span<const std::byte> bytes) noexcept override;

 private:
  FileDestination(platform::File file, std::optional<uint64_t> position) noexcept
      : file_(std::move(file)), position_(position) {}

  platform::File file_;
  std::optional<uint64_t> position_;
};

}  // namespace slipring
