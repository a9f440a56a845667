// After close() nobody is inside and nobody enters. The variables that are not atomic are for ThreadSanitizer: the gate
// is all that orders the threads.
#include "core/ring/gate.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <vector>

#include "support.h"

using slipring::Gate;
using slipring::test::Hint;
using slipring::test::Tally;
using slipring::test::TestThread;
using slipring::test::Watched;

TEST_CASE("an open gate lets any number of calls in at once") {
  Gate gate;
  for (int i = 0; i < 1000; ++i) REQUIRE(gate.enter());
  for (int i = 0; i < 1000; ++i) gate.leave();
  CHECK(gate.enter());
  gate.leave();
  gate.close();
}

TEST_CASE("a closed gate lets nobody in for good") {
  Gate gate;
  gate.close();
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(gate.enter());
}

TEST_CASE("a shut gate lets nobody in though it does not wait") {
  Gate gate;
  REQUIRE(gate.enter());
  gate.shut();  // from inside: waiting would never end
  CHECK_FALSE(gate.enter());
  gate.leave();
  CHECK_FALSE(gate.enter());
  gate.close();
}

TEST_CASE("shutting and closing again changes nothing") {
  Gate gate;
  gate.shut();
  gate.shut();
  REQUIRE_FALSE(gate.enter());
  gate.close();
  REQUIRE_FALSE(gate.enter());
  gate.close();
  REQUIRE_FALSE(gate.enter());
}

TEST_CASE("calls that were refused do not keep close waiting") {
  Gate gate;
  gate.shut();
  for (int i = 0; i < 5; ++i) CHECK_FALSE(gate.enter());
  gate.close();
}

TEST_CASE("close waits for every call that got in") {
  Gate gate;
  constexpr uint64_t kCalls = 3;
  Tally inside;
  Tally left;
  std::vector<std::unique_ptr<TestThread>> calls;
  for (uint64_t i = 0; i < kCalls; ++i) {
    calls.push_back(std::make_unique<TestThread>([&, i] {
      if (!gate.enter()) return;
      inside.add();
      while (gate.enter()) {
        gate.leave();
        std::this_thread::yield();
      }
      // Shut by now. A closer that did not wait would be past close() long before the last of these is through.
      for (uint64_t turn = 0; turn < 2000 * (i + 1); ++turn) std::this_thread::yield();
      left.add();
      gate.leave();
    }));
  }
  inside.await(kCalls);
  gate.close();
  CHECK(left.get() == kCalls);
}

TEST_CASE("the closer sees what was written by a call it waited for") {
  Gate gate;
  Watched written = 0;
  Hint inside;
  TestThread call([&] {
    if (!gate.enter()) return;
    inside.give();
    while (gate.enter()) {
      gate.leave();
      std::this_thread::yield();
    }
    written = 1;
    gate.leave();
  });
  inside.await();
  gate.close();
  CHECK(written == 1);
}

TEST_CASE("who shuts the gate sees what was written by a call that had left") {
  Gate gate;
  Watched written = 0;
  Hint left;
  TestThread call([&] {
    if (!gate.enter()) return;
    written = 1;
    gate.leave();
    left.give();
  });
  left.await();
  gate.shut();
  CHECK(written == 1);
}

TEST_CASE("a call that is refused sees what was written before the gate was shut") {
  Gate gate;
  Watched written = 0;
  TestThread closer([&] {
    written = 1;
    gate.shut();
  });
  while (gate.enter()) {
    gate.leave();
    std::this_thread::yield();
  }
  CHECK(written == 1);
}

TEST_CASE("what is closed away is never used again however the threads meet") {
  constexpr int kRounds = 300;
  for (int round = 0; round < kRounds; ++round) {
    Gate gate;
    auto guarded = std::make_unique<int>(round);
    std::atomic<uint64_t> wrong{0};
    Tally entered;
    {
      const auto call = [&] {
        while (gate.enter()) {
          if (*guarded != round) wrong.fetch_add(1, std::memory_order_relaxed);
          entered.add();
          gate.leave();
        }
      };
      TestThread first(call);
      TestThread second(call);
      entered.await(static_cast<uint64_t>(round % 7));
      gate.close();
      guarded.reset();
    }
    CHECK(wrong == 0);
  }
}
