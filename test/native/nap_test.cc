// A sleep and a wake that come between each other at every access. No permit may be left over by either: the next sleep
// would not sleep.
#include <doctest/doctest.h>

#include <chrono>
#include <semaphore>

#include "stepped_atomic.h"
#include "support.h"

#define atomic stepped_atomic
#include "sources/push/nap.h"
#undef atomic

using namespace std::chrono_literals;
using slipring::Nap;
using slipring::test::Interruption;
using slipring::test::kSteps;
using slipring::test::sleep_at;
using slipring::test::TestThread;
using slipring::test::wake_at;

namespace {

constexpr bool kUrgent = true;

// What the sleeper waits for.
class News {
 public:
  void publish() { there_.store(true, std::memory_order_seq_cst); }
  [[nodiscard]] bool there() const { return there_.load(std::memory_order_seq_cst); }

 private:
  std::stepped_atomic<bool> there_{false};
};

constexpr auto kNever = [] { return false; };

// Whether nothing ends a doze but time: so it is when the sleep before it has left nothing behind.
bool sleeps_on(Nap& nap) {
  const auto begun = std::chrono::steady_clock::now();
  nap.doze(1ms, kNever);
  return std::chrono::steady_clock::now() - begun >= 1ms;
}

}  // namespace

TEST_CASE("a wake at any step of a sleep ends it, and the next sleep sleeps") {
  for (const bool urgent : {kUrgent, !kUrgent}) {
    for (uint64_t step = 0; step < kSteps; ++step) {
      CAPTURE(urgent);
      CAPTURE(step);
      Nap nap;
      News news;
      wake_at(
          step, [&] { nap.sleep([&] { return news.there(); }); },
          [&] {
            news.publish();
            nap.wake(urgent);
          });
      CHECK(news.there());
      CHECK(sleeps_on(nap));
    }
  }
}

TEST_CASE("a sleep that begins at any step of a wake ends with it, and the next sleep sleeps") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    Nap nap;
    News news;
    sleep_at(
        step,
        [&] {
          news.publish();
          nap.wake();
        },
        [&] { nap.sleep([&] { return news.there(); }); });
    CHECK(sleeps_on(nap));
  }
}

TEST_CASE("an urgent wake at any step of a doze ends it, and the next sleep sleeps") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    Nap nap;
    News news;
    wake_at(
        step, [&] { nap.doze(10min, [&] { return news.there(); }); },
        [&] {
          news.publish();
          nap.wake(kUrgent);
        });
    CHECK(sleeps_on(nap));
  }
}

TEST_CASE("an urgent wake at any step of the end of a doze leaves nothing behind") {
  for (uint64_t step = 0; step < 8; ++step) {
    CAPTURE(step);
    Nap nap;
    {
      const Interruption interruption(step, [&] { nap.wake(kUrgent); });
      nap.doze(0us, kNever);
    }
    CHECK(sleeps_on(nap));
  }
}

TEST_CASE("a second wake at any step of the first one is no second permit") {
  for (uint64_t step = 0; step < 8; ++step) {
    CAPTURE(step);
    Nap nap;
    nap.sleep([&] {
      const Interruption interruption(step, [&] { nap.wake(); });
      nap.wake();
      nap.wake();
      return true;
    });
    CHECK(sleeps_on(nap));
  }
}

TEST_CASE("what is not urgent does not end a doze at any of its steps") {
  for (uint64_t step = 0; step < 8; ++step) {
    CAPTURE(step);
    Nap nap;
    const auto begun = std::chrono::steady_clock::now();
    {
      const Interruption interruption(step, [&] { nap.wake(!kUrgent); });
      nap.doze(1ms, kNever);
    }
    CHECK(std::chrono::steady_clock::now() - begun >= 1ms);
    CHECK(sleeps_on(nap));
  }
}

TEST_CASE("what is not urgent does not end a doze that has begun") {
  Nap nap;
  TestThread sleeper([&] { nap.doze(10min, kNever); });
  REQUIRE(sleeper.falls_asleep());
  nap.wake(!kUrgent);
  CHECK(sleeper.falls_asleep());
  nap.wake(kUrgent);
  sleeper.join_awake();
}

TEST_CASE("a sleep for what is there already does not sleep") {
  Nap nap;
  const auto always = [] { return true; };
  nap.sleep(always);
  nap.doze(10min, always);
  CHECK(sleeps_on(nap));
}

TEST_CASE("two threads that wake at the same time end one sleep, and leave nothing behind") {
  for (uint64_t step = 0; step < 8; ++step) {
    CAPTURE(step);
    Nap nap;
    News news;
    TestThread sleeper([&] { nap.sleep([&] { return news.there(); }); });
    static_cast<void>(sleeper.falls_asleep());
    news.publish();
    {
      const Interruption interruption(step, [&] { nap.wake(); });
      nap.wake();
    }
    sleeper.join_awake();
    CHECK(sleeps_on(nap));
  }
}

TEST_CASE("a thread that sleeps for every number sees each one that it was woken for") {
  constexpr uint64_t kNumbers = 20'000;
  Nap nap;
  Nap taken;
  uint64_t number = 0;  // not atomic: for ThreadSanitizer
  std::atomic<uint64_t> published{0};
  std::atomic<uint64_t> seen{0};
  uint64_t wrong = 0;
  TestThread sleeper([&] {
    for (uint64_t n = 1; n <= kNumbers; ++n) {
      while (published.load(std::memory_order_seq_cst) < n) {
        if (n % 3 == 0) nap.doze(100us, [&] { return published.load(std::memory_order_seq_cst) >= n; });
        nap.sleep([&] { return published.load(std::memory_order_seq_cst) >= n; });
      }
      if (number != n) ++wrong;
      seen.store(n, std::memory_order_seq_cst);
      taken.wake();
    }
  });
  for (uint64_t n = 1; n <= kNumbers; ++n) {
    number = n;
    published.store(n, std::memory_order_seq_cst);
    nap.wake(n % 2 == 0);
    while (seen.load(std::memory_order_seq_cst) < n) {
      taken.sleep([&] { return seen.load(std::memory_order_seq_cst) >= n; });
    }
  }
  sleeper.join_awake();
  CHECK(wrong == 0);
}
