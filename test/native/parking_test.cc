// Nobody sleeps through a change. `ready` is called at known points of wait(), so a test can let something happen at
// exactly these points: the first look, the second one after the announcement, the third one after a sleep.
#include "core/ring/parking.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "support.h"

using slipring::Parking;
using slipring::test::Hint;
using slipring::test::spin;
using slipring::test::Tally;
using slipring::test::TestThread;

TEST_CASE("wait returns at once when there is nothing to wait for") {
  Parking parking;
  int looks = 0;
  parking.wait([&] {
    ++looks;
    return true;
  });
  CHECK(looks == 1);
}

TEST_CASE("waking nobody does nothing") {
  Parking parking;
  for (int i = 0; i < 3; ++i) parking.wake_all();
  parking.wait([] { return true; });
}

TEST_CASE("a change between the first look and the announcement is seen") {
  Parking parking;
  bool changed = false;
  int looks = 0;
  parking.wait([&] {
    const bool seen = changed;
    if (++looks == 1) {
      changed = true;
      parking.wake_all();
    }
    return seen;
  });
  CHECK(looks == 2);
}

TEST_CASE("a change between the second look and the sleep is not slept through") {
  Parking parking;
  bool changed = false;
  int looks = 0;
  parking.wait([&] {
    const bool seen = changed;
    if (++looks == 2) {
      changed = true;
      parking.wake_all();
    }
    return seen;
  });
  CHECK(looks == 3);
}

TEST_CASE("a change is not hidden by another waiter that announces itself right after it") {
  Parking parking;
  std::atomic<bool> other_may_go{false};
  Hint announced;
  std::unique_ptr<TestThread> other;
  bool changed = false;
  int looks = 0;
  parking.wait([&] {
    const bool seen = changed;
    if (++looks == 2) {
      changed = true;
      parking.wake_all();
      other = std::make_unique<TestThread>([&] {
        int other_looks = 0;
        parking.wait([&] {
          if (++other_looks == 2) announced.give();
          return other_may_go.load();
        });
      });
      announced.await();
    }
    return seen;
  });
  CHECK(looks == 3);
  other_may_go = true;
  parking.wake_all();
}

TEST_CASE("a waiter that is woken for nothing waits on") {
  Parking parking;
  std::atomic<bool> changed{false};
  std::atomic<bool> returned_too_early{false};
  Tally looks;
  TestThread waiter([&] {
    parking.wait([&] {
      looks.add();
      return changed.load();
    });
    returned_too_early = !changed;
  });
  for (uint64_t round = 1; round <= 3; ++round) {
    REQUIRE(waiter.falls_asleep());
    const uint64_t before = looks.get();
    parking.wake_all();
    looks.await(before + 2);  // it looked, announced itself and looked again
  }
  REQUIRE(waiter.falls_asleep());
  changed = true;
  parking.wake_all();
  waiter.join();
  CHECK_FALSE(returned_too_early);
}

TEST_CASE("one wake-up ends the sleep of every waiter") {
  Parking parking;
  std::atomic<bool> changed{false};
  Tally returned;
  std::vector<std::unique_ptr<TestThread>> waiters;
  for (int i = 0; i < 5; ++i) {
    waiters.push_back(std::make_unique<TestThread>([&] {
      parking.wait([&] { return changed.load(); });
      returned.add();
    }));
  }
  for (const auto& waiter : waiters) REQUIRE(waiter->falls_asleep());
  changed = true;
  parking.wake_all();
  waiters.clear();
  CHECK(returned.get() == 5);
}

TEST_CASE("a waiter can wait again and again") {
  Parking there;
  Parking back;
  std::atomic<uint64_t> round{0};
  std::atomic<uint64_t> answered{0};
  constexpr uint64_t kRounds = 2000;
  TestThread other([&] {
    for (uint64_t i = 1; i <= kRounds; ++i) {
      there.wait([&] { return round.load() >= i; });
      answered = i;
      back.wake_all();
    }
  });
  for (uint64_t i = 1; i <= kRounds; ++i) {
    round = i;
    there.wake_all();
    back.wait([&] { return answered.load() >= i; });
  }
  CHECK(answered == kRounds);
}

TEST_CASE("a waiter looks twice and then sleeps") {
  Parking parking;
  std::atomic<bool> changed{false};
  Tally looks;
  TestThread waiter([&] {
    parking.wait([&] {
      looks.add();
      return changed.load();
    });
  });
  looks.await(2);
  REQUIRE(waiter.falls_asleep());
  CHECK(looks.get() == 2);
  changed = true;
  parking.wake_all();
}

// The waiter is anywhere between its second look and its sleep when the wake-up comes: each round's delays differ.
TEST_CASE("a wake-up that meets a waiter on its way to sleep is not lost") {
  constexpr uint64_t kRounds = 40000;
  Parking parking;
  std::atomic<uint64_t> round{0};
  Tally announced;
  Tally returned;
  TestThread waiter([&] {
    for (uint64_t i = 1; i <= kRounds; ++i) {
      int looks = 0;
      parking.wait([&] {
        const bool seen = round.load(std::memory_order_relaxed) >= i;
        if (++looks == 2) {
          announced.add();
          spin(i % 400);
        }
        return seen;
      });
      returned.add();
    }
  });
  for (uint64_t i = 1; i <= kRounds; ++i) {
    while (announced.get() < i) spin(1);
    round.store(i, std::memory_order_relaxed);
    spin(i / 400 % 8);
    parking.wake_all();
    returned.await(i);
  }
  CHECK(returned.get() == kRounds);
}
