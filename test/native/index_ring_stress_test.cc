// Two threads on one index ring, as fast as they can.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/ring/index_ring.h"
#include "support.h"

using slipring::IndexRing;
using slipring::test::Hint;
using slipring::test::kSanitized;
using slipring::test::TestThread;

namespace {

constexpr std::array<uint32_t, 5> kCapacities = {1, 2, 3, 7, 64};
constexpr uint64_t kManyItems = uint64_t{1} << (kSanitized ? 20 : 24);

uint32_t item_number(uint64_t n) { return static_cast<uint32_t>(n) * 0x9E3779B1u + 1; }

struct Result {
  uint64_t misplaced = 0;
  uint64_t checksum = 0;
};

// Spins for a short while and then lets another thread have the processor: it may be the only one.
class Patience {
 public:
  void wait() noexcept {
    if (++tries_ % 1024 == 0) std::this_thread::yield();
  }

 private:
  uint32_t tries_ = 0;
};

// Besides the indices there is a cell for each item, without atomics: ThreadSanitizer then checks what the ring
// promises about the slots. Two more cells than places, because a cell is read after the pop that frees its place.
Result carry(IndexRing<>& ring, uint64_t items) {
  std::vector<uint64_t> cells(ring.capacity() + 2);
  TestThread pusher([&] {
    Patience patience;
    for (uint64_t n = 0; n < items; ++n) {
      cells[n % cells.size()] = n;
      while (!ring.push(item_number(n))) patience.wait();
    }
  });
  Result result;
  Patience patience;
  for (uint64_t n = 0; n < items; ++n) {
    std::optional<uint32_t> item = ring.pop();
    for (; !item; item = ring.pop()) patience.wait();
    if (*item != item_number(n) || cells[n % cells.size()] != n) ++result.misplaced;
    result.checksum = result.checksum * 31 + *item;
  }
  return result;
}

uint64_t expected_checksum(uint64_t items) {
  uint64_t checksum = 0;
  for (uint64_t n = 0; n < items; ++n) checksum = checksum * 31 + item_number(n);
  return checksum;
}

}  // namespace

TEST_CASE("many items cross two threads complete and in order whatever the ring's size") {
  const uint64_t expected = expected_checksum(kManyItems);
  for (const uint32_t capacity : kCapacities) {
    CAPTURE(capacity);
    IndexRing<> ring(capacity);
    const Result result = carry(ring, kManyItems);
    CHECK(result.misplaced == 0);
    CHECK(result.checksum == expected);
    CHECK(ring.size() == 0);
  }
}

TEST_CASE("nothing happens to the items when the counters wrap under way") {
  constexpr uint64_t kItems = 4096;
  const uint64_t expected = expected_checksum(kItems);
  for (const uint32_t capacity : kCapacities) {
    for (const uint32_t before_wrap : {1u, 2u, capacity, 1000u}) {
      CAPTURE(capacity);
      CAPTURE(before_wrap);
      IndexRing<> ring(capacity, std::numeric_limits<uint32_t>::max() - before_wrap + 1);
      const Result result = carry(ring, kItems);
      CHECK(result.misplaced == 0);
      CHECK(result.checksum == expected);
    }
  }
}

TEST_CASE("every item is either popped or taken back and none is both") {
  for (const uint32_t capacity : kCapacities) {
    CAPTURE(capacity);
    IndexRing ring(capacity);
    const uint32_t items = kManyItems / 16;
    std::vector<uint8_t> popped(items);
    std::vector<uint8_t> taken_back(items);
    Hint done;
    TestThread pusher([&] {
      for (uint32_t n = 0; n < items; ++n) {
        while (!ring.push(n)) {
          // The popper may have been quicker.
          if (const std::optional<uint32_t> oldest = ring.take_back()) ++taken_back[*oldest];
        }
      }
      done.give();
    });
    Patience patience;
    uint64_t out_of_order = 0;
    int64_t last = -1;
    const auto note = [&](uint32_t item) {
      if (item <= last) ++out_of_order;
      last = item;
      ++popped[item];
    };
    while (!done.given()) {
      if (const std::optional<uint32_t> item = ring.pop())
        note(*item);
      else
        patience.wait();
    }
    pusher.join();
    while (const std::optional<uint32_t> item = ring.pop()) note(*item);
    uint64_t wrong = 0;
    for (uint32_t n = 0; n < items; ++n) wrong += popped[n] + taken_back[n] != 1;
    CHECK(wrong == 0);
    CHECK(out_of_order == 0);
  }
}
