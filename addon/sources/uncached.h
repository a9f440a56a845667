// Reads a regular file that the system stores somewhere without leaving a trace of that in the page cache, in the
// better of two ways that it has: the kernel does so by itself, or is told behind the reader what to forget.
//
// Producer thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

#include "platform/file.h"
#include "platform/page_cache.h"
#include "sources/cache_trace.h"

namespace slipring {

class Uncached {
 public:
  // The file must live longer, and be open until then. `by_kernel`: false leaves the first way out.
  Uncached(const platform::File& file, bool by_kernel) noexcept : file_(file), by_kernel_(by_kernel) {}

  // How much of `room` bytes from `position` on is to be read at once, and to be handed on; 0: it makes no difference.
  // The kernel forgets a group of pages as soon as any of them was read: what ends in the middle of one is fetched
  // twice.
  [[nodiscard]] std::size_t length(std::size_t room, int64_t position) const noexcept {
    if (!by_kernel_) return 0;
    const std::size_t most = std::min(room, kLargestRead);
    const auto begin = static_cast<uint64_t>(position < 0 ? file_.position() : position);
    const uint64_t end = (begin + most) / kLargestGroup * kLargestGroup;
    return end > begin ? static_cast<std::size_t>(end - begin) : most;
  }

  // From `position` on, or from the file's own if that is negative.
  platform::IoResult read(std::span<std::byte> into, int64_t position) noexcept {
    if (by_kernel_) {
      const platform::IoResult result = platform::read_uncached(file_, into, position);
      if (result.error == 0) return result;
      by_kernel_ = false;  // not here; or what is wrong is said once more
    }
    if (trace_ == nullptr) trace_.reset(new (std::nothrow) CacheTrace(file_));
    const auto begin = static_cast<uint64_t>(position < 0 ? file_.position() : position);
    if (trace_ != nullptr) trace_->look(begin);
    const platform::IoResult result =
        position < 0 ? file_.read(into) : file_.read_at(into, static_cast<uint64_t>(position));
    if (trace_ != nullptr) trace_->wipe(begin + result.bytes);
    return result;
  }

 private:
  static constexpr std::size_t kLargestGroup = std::size_t{2} << 20;
  // It cannot be cancelled: no single one takes long (Rule 1).
  static constexpr std::size_t kLargestRead = 2 * kLargestGroup;

  const platform::File& file_;
  bool by_kernel_;
  std::unique_ptr<CacheTrace> trace_;
};

}  // namespace slipring
