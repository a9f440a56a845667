// What one side wrote before a call is seen by the other side after the matching one. Nothing else orders the threads,
// and what is looked at is not atomic: a missing release or acquire is what ThreadSanitizer reports.
#include <doctest/doctest.h>

#include "channel_rig.h"
#include "core/ring/channel.h"
#include "support.h"

using slipring::Channel;
using slipring::Outcome;
using slipring::test::acquire;
using slipring::test::ChannelRig;
using slipring::test::Hint;
using slipring::test::TestThread;
using slipring::test::Watched;

namespace {

// The window between two steps of the producer is small: this often the consumer looks just then.
constexpr int kTries = 300;

Outcome failure() {
  Outcome outcome;
  outcome.kind = Outcome::Kind::kFailed;
  outcome.error.number = 5;
  return outcome;
}

}  // namespace

TEST_CASE("who sees that the channel is open sees the descriptor") {
  ChannelRig rig(1);
  TestThread producer([&] { rig.channel.opened(42); });
  while (!rig.channel.is_open()) std::this_thread::yield();
  CHECK(rig.channel.descriptor() == 42);
}

TEST_CASE("who sees that the opening failed sees why") {
  ChannelRig rig(1);
  TestThread producer([&] { rig.channel.finish(failure()); });
  while (!rig.channel.open_failed()) std::this_thread::yield();
  CHECK(rig.channel.outcome().error.number == 5);
}

TEST_CASE("who takes the end sees the outcome") {
  int wrong = 0;
  for (int i = 0; i < kTries; ++i) {
    ChannelRig rig(1);
    TestThread producer([&] { rig.channel.finish(failure()); });
    while (rig.channel.take() != Channel::kFinished) {}
    wrong += rig.channel.outcome().error.number != 5;
  }
  CHECK(wrong == 0);
}

TEST_CASE("who hears of the end sees the outcome") {
  int wrong = 0;
  for (int i = 0; i < kTries; ++i) {
    ChannelRig rig(1);
    TestThread producer([&] { rig.channel.finish(failure()); });
    while (!rig.channel.listen_for_finish()) {}
    wrong += rig.channel.outcome().error.number != 5;
  }
  CHECK(wrong == 0);
}

TEST_CASE("who acquires a slot sees how it was armed") {
  ChannelRig rig(1);
  Hint armed;
  TestThread consumer([&] {
    rig.memory[0] = std::byte{7};
    rig.arm(0);
    armed.give();
  });
  armed.await();  // so that there is no wait in acquire(), which would order the threads as well
  REQUIRE(acquire(rig.channel) == 0);
  const slipring::Slot& slot = rig.channel.slot(0);
  CHECK(slot.data == rig.memory.data());
  CHECK(slot.size == rig.slot_size);
  CHECK(slot.data[0] == std::byte{7});
  CHECK(slot.state == slipring::SlotState::kFilling);
}

TEST_CASE("who takes a slot sees how it was filled") {
  ChannelRig rig(2);
  rig.arm_all();
  REQUIRE(rig.produce());  // makes the sequence go on at 1
  REQUIRE(rig.channel.take() == 0);
  Hint published;
  TestThread producer([&] {
    rig.memory[rig.slot_size] = std::byte{7};
    static_cast<void>(rig.produce(5));
    published.give();
  });
  published.await();  // so that take() finds it at once and does not begin to listen
  REQUIRE(rig.channel.take() == 1);
  const slipring::Slot& slot = rig.channel.slot(1);
  CHECK(slot.position.chunks == 1);
  CHECK(slot.length == 5);
  CHECK(slot.data[0] == std::byte{7});
  CHECK(slot.state == slipring::SlotState::kLent);
}

TEST_CASE("who sees that the stream is being stopped sees what was written before") {
  ChannelRig rig(1);
  Watched written = 0;
  TestThread stopper([&] {
    written = 1;
    rig.channel.stop();
  });
  while (!rig.channel.stopping()) std::this_thread::yield();
  CHECK(written == 1);
}

TEST_CASE("a consumer that begins to listen after an announcement sees what the announcer wrote") {
  // The second announcement rings nothing, since nobody has listened since the first.
  for (const int announcements : {1, 2}) {
    for (const bool listens_by_taking : {true, false}) {
      ChannelRig rig(1);
      Watched written = 0;
      Hint announced;
      TestThread producer([&] {
        if (announcements == 2) rig.channel.opened(-1);
        written = 1;
        rig.channel.opened(-1);
        announced.give();
      });
      announced.await();
      if (listens_by_taking) {
        CHECK(rig.channel.take() == Channel::kNothing);
      } else {
        CHECK_FALSE(rig.channel.listen_for_finish());
      }
      CHECK(written == 1);
    }
  }
}

TEST_CASE("whoever rings the bell sees what the consumer wrote before it listened") {
  for (const bool listens_by_taking : {true, false}) {
    ChannelRig rig(1);
    Watched written = 0;
    Watched seen = 0;
    rig.bell.on_ring = [&] { seen = written; };
    Hint listens;
    TestThread producer([&] {
      listens.await();
      rig.channel.opened(-1);
    });
    written = 1;
    if (listens_by_taking) {
      static_cast<void>(rig.channel.take());
    } else {
      static_cast<void>(rig.channel.listen_for_finish());
    }
    listens.give();
    producer.join();
    CHECK(seen == 1);
  }
}
