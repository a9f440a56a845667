// What reading a file leaves in the page cache, and the end of it: remembers which pages were there before, and makes
// the system forget the others behind the reader. Where a page was is looked at long before it is read: the system
// reads ahead, and what it has read ahead looks like what others have cached.
//
// Producer thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "platform/file.h"

namespace slipring {

class CacheTrace {
 public:
  explicit CacheTrace(const platform::File& file) noexcept;
  // Also what was read ahead.
  ~CacheTrace() { forget_before(looked_); }
  CacheTrace(const CacheTrace&) = delete;
  CacheTrace& operator=(const CacheTrace&) = delete;

  // Before a read that begins at `position`.
  void look(uint64_t position) noexcept;
  // After a read that ended at `position`.
  void wipe(uint64_t position) noexcept;

 private:
  // In pages. Of 4 KiB each: 64 MiB, which is ahead of what any disk is set to read ahead, and 16 MiB.
  static constexpr std::size_t kAhead = 16384;
  static constexpr std::size_t kStep = 4096;
  // The system keeps pages in groups, and forgets a group only as a whole. The part that was left comes again with this
  // many pages of before.
  static constexpr std::size_t kOverlap = 4096;
  // What is remembered: from `kept_` to `looked_`.
  static constexpr std::size_t kKnown = 2 * kAhead;
  static_assert(kKnown >= kAhead + kStep + kOverlap + kStep);

  bool look_further() noexcept;
  void forget_before(uint64_t page) noexcept;
  [[nodiscard]] bool was_cached(uint64_t page) const noexcept { return cached_[page % kKnown] != 0; }

  const platform::File& file_;
  const std::size_t page_size_;
  uint64_t kept_ = 0;
  uint64_t wiped_ = 0;
  uint64_t looked_ = 0;
  std::array<unsigned char, kKnown> cached_{};  // the page's number, modulo kKnown, is its place
};

}  // namespace slipring
