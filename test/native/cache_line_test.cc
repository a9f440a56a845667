// Memory that begins with a cache line.
#include "core/cache_line.h"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <span>

namespace slipring {

namespace {

struct Lines {
  alignas(kLineSize) std::array<std::byte, 4 * kLineSize> bytes;
};

}  // namespace

TEST_CASE("memory that begins with a cache line stays as it is") {
  Lines lines{};
  const std::span<std::byte> all(lines.bytes);
  CHECK(from_cache_line(all).data() == all.data());
  CHECK(from_cache_line(all).size() == all.size());
}

TEST_CASE("memory that begins within a cache line goes on at the next one and ends where it did") {
  Lines lines{};
  const std::span<std::byte> all(lines.bytes);
  for (const std::size_t at : {std::size_t{1}, kLineSize / 2, kLineSize - 1}) {
    const std::span<std::byte> rest = from_cache_line(all.subspan(at));
    CHECK(rest.data() == all.subspan(kLineSize).data());
    CHECK(rest.size() == all.size() - kLineSize);
  }
}

TEST_CASE("memory that ends before the next cache line is used up") {
  Lines lines{};
  CHECK(from_cache_line(std::span(lines.bytes).subspan(1, 8)).empty());
  CHECK(from_cache_line({}).empty());
}

}  // namespace slipring
