#include "sources/cache_trace.h"

#include <algorithm>
#include <span>

#include "platform/file_status.h"
#include "platform/page_cache.h"

namespace slipring {

CacheTrace::CacheTrace(const platform::File& file) noexcept : file_(file), page_size_(platform::page_size()) {}

void CacheTrace::look(uint64_t position) noexcept {
  const uint64_t page = position / page_size_;
  if (page < wiped_ || page > looked_) {  // somewhere else
    forget_before(looked_);
    kept_ = wiped_ = looked_ = page;
  }
  if (looked_ >= page + kAhead - kStep) return;
  while (looked_ < page + kAhead && look_further()) {}
}

// A page that is not there yet is none that was not cached: whoever writes it may want it to stay.
bool CacheTrace::look_further() noexcept {
  platform::FileStatus status;
  if (platform::status_of(file_, status) != 0) return false;
  const uint64_t pages = (static_cast<uint64_t>(status.size) + page_size_ - 1) / page_size_;
  if (pages <= looked_) return false;
  const std::size_t place = looked_ % kKnown;
  const std::size_t count = std::min({kStep, kKnown - place, static_cast<std::size_t>(pages - looked_)});
  platform::find_cached(file_, looked_, std::span(cached_).subspan(place, count));
  looked_ += count;
  return true;
}

void CacheTrace::wipe(uint64_t position) noexcept {
  const uint64_t page = std::min(position / page_size_, looked_);
  if (page >= wiped_ + kStep) forget_before(page);
}

void CacheTrace::forget_before(uint64_t page) noexcept {
  for (uint64_t begin = kept_; begin < page;) {
    uint64_t end = begin + 1;
    while (end < page && was_cached(end) == was_cached(begin)) ++end;
    if (!was_cached(begin)) platform::forget_cached(file_, begin, end - begin);
    begin = end;
  }
  wiped_ = page;
  kept_ = std::max(kept_, page - std::min<uint64_t>(page, kOverlap));
}

}  // namespace slipring
