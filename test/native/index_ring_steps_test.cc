// The ring is popped at every step of take_back(), and the other way round: each index is had once.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/ring/index_ring.h"
#include "stepped_atomic.h"

using slipring::IndexRing;
using slipring::test::Interruption;
using slipring::test::kSteps;
using slipring::test::SteppedAtomic;

namespace {

// What is had of `count` indices when `inner` comes between at `step` of `outer`, and then everything is popped.
template <class Outer, class Inner>
std::vector<uint32_t> had(uint64_t step, uint32_t count, Outer outer, Inner inner) {
  IndexRing<SteppedAtomic> ring(4);
  for (uint32_t index = 0; index < count; ++index) REQUIRE(ring.push(index));
  std::vector<uint32_t> all;
  const auto add = [&](std::optional<uint32_t> index) {
    if (index) all.push_back(*index);
  };
  {
    const Interruption interruption(step, [&] { add(inner(ring)); });
    add(outer(ring));
  }
  for (auto index = ring.pop(); index; index = ring.pop()) all.push_back(*index);
  std::sort(all.begin(), all.end());
  return all;
}

const auto kPop = [](IndexRing<SteppedAtomic>& ring) { return ring.pop(); };
const auto kTakeBack = [](IndexRing<SteppedAtomic>& ring) { return ring.take_back(); };

}  // namespace

TEST_CASE("what is popped at any step of taking back is not taken back") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    CHECK(had(step, 1, kTakeBack, kPop) == std::vector<uint32_t>{0});
    CHECK(had(step, 3, kTakeBack, kPop) == std::vector<uint32_t>{0, 1, 2});
  }
}

TEST_CASE("what is taken back at any step of a pop is not popped") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    CHECK(had(step, 1, kPop, kTakeBack) == std::vector<uint32_t>{0});
    CHECK(had(step, 3, kPop, kTakeBack) == std::vector<uint32_t>{0, 1, 2});
  }
}
