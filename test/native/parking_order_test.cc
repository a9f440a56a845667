// What one thread wrote before it came to the parking place is seen by the one that comes second. The variables are
// not atomic and nothing else orders the threads: a missing release or acquire is what ThreadSanitizer reports.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <vector>

#include "core/ring/parking.h"
#include "support.h"

using slipring::Parking;
using slipring::test::Hint;
using slipring::test::spin;
using slipring::test::Tally;
using slipring::test::TestThread;
using slipring::test::Watched;

TEST_CASE("a waiter that announces itself after a wake-up sees what the waker wrote") {
  Parking parking;
  Watched written = 0;
  Hint woken;
  TestThread waker([&] {
    written = 1;
    parking.wake_all();
    woken.give();
  });
  int looks = 0;
  Watched seen = 0;
  parking.wait([&] {
    if (++looks == 1) {
      woken.await();
      return false;
    }
    seen = written;
    return true;
  });
  CHECK(seen == 1);
}

TEST_CASE("a waker that comes after an announcement sees what the waiter wrote") {
  Parking parking;
  Watched written = 0;
  Hint announced;
  Hint woken;
  TestThread waiter([&] {
    written = 1;
    int looks = 0;
    // It never sleeps: the lock would order the threads as well.
    parking.wait([&] {
      if (++looks == 1) return false;
      announced.give();
      woken.await();
      return true;
    });
  });
  announced.await();
  parking.wake_all();
  CHECK(written == 1);
  woken.give();
}

TEST_CASE("a waiter that was woken sees what the waker wrote at its next look") {
  constexpr uint64_t kRounds = 1500;
  constexpr uint64_t kWaiters = 3;
  Parking parking;
  Watched written = 0;
  Tally announced;
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> wrong{0};
  std::vector<std::unique_ptr<TestThread>> waiters;
  for (uint64_t i = 0; i < kWaiters; ++i) {
    waiters.push_back(std::make_unique<TestThread>([&, i] {
      for (uint64_t round = 1; round <= kRounds; ++round) {
        int looks = 0;
        parking.wait([&] {
          if (++looks == 2) {
            announced.add();
            spin((round * (i + 3)) % 200);  // so that some meet the wake-up before they sleep
          }
          if (looks <= 2) return false;
          // Only a wake-up leads here, and it came after the write.
          if (written != round) wrong.fetch_add(1, std::memory_order_relaxed);
          return true;
        });
        // The next round's write comes after these reads, and nobody is woken twice in one round.
        done.fetch_add(1, std::memory_order_release);
        while (done.load(std::memory_order_relaxed) < round * kWaiters) std::this_thread::yield();
      }
    }));
  }
  for (uint64_t round = 1; round <= kRounds; ++round) {
    announced.await(round * kWaiters);
    while (done.load(std::memory_order_acquire) < (round - 1) * kWaiters) std::this_thread::yield();
    written = round;
    parking.wake_all();
  }
  waiters.clear();
  CHECK(wrong == 0);
}
