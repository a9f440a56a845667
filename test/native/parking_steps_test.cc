// A wait and a wake-up that come between each other at every access. A wake-up that is lost hangs the test.
#include <doctest/doctest.h>

#include "stepped_atomic.h"
#include "support.h"

#define atomic stepped_atomic
#include "core/ring/parking.h"
#undef atomic

using slipring::Parking;
using slipring::test::interleave;
using slipring::test::kSteps;
using slipring::test::TestThread;
using slipring::test::Watched;

TEST_CASE("a wake-up at any step of a wait ends it") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    Parking parking;
    std::atomic<bool> changed{false};
    interleave(
        step, [&] { parking.wait([&] { return changed.load(std::memory_order_relaxed); }); },
        [&] {
          changed.store(true, std::memory_order_relaxed);
          parking.wake_all();
        });
    CHECK(changed);
  }
}

TEST_CASE("a wait that begins at any step of a wake-up ends with it") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    Parking parking;
    std::atomic<bool> changed{false};
    interleave(
        step,
        [&] {
          changed.store(true, std::memory_order_relaxed);
          parking.wake_all();
        },
        [&] { parking.wait([&] { return changed.load(std::memory_order_relaxed); }); });
    CHECK(changed);
  }
}

TEST_CASE("a second waiter at any step of the first one's wait keeps neither from waking") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    Parking parking;
    std::atomic<bool> changed{false};
    const auto wait = [&] { parking.wait([&] { return changed.load(std::memory_order_relaxed); }); };
    TestThread waker([&] {
      // Both wait, or the second will see the change.
      changed.store(true, std::memory_order_relaxed);
      parking.wake_all();
    });
    interleave(step, wait, wait);
    CHECK(changed);
  }
}

// What the waker writes is not atomic, and the waiter looks at it only when it was woken or announced itself
// afterwards. ThreadSanitizer reports where nothing orders the two.
TEST_CASE("what was written before a wake-up at any step of a wait is seen by the next look") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    Parking parking;
    Watched written = 0;
    Watched seen = 0;
    int looks = 0;
    // The announcement is the first access, and the second look comes after it.
    const int first_safe_look = step == 0 ? 2 : 3;
    interleave(
        step,
        [&] {
          parking.wait([&] {
            if (++looks < first_safe_look) return false;
            seen = written;
            return true;
          });
        },
        [&] {
          written = 1;
          parking.wake_all();
        });
    CHECK(seen == 1);
  }
}
