// A place in a file, and how to know it again: by the bytes right before it. A file that was cut and filled anew has
// others there, as has a new file with an old one's number. For others it has the file's id.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "platform/file.h"
#include "sources/file_id.h"

namespace slipring {

class Bookmark {
 public:
  explicit Bookmark(int64_t position = 0) noexcept : position_(position) {}

  [[nodiscard]] int64_t position() const noexcept { return position_; }

  // Which file it is in, as soon as something was read of that.
  [[nodiscard]] const std::optional<FileId>& id() const noexcept { return id_; }
  void know(const FileId& id) noexcept { id_ = id; }

  // Compares what is before the position from now on, which was read by somebody else.
  void look_back(const platform::File& file) noexcept {
    std::array<std::byte, kBytes> before{};
    const auto found = std::span(before).first(std::min(kBytes, static_cast<std::size_t>(position_)));
    position_ -= static_cast<int64_t>(found.size());
    pass(found.first(file.read_at(found, static_cast<uint64_t>(position_)).bytes));
  }

  // `read` are the bytes at the position: it is behind them now.
  void pass(std::span<const std::byte> read) noexcept {
    position_ += static_cast<int64_t>(read.size());
    const std::span<const std::byte> last = read.last(std::min(read.size(), before_.size()));
    const std::size_t kept = std::min(length_, before_.size() - last.size());
    std::memmove(before_.data(), before_.data() + (length_ - kept), kept);
    std::memcpy(before_.data() + kept, last.data(), last.size());
    length_ = kept + last.size();
  }

  // Whether the file still has there what was read.
  [[nodiscard]] bool is_in(const platform::File& file) const noexcept {
    std::array<std::byte, kBytes> found{};
    const auto place = static_cast<uint64_t>(position_) - length_;
    const platform::IoResult result = file.read_at(std::span(found).first(length_), place);
    if (result.error != 0) return true;  // the next read says what is wrong
    return result.bytes == length_ && std::memcmp(found.data(), before_.data(), length_) == 0;
  }

 private:
  static constexpr std::size_t kBytes = 64;

  int64_t position_;
  std::optional<FileId> id_;
  std::size_t length_ = 0;
  std::array<std::byte, kBytes> before_{};
};

}  // namespace slipring
