// Reads a regular file that the system stores somewhere without leaving a trace of that in the page cache, in the
// better of two ways that it has: the kernel does so by itself, or is told behind the reader what to forget.
//
// Producer thread.
#pragma once

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
  const platform::File& file_;
  bool by_kernel_;
  std::unique_ptr<CacheTrace> trace_;
};

}  // namespace slipring
