#include "core/ring/counters.h"

#include <doctest/doctest.h>

#include <cstdint>

#include "core/clock.h"
#include "support.h"

using slipring::Counter;
using slipring::Counters;
using slipring::test::kThreadSanitizer;
using slipring::test::TestThread;

TEST_CASE("a counter starts at zero and sums what is added") {
  Counter counter;
  CHECK(counter.get() == 0);
  counter.add(3);
  counter.add(4);
  CHECK(counter.get() == 7);
  counter.add(uint64_t{1} << 40);
  CHECK(counter.get() == (uint64_t{1} << 40) + 7);
}

TEST_CASE("setting a counter forgets what was added") {
  Counter counter;
  counter.add(3);
  counter.set(5);
  CHECK(counter.get() == 5);
  counter.set(0);
  CHECK(counter.get() == 0);
}

TEST_CASE("every counter starts at zero and stands for itself") {
  Counters counters;
  counters.bytes_produced.add(1);
  counters.producer_wait_ns.add(2);
  CHECK(counters.bytes_produced.get() == 1);
  CHECK(counters.chunks_produced.get() == 0);
  CHECK(counters.producer_waits.get() == 0);
  CHECK(counters.producer_wait_ns.get() == 2);
  CHECK(counters.waiting_since_ns.get() == 0);
  CHECK(counters.wakeups.get() == 0);
}

// 64 bits at once on every machine, and never backwards.
TEST_CASE("a reader on another thread sees a counter only grow") {
  constexpr uint64_t kLast = kThreadSanitizer ? 20000 : 1000000;
  Counter counter;
  TestThread writer([&] {
    for (uint64_t i = 0; i < kLast; ++i) counter.add(0x100000001u);
  });
  uint64_t backwards = 0;
  uint64_t torn = 0;
  uint64_t previous = 0;
  while (previous < kLast * 0x100000001u) {
    const uint64_t value = counter.get();
    backwards += value < previous;
    torn += (value >> 32) != (value & 0xFFFFFFFFu);
    previous = value;
  }
  CHECK(backwards == 0);
  CHECK(torn == 0);
}

TEST_CASE("the clock counts nanoseconds and never goes back") {
  const uint64_t before = slipring::monotonic_ns();
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const uint64_t system = static_cast<uint64_t>(now.tv_sec) * 1000000000u + static_cast<uint64_t>(now.tv_nsec);
  const uint64_t after = slipring::monotonic_ns();
  CHECK(before <= system);
  CHECK(system <= after);
}
