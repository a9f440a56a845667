// What the system keeps of files in memory: which pages of one it has, how to read without adding to them, and how to
// make it forget some. Any thread. Where a system has no such way, nothing happens, and every page counts as cached.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "platform/file.h"

namespace slipring::platform {

[[nodiscard]] std::size_t page_size() noexcept;

// Reads, and what that brings into memory is forgotten at once; what was there before stays. From `position` on, or
// from the file's own if that is negative. Fails where the kernel or the file system cannot do that.
[[nodiscard]] IoResult read_uncached(const File& file, std::span<std::byte> into, int64_t position) noexcept;

// Says for each page from `first` on whether it is in memory: 1, or 0. Of a file that the process may not write to, and
// where that cannot be said, each is.
void find_cached(const File& file, uint64_t first, std::span<unsigned char> cached) noexcept;

// Forgets pages, but for those that wait to be written, or that a program has mapped. Advice only: has no result.
void forget_cached(const File& file, uint64_t first, std::size_t count) noexcept;

}  // namespace slipring::platform
