#include "node/file_destination.h"

#include <utility>

namespace slipring {

using platform::File;
using platform::IoResult;
using platform::Waits;

// JS thread.
std::unique_ptr<FileDestination> FileDestination::of(int descriptor, std::optional<uint64_t> position) {
  File file;
  if (file.open_duplicate(descriptor) != 0) return nullptr;
  if (file.waits() != Waits::kNever) return nullptr;
  return std::unique_ptr<FileDestination>(new FileDestination(std::move(file), position));
}

// Producer thread. An error is not told: whoever is handed the rest meets it again.
std::size_t FileDestination::write(std::span<const std::byte> bytes) noexcept {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const auto rest = bytes.subspan(written);
    const IoResult result = position_ ? file_.write_at(rest, *position_) : file_.write(rest);
    if (result.bytes == 0) break;
    written += result.bytes;
    if (position_) *position_ += result.bytes;
  }
  return written;
}

}  // namespace slipring
