// The bytes of the pattern are part of the interface: other programs and languages verify streams with them.
#include "sources/pattern.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <random>
#include <vector>

using slipring::fill_pattern;
using slipring::pattern_word;

namespace {

// The definition once more, for one byte and with wide integers instead of overflow.
std::byte expected_byte(uint64_t seed, uint64_t offset) {
  constexpr uint64_t kModulus = uint64_t{1} << 32;
  const uint64_t word = offset / 4;
  const uint64_t low = word % kModulus * 2654435761u % kModulus;
  const uint64_t high = word / kModulus * 2246822507u % kModulus;
  const uint64_t x = (low + high + seed) % kModulus;
  const uint64_t value = x ^ (x / 65536);
  constexpr std::array<uint64_t, 4> kPlaces = {1, 256, 65536, 16777216};
  return static_cast<std::byte>(value / kPlaces[offset % 4] % 256);
}

constexpr std::byte kUntouched{0xA5};

}  // namespace

TEST_CASE("the words of the pattern are those that were published") {
  CHECK(pattern_word(0, 0) == 0x00000000u);
  CHECK(pattern_word(0, 1) == 0x9E37E786u);
  CHECK(pattern_word(0, 2) == 0x3C6ECF0Cu);
  CHECK(pattern_word(1, 0) == 0x00000001u);
  CHECK(pattern_word(0xFFFFFFFFu, 1) == 0x9E37E787u);
  CHECK(pattern_word(7, 12345678) == 0x97FFB30Au);
  CHECK(pattern_word(0, 0xFFFFFFFFu) == 0x61C8E787u);
  CHECK(pattern_word(0, uint64_t{1} << 32) == 0x85EB4F80u);
  CHECK(pattern_word(9, (uint64_t{1} << 32) + 1) == 0x24236006u);
}

TEST_CASE("the bytes of a word come lowest first") {
  std::array<std::byte, 8> bytes{};
  fill_pattern(bytes, 0, 4);
  const std::array<int, 8> expected = {0x86, 0xE7, 0x37, 0x9E, 0x0C, 0xCF, 0x6E, 0x3C};
  for (std::size_t i = 0; i < bytes.size(); ++i) CHECK(bytes[i] == static_cast<std::byte>(expected[i]));
}

TEST_CASE("every length at every offset gives the defined bytes and no others") {
  constexpr uint64_t kWrap = uint64_t{4} << 32;  // 16 GiB: the word number's upper half becomes 1
  for (const uint64_t base : {uint64_t{0}, uint64_t{4096}, kWrap - 12, kWrap, 7 * kWrap - 4, uint64_t{1} << 53}) {
    for (uint64_t offset = base; offset < base + 12; ++offset) {
      for (std::size_t length = 0; length <= 20; ++length) {
        for (const uint32_t seed : {0u, 1u, 0x80000000u, 0xFFFFFFFFu}) {
          // One byte on each side must stay as it is, and the heap's ends show a write beyond these.
          std::vector<std::byte> buffer(length + 2, kUntouched);
          fill_pattern(std::span(buffer).subspan(1, length), seed, offset);
          bool right = buffer.front() == kUntouched && buffer.back() == kUntouched;
          for (std::size_t i = 0; i < length; ++i) right = right && buffer[i + 1] == expected_byte(seed, offset + i);
          if (right) continue;
          CAPTURE(offset);
          CAPTURE(length);
          CAPTURE(seed);
          FAIL_CHECK("wrong bytes");
        }
      }
    }
  }
}

TEST_CASE("a long stretch is the same in one piece and in random pieces") {
  constexpr uint64_t kStart = (uint64_t{4} << 32) - 50001;
  constexpr std::size_t kLength = 100003;
  std::vector<std::byte> whole(kLength);
  fill_pattern(whole, 5, kStart);
  std::vector<std::byte> pieces(kLength);
  std::mt19937 random(1);
  for (std::size_t done = 0; done < kLength;) {
    const std::size_t piece = std::min<std::size_t>(random() % 300, kLength - done);
    fill_pattern(std::span(pieces).subspan(done, piece), 5, kStart + done);
    done += piece;
  }
  CHECK(whole == pieces);
  bool right = true;
  for (std::size_t i = 0; i < kLength; ++i) right = right && whole[i] == expected_byte(5, kStart + i);
  CHECK(right);
}

TEST_CASE("a word tells where in 16 GiB it belongs") {
  constexpr uint32_t kInverse = 0x0E8B2F51u;  // of 0x9E3779B1 modulo 2^32
  std::mt19937 random(2);
  for (int i = 0; i < 1000; ++i) {
    const uint32_t seed = random();
    const uint32_t word = random();
    const uint32_t value = pattern_word(seed, word);
    CHECK(((value ^ (value >> 16)) - seed) * kInverse == word);
  }
}
