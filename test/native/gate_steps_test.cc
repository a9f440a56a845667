// A gate that is closed at every step of a call. Both are one thread's, so it can only close before a call got in.
#include <doctest/doctest.h>

#include "stepped_atomic.h"

#define atomic stepped_atomic
#include "core/ring/gate.h"
#undef atomic

using slipring::Gate;
using slipring::test::Interruption;
using slipring::test::kSteps;

TEST_CASE("nobody gets in when the gate was closed at any step of the entrance") {
  for (uint64_t step = 0; step < kSteps; step += 2) {  // before each access
    CAPTURE(step);
    Gate gate;
    bool closed = false;
    const Interruption interruption(step, [&] {
      gate.close();
      closed = true;
    });
    const bool entered = gate.enter();
    CHECK(entered != closed);
  }
}

TEST_CASE("a call that got in keeps the gate from closing whenever it was shut on the way out") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    Gate gate;
    REQUIRE(gate.enter());
    {
      const Interruption interruption(step, [&] { gate.shut(); });
      gate.leave();
    }
    gate.close();
    CHECK_FALSE(gate.enter());
  }
}
