// The bytes of the pattern source: a function of (seed, offset) alone, cheap to make and to verify, in any language.
//
//   The stream is a sequence of little-endian 32-bit words. Word w (counting from the stream's offset 0) is
//     x ^ (x >> 16)   with   x = low32(w) * 0x9E3779B1 + high32(w) * 0x85EBCA6B + seed   (mod 2^32)
//
// For a given seed no word occurs twice within 16 GiB, so a single word tells where in the stream it belongs.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace slipring {

// Any thread.
inline uint32_t pattern_word(uint32_t seed, uint64_t word) noexcept {
  const uint32_t x = static_cast<uint32_t>(word) * 0x9E3779B1u + static_cast<uint32_t>(word >> 32) * 0x85EBCA6Bu + seed;
  return x ^ (x >> 16);
}

// Any thread. Writes the bytes of the pattern that start at `offset`.
inline void fill_pattern(std::span<std::byte> into, uint32_t seed, uint64_t offset) noexcept {
  std::byte* out = into.data();
  const std::byte* const end = out + into.size();
  // Partial words at both ends, whole ones between: that loop is the one that compilers vectorise.
  const auto copy_word = [&](uint64_t from, std::size_t count) {
    const uint32_t word = pattern_word(seed, from / 4);
    for (std::size_t i = 0; i < count; ++i) *out++ = static_cast<std::byte>(word >> (8 * (from % 4 + i)));
  };
  if (offset % 4 != 0) copy_word(offset, std::min(static_cast<std::size_t>(4 - offset % 4), into.size()));
  uint64_t word = (offset + 3) / 4;
  const std::size_t whole = static_cast<std::size_t>(end - out) / 4;
  for (std::size_t i = 0; i < whole; ++i) {
    uint32_t value = pattern_word(seed, word + i);
    if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap32(value);
    std::memcpy(out + 4 * i, &value, 4);
  }
  out += 4 * whole;
  word += whole;
  if (out != end) copy_word(word * 4, static_cast<std::size_t>(end - out));
}

}  // namespace slipring
