#include "core/framing/length_prefix.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace slipring {

namespace {

// Each number has to come from memory before the next one can be looked for. So far ahead it is on its way by then.
constexpr std::size_t kAhead = 1024;
constexpr std::size_t kFetched = 256;
constexpr std::size_t kLine = 64;

// Begins to load what is there, or nothing, wherever that is.
void fetch([[maybe_unused]] const std::byte* at) noexcept {
#ifdef __GNUC__
  for (std::size_t i = 0; i < kFetched; i += kLine) __builtin_prefetch(at + i);
#endif
}

template <typename Word>
Word load(const std::byte* at) noexcept {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Compilers know this for one instruction.
constexpr uint16_t swapped(uint16_t word) { return static_cast<uint16_t>(word << 8 | word >> 8); }
constexpr uint32_t swapped(uint32_t word) {
  return word << 24 | (word & 0xFF00) << 8 | (word >> 8 & 0xFF00) | word >> 24;
}

template <typename Word>
constexpr std::size_t little_endian(Word word) {
  return std::endian::native == std::endian::little ? word : swapped(word);
}

template <typename Word>
constexpr std::size_t big_endian(Word word) {
  return std::endian::native == std::endian::big ? word : swapped(word);
}

}  // namespace

LengthPrefixFramer::LengthPrefixFramer(const LengthPrefix& prefix) noexcept : prefix_(prefix) {
  assert(prefix.width == 1 || prefix.width == 2 || prefix.width == 4);
}

// Each record's place depends on the number before it, so there is nothing else to do until it is there.
std::size_t LengthPrefixFramer::number(const std::byte* at) const noexcept {
  switch (prefix_.width) {
    case 1:
      return std::to_integer<std::size_t>(*at);
    case 2:
      return prefix_.is_big_endian ? big_endian(load<uint16_t>(at)) : little_endian(load<uint16_t>(at));
    default:
      return prefix_.is_big_endian ? big_endian(load<uint32_t>(at)) : little_endian(load<uint32_t>(at));
  }
}

Framed LengthPrefixFramer::find(std::span<std::byte> bytes, std::size_t /*seen*/, Ends& ends) const noexcept {
  const std::size_t head = prefix_.offset + prefix_.width;
  Framed framed;
  while (!ends.full() && bytes.size() - framed.consumed >= head) {
    const std::size_t counted = number(bytes.data() + framed.consumed + prefix_.offset);
    const std::size_t size = prefix_.counts_all ? counted : head + counted;
    framed.too_long = size < head || size - head > prefix_.longest;
    if (framed.too_long || bytes.size() - framed.consumed < size) break;
    fetch(bytes.data() + std::min(framed.consumed + kAhead, bytes.size()));
    framed.consumed += size;
    ends.add(framed.consumed);
  }
  framed.length = framed.consumed;
  return framed;
}

}  // namespace slipring
