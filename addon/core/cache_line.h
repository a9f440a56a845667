// Memory that begins with a cache line: the kernel copies into it in steps of one, from a terminal for example.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace slipring {

inline constexpr std::size_t kLineSize = 64;

// What follows in it from the next cache line on. Any thread.
[[nodiscard]] inline std::span<std::byte> from_cache_line(std::span<std::byte> memory) noexcept {
  void* begin = memory.data();
  std::size_t size = memory.size();
  if (std::align(kLineSize, 1, begin, size) == nullptr) return {};
  return memory.last(size);
}

}  // namespace slipring
