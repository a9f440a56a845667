// What other threads may see of the index ring, on the weakest machine that the C++ memory model allows.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <limits>

#include "core/ring/index_ring.h"
#include "stale_atomic.h"

using slipring::IndexRing;
using slipring::test::Model;
using slipring::test::StaleAtomic;

namespace {

constexpr std::size_t kPusher = 0;
constexpr std::size_t kPopper = 1;
constexpr std::size_t kOnlooker = 2;

constexpr uint32_t kSeeds = 4000;
constexpr std::array<uint32_t, 5> kCapacities = {1, 2, 3, 7, 64};

// A ring with, on each side, one more variable that nothing but the ring orders.
struct World {
  World(uint32_t seed, uint32_t capacity)
      : model(seed), ring(capacity, std::numeric_limits<uint32_t>::max() - seed % 9), slot(0), returned(0) {}

  // The slot's content is written before the index is handed over.
  bool push() {
    model.play(kPusher);
    slot.store(pushes + 1, std::memory_order_relaxed);
    if (!ring.push(pushes)) return false;
    ++pushes;
    return true;
  }

  // A place is done with before the index is taken out of it.
  bool pop() {
    model.play(kPopper);
    returned.store(pops + 1, std::memory_order_relaxed);
    const auto index = ring.pop();
    if (!index) return false;
    CHECK(*index == pops);
    ++pops;
    return true;
  }

  Model model;
  IndexRing<StaleAtomic> ring;
  StaleAtomic<uint32_t> slot;      // number of pushes begun
  StaleAtomic<uint32_t> returned;  // number of pops begun
  uint32_t pushes = 0;
  uint32_t pops = 0;
};

template <class Step>
void for_every_seed(Step step) {
  for (const uint32_t capacity : kCapacities) {
    for (uint32_t seed = 0; seed < kSeeds; ++seed) {
      CAPTURE(capacity);
      CAPTURE(seed);
      World world(seed, capacity);
      for (int i = 0; i < 40; ++i) step(world);
    }
  }
}

}  // namespace

TEST_CASE("whoever pops an index sees what was written to its slot before the push") {
  for_every_seed([](World& world) {
    if (world.model.random_below(2) == 0) {
      world.push();
    } else if (world.pop()) {
      CHECK(world.slot.load(std::memory_order_relaxed) >= world.pops);
    }
  });
}

TEST_CASE("whoever pushes into a used place sees what its last user did before the pop") {
  for_every_seed([](World& world) {
    const uint32_t capacity = world.ring.capacity();
    if (world.model.random_below(3) == 0) {
      world.pop();
    } else if (world.push() && world.pushes > capacity) {
      CHECK(world.returned.load(std::memory_order_relaxed) >= world.pushes - capacity);
    }
  });
}

TEST_CASE("a ring never holds more than its capacity and never gives what it does not hold") {
  for_every_seed([](World& world) {
    world.model.random_below(2) == 0 ? world.push() : world.pop();
    CHECK(world.pushes - world.pops <= world.ring.capacity());
  });
}

TEST_CASE("the size that an onlooker sees is never more than was pushed nor than the capacity") {
  for_every_seed([](World& world) {
    world.model.random_below(2) == 0 ? world.push() : world.pop();
    if (world.model.random_below(3) != 0) return;
    world.model.play(kOnlooker);
    const uint32_t size = world.ring.size();
    CHECK(size <= world.ring.capacity());
    CHECK(size <= world.pushes);
  });
}

TEST_CASE("the pusher never sees fewer items and the popper never more than there are") {
  for_every_seed([](World& world) {
    world.model.random_below(2) == 0 ? world.push() : world.pop();
    const uint32_t size = world.pushes - world.pops;
    world.model.play(kPusher);
    CHECK(world.ring.size() >= size);
    world.model.play(kPopper);
    CHECK(world.ring.size() <= size);
  });
}

TEST_CASE("an onlooker that counts an item sees what was written to its slot before the push") {
  for_every_seed([](World& world) {
    world.push();
    world.model.play(kOnlooker);
    const uint32_t size = world.ring.size();
    CHECK(world.slot.load(std::memory_order_relaxed) >= size);
  });
}
