// Where the last lines of a file begin: as `tail -n` counts them, so that what follows the last newline is one, too.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "platform/file.h"

namespace slipring {

// Reading thread. Of the first `size` bytes; 0 when there are not more than `count`.
inline int64_t begin_of_last_lines(const platform::File& file, int64_t size, int64_t count) noexcept {
  constexpr int64_t kStep = 16384;
  std::array<std::byte, kStep> room{};
  if (count == 0) return size;
  int64_t ends = 0;
  for (int64_t end = size; end > 0;) {
    const int64_t begin = std::max<int64_t>(end - kStep, 0);
    const auto wanted = std::span(room).first(static_cast<std::size_t>(end - begin));
    // What is not there any more was cut, and what comes is new.
    if (file.read_at(wanted, static_cast<uint64_t>(begin)).bytes < wanted.size()) return 0;
    for (int64_t at = end - 1; at >= begin; --at) {
      const bool ends_here = wanted[static_cast<std::size_t>(at - begin)] == std::byte{'\n'} && at != size - 1;
      if (ends_here && ++ends == count) return at + 1;
    }
    end = begin;
  }
  return 0;
}

}  // namespace slipring
