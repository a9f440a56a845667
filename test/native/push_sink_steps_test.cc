// What ends a wait of either side comes at every step of it. A wake-up that is lost ends the process.
#include <doctest/doctest.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <random>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "stepped_atomic.h"
#include "support.h"

#define atomic stepped_atomic
#include "push_rig.h"
#include "sources/plugin/table.cc"
#include "sources/push/gate.cc"
#include "sources/push/ring.cc"
#include "sources/push/sink.cc"
#undef atomic

using slipring::PushGate;
using slipring::test::Interruption;
using slipring::test::kLeastRing;
using slipring::test::SinkRig;
using slipring::test::sleep_at;
using slipring::test::TestThread;
using slipring::test::wake_at;

namespace {

constexpr std::size_t kLarge = kLeastRing / 2 - 64;  // two of them are all there is room for
constexpr uint64_t kSteps = 72;                      // a wait looks at everything three times
constexpr uint64_t kAcquireSteps = 40;

// Everything that is news to the host.
using News = void (*)(SinkRig&);
constexpr News kNews[] = {
    [](SinkRig& rig) { rig.push("a"); },      [](SinkRig& rig) { rig.finish(); },
    [](SinkRig& rig) { rig.sink.cancel(); },  [](SinkRig& rig) { rig.commit(1); },  // out of order
    [](SinkRig& rig) { rig.try_acquire(0); },                         // refused
};

void wait_and_read(SinkRig& rig) {
  do {
    rig.sink.wait();
    rig.read();
  } while (rig.result == SLIPRING_NOTHING);
}

// So much has come since the last wait that the next one dozes first.
void make_busy(SinkRig& rig) {
  {
    const Interruption interruption(20, [&] { static_cast<PushGate*>(rig.source.host)->producer().wake(); });
    rig.sink.wait();
  }
  for (int n = 0; n < 500; ++n) {
    rig.push("x");
    if (n % 10 == 9) rig.read();
  }
}

}  // namespace

TEST_CASE("all that is news ends the host's wait at any step of it, also when it dozes") {
  for (const bool busy : {false, true}) {
    for (std::size_t n = 0; n < std::size(kNews); ++n) {
      for (uint64_t step = 0; step < kSteps; ++step) {
        CAPTURE(busy);
        CAPTURE(n);
        CAPTURE(step);
        SinkRig rig(10);
        if (busy) make_busy(rig);
        wake_at(step, [&] { wait_and_read(rig); }, [&] { kNews[n](rig); });
        CHECK(rig.result != SLIPRING_NOTHING);
      }
    }
  }
}

TEST_CASE("a wait that begins at any step of what is news ends with it") {
  for (std::size_t n = 0; n < std::size(kNews); ++n) {
    for (uint64_t step = 0; step < kSteps; ++step) {
      CAPTURE(n);
      CAPTURE(step);
      SinkRig rig(10);
      sleep_at(step, [&] { kNews[n](rig); }, [&] { wait_and_read(rig); });
      CHECK(rig.result != SLIPRING_NOTHING);
    }
  }
}

TEST_CASE("what is committed before the end arrives before it, whatever step of a read both come at") {
  for (const bool was_empty : {true, false}) {
    for (uint64_t step = 0; step < kSteps; ++step) {
      CAPTURE(step);
      SinkRig rig(10);
      if (!was_empty) rig.push("a");
      std::string all;
      bool ended = false;
      const auto end = [&] {
        ended = true;
        rig.push("b");
        rig.push("c");
        rig.finish();
      };
      {
        const Interruption interruption(step, end);
        all += rig.read();
      }
      if (!ended) end();
      while (rig.result > 0 || rig.result == SLIPRING_NOTHING) all += rig.read();
      CHECK(rig.result == SLIPRING_END);
      CHECK(all == (was_empty ? "bc" : "abc"));
    }
  }
}

TEST_CASE("a cancel at any step of an acquire that waits ends it") {
  for (uint64_t step = 0; step < kAcquireSteps; ++step) {
    CAPTURE(step);
    SinkRig rig(kLarge);
    REQUIRE(rig.fill_up() == 2);
    void* room = &rig;
    wake_at(step, [&] { room = rig.source.acquire(&rig.source, kLarge); }, [&] { rig.sink.cancel(); });
    CHECK(room == nullptr);
  }
}

TEST_CASE("an acquire that begins to wait at any step of a cancel ends with it") {
  for (uint64_t step = 0; step < kAcquireSteps; ++step) {
    CAPTURE(step);
    SinkRig rig(kLarge);
    REQUIRE(rig.fill_up() == 2);
    void* room = &rig;
    sleep_at(step, [&] { rig.sink.cancel(); }, [&] { room = rig.source.acquire(&rig.source, kLarge); });
    CHECK(room == nullptr);
  }
}

TEST_CASE("an acquire that waits has seen the cancel by the time that it is woken, at whatever step that is") {
  for (uint64_t step = 0; step < kAcquireSteps; ++step) {
    CAPTURE(step);
    SinkRig rig(kLarge);
    REQUIRE(rig.fill_up() == 2);
    void* room = &rig;
    TestThread waiting([&] { room = rig.source.acquire(&rig.source, kLarge); });
    REQUIRE(waiting.falls_asleep());
    {
      // Time enough for it to look at everything, and to go on waiting.
      const Interruption interruption(step, [&] { static_cast<void>(waiting.falls_asleep()); });
      rig.sink.cancel();
    }
    waiting.join_awake();
    CHECK(room == nullptr);
  }
}

TEST_CASE("room at any step of an acquire that waits ends it") {
  for (uint64_t step = 0; step < kAcquireSteps; ++step) {
    CAPTURE(step);
    SinkRig rig(kLarge);
    REQUIRE(rig.fill_up() == 2);
    void* room = nullptr;
    wake_at(
        step, [&] { room = rig.source.acquire(&rig.source, kLarge); },
        [&] {
          for (int n = 0; n < 2; ++n) CHECK(rig.read().size() == kLarge);
        });
    REQUIRE(room != nullptr);
    CHECK(rig.commit(kLarge) == 0);
  }
}

TEST_CASE("an acquire that begins to wait at any step of a read ends when there is room") {
  for (uint64_t step = 0; step < kAcquireSteps; ++step) {
    CAPTURE(step);
    SinkRig rig(kLarge);
    REQUIRE(rig.fill_up() == 2);
    void* room = nullptr;
    sleep_at(
        step,
        [&] {
          for (int n = 0; n < 2; ++n) CHECK(rig.read().size() == kLarge);
        },
        [&] { room = rig.source.acquire(&rig.source, kLarge); });
    REQUIRE(room != nullptr);
    CHECK(rig.commit(kLarge) == 0);
  }
}

TEST_CASE("a cancel at any step of a commit or an acquire leaves nothing inside") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    SinkRig rig(10);
    {
      const Interruption interruption(step, [&] { rig.sink.cancel(); });
      if (void* const room = rig.try_acquire(3)) {
        std::memcpy(room, "abc", 3);
        rig.commit(3);
      }
    }
    rig.sink.cancel();
    CHECK(rig.try_acquire() == nullptr);
    CHECK(rig.commit(1) == -1);
    rig.read();
    CHECK(rig.result == SLIPRING_FAILED);
    CHECK(rig.error.number == ECANCELED);
  }
}
