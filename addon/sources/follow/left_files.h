// Where files were left that were read once: a file that comes back is read on from there. Which file it is its number
// says, which another one may get when it is gone, so its birth and the bytes right before the place are compared, too.
//
// One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <new>

#include "platform/file.h"
#include "platform/file_status.h"
#include "sources/follow/bookmark.h"

namespace slipring {

class LeftFiles {
 public:
  // The oldest one is forgotten for the next.
  static constexpr std::size_t kMost = 64;

  // Not what was deleted: it does not come back.
  void leave(const platform::File& file, const Bookmark& place) noexcept {
    platform::FileStatus status;
    if (status_of(file, status) != 0 || !status.has_name) return;
    std::erase_if(left_, [&](const Left& other) { return status.same_file(other.status); });
    if (left_.size() >= kMost) left_.pop_front();
    try {
      left_.push_back({.status = status, .birth = birth_of(file), .place = place});
    } catch (const std::bad_alloc&) { return; }  // if it comes back, it is read again
  }

  // Null when it was not left.
  [[nodiscard]] const Bookmark* place_in(const platform::File& file,
                                         const platform::FileStatus& status) const noexcept {
    const auto left = std::ranges::find_if(left_, [&](const Left& other) { return status.same_file(other.status); });
    const bool is_it = left != left_.end() && birth_of(file) == left->birth && left->place.is_in(file);
    return is_it ? &left->place : nullptr;
  }

 private:
  struct Left {
    platform::FileStatus status;
    uint64_t birth;
    Bookmark place;
  };

  std::deque<Left> left_;
};

}  // namespace slipring
