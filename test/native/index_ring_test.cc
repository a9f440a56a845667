// What one thread can see of the index ring.
#include "core/ring/index_ring.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

using slipring::IndexRing;

namespace {

constexpr std::array<uint32_t, 8> kCapacities = {1, 2, 3, 4, 5, 7, 64, 100};

// Counters that wrap at once, after some items, and in the second round through the storage.
std::vector<uint32_t> starts(uint32_t capacity) {
  constexpr uint32_t kLast = std::numeric_limits<uint32_t>::max();
  return {0, 1, kLast, kLast - 1, kLast - capacity + 1, kLast - capacity, kLast - 2 * capacity, kLast / 2};
}

template <class Check>
void for_every_ring(Check check) {
  for (const uint32_t capacity : kCapacities) {
    for (const uint32_t first : starts(capacity)) {
      CAPTURE(capacity);
      CAPTURE(first);
      IndexRing<> ring(capacity, first);
      check(ring);
    }
  }
}

}  // namespace

TEST_CASE("a new ring is empty and has the capacity that was asked for") {
  for_every_ring([](IndexRing<>& ring) {
    CHECK(ring.size() == 0);
    CHECK_FALSE(ring.pop().has_value());
    CHECK(ring.size() == 0);
  });
  CHECK(IndexRing<>(3).capacity() == 3);
}

TEST_CASE("a ring takes exactly as many items as its capacity and then says that it is full") {
  for_every_ring([](IndexRing<>& ring) {
    for (uint32_t i = 0; i < ring.capacity(); ++i) {
      CHECK(ring.size() == i);
      CHECK(ring.push(i));
    }
    CHECK(ring.size() == ring.capacity());
    CHECK_FALSE(ring.push(99));
    CHECK_FALSE(ring.push(99));
    CHECK(ring.size() == ring.capacity());
  });
}

TEST_CASE("items come out in the order in which they went in and a refused one does not") {
  for_every_ring([](IndexRing<>& ring) {
    for (uint32_t i = 0; i < ring.capacity(); ++i) CHECK(ring.push(1000 + i));
    CHECK_FALSE(ring.push(99));
    for (uint32_t i = 0; i < ring.capacity(); ++i) {
      CHECK(ring.size() == ring.capacity() - i);
      CHECK(ring.pop() == 1000 + i);
    }
    CHECK(ring.size() == 0);
    CHECK_FALSE(ring.pop().has_value());
  });
}

TEST_CASE("one place that becomes free can be filled at once") {
  for_every_ring([](IndexRing<>& ring) {
    for (uint32_t i = 0; i < ring.capacity(); ++i) CHECK(ring.push(i));
    for (uint32_t i = 0; i < 5 * ring.capacity(); ++i) {
      CHECK(ring.pop() == i);
      CHECK(ring.push(i + ring.capacity()));
      CHECK_FALSE(ring.push(99));
    }
  });
}

TEST_CASE("one item in an empty ring can be taken at once") {
  for_every_ring([](IndexRing<>& ring) {
    for (uint32_t i = 0; i < 5 * ring.capacity(); ++i) {
      CHECK_FALSE(ring.pop().has_value());
      CHECK(ring.push(i));
      CHECK(ring.pop() == i);
    }
  });
}

TEST_CASE("any index can be carried") {
  IndexRing<> ring(3);
  for (const uint32_t index : {0u, 1u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu}) {
    CHECK(ring.push(index));
    CHECK(ring.pop() == index);
  }
}

TEST_CASE("indices that are released in any order all come back and none twice") {
  for_every_ring([](IndexRing<>& ring) {
    std::mt19937 random(ring.capacity());
    std::vector<uint32_t> indices(ring.capacity());
    std::iota(indices.begin(), indices.end(), 0);
    for (int round = 0; round < 20; ++round) {
      std::shuffle(indices.begin(), indices.end(), random);
      for (const uint32_t index : indices) CHECK(ring.push(index));
      for (const uint32_t index : indices) CHECK(ring.pop() == index);
    }
    CHECK_FALSE(ring.pop().has_value());
  });
}

TEST_CASE("what is taken back is the oldest and is never popped") {
  IndexRing ring(3, std::numeric_limits<uint32_t>::max() - 1);
  CHECK(ring.take_back() == std::nullopt);
  for (uint32_t i = 0; i < 3; ++i) CHECK(ring.push(i));
  CHECK(ring.take_back() == 0);
  CHECK(ring.pop() == 1);
  CHECK(ring.push(3));
  CHECK(ring.push(4));
  CHECK_FALSE(ring.push(5));
  CHECK(ring.take_back() == 2);
  CHECK(ring.take_back() == 3);
  CHECK(ring.size() == 1);
  CHECK(ring.pop() == 4);
  CHECK(ring.pop() == std::nullopt);
  CHECK(ring.take_back() == std::nullopt);
}

TEST_CASE("a ring is empty for its popper when more was taken back than it has seen pushed") {
  IndexRing ring(2);
  CHECK(ring.push(0));
  CHECK(ring.pop() == 0);  // the popper has seen one item pushed
  for (uint32_t i = 1; i < 6; ++i) {
    CHECK(ring.push(i));
    CHECK(ring.take_back() == i);
    CHECK(ring.pop() == std::nullopt);
  }
  CHECK(ring.push(6));
  CHECK(ring.pop() == 6);
}

TEST_CASE("the two threads' counters do not share a cache line") {
  CHECK(alignof(IndexRing<>) == slipring::kCacheLine);
  CHECK(sizeof(IndexRing<>) == 3 * slipring::kCacheLine);
}
