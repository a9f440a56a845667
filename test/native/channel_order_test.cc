// What one side wrote before a call is seen by the other side after the matching one. Nothing else orders the threads,
// and what is looked at is not atomic: a missing release or acquire is what ThreadSanitizer reports.
#include <doctest/doctest.h>

#include "channel_rig.h"
#include "core/channel.h"
#include "support.h"

using slipring::Channel;
using slipring::Outcome;
using slipring::test::ChannelRig;
using slipring::test::Hint;
using slipring::test::TestThread;

namespace {

// The window between two steps of the producer is small: this often the consumer looks just then.
constexpr int kTries = 1000;

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
    while (rig.channel.take() != Channel::kFinished) {
    }
    wrong += rig.channel.outcome().error.number != 5;
  }
  CHECK(wrong == 0);
}

TEST_CASE("who hears of the end sees the outcome") {
  int wrong = 0;
  for (int i = 0; i < kTries; ++i) {
    ChannelRig rig(1);
    TestThread producer([&] { rig.channel.finish(failure()); });
    while (!rig.channel.listen_for_finish()) {
    }
    wrong += rig.channel.outcome().error.number != 5;
  }
  CHECK(wrong == 0);
}

TEST_CASE("who takes a slot sees its bytes and who acquires it sees its memory") {
  constexpr uint64_t kChunks = 3000;
  ChannelRig rig(2, 8);
  TestThread producer([&] {
    for (uint64_t n = 0; n < kChunks; ++n) {
      const auto index = rig.channel.acquire();
      slipring::Slot& slot = rig.channel.slot(*index);
      for (std::size_t i = 0; i < slot.size; ++i) slot.data[i] = static_cast<std::byte>(n + i);
      slot.length = slot.size;
      rig.channel.publish(*index);
    }
    rig.channel.finish({});
  });
  rig.arm_all();
  uint64_t wrong = 0;
  for (uint64_t n = 0; n < kChunks; ++n) {
    const int32_t index = rig.take();
    REQUIRE(index >= 0);
    slipring::Slot& slot = rig.channel.slot(static_cast<uint32_t>(index));
    if (slot.sequence != n || slot.length != 8) ++wrong;
    for (std::size_t i = 0; i < slot.size; ++i) wrong += slot.data[i] != static_cast<std::byte>(n + i);
    rig.arm(static_cast<uint32_t>(index));
  }
  CHECK(rig.take() == Channel::kFinished);
  CHECK(wrong == 0);
}

TEST_CASE("who sees that the stream is being stopped sees what was written before") {
  ChannelRig rig(1);
  int written = 0;
  TestThread stopper([&] {
    written = 1;
    rig.channel.stop();
  });
  while (!rig.channel.stopping()) std::this_thread::yield();
  CHECK(written == 1);
}

TEST_CASE("a consumer that begins to listen after an announcement sees what the announcer wrote") {
  for (const bool listens_by_taking : {true, false}) {
    ChannelRig rig(1);
    int written = 0;
    Hint announced;
    TestThread producer([&] {
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

TEST_CASE("whoever rings the bell sees what the consumer wrote before it listened") {
  for (const bool listens_by_taking : {true, false}) {
    ChannelRig rig(1);
    int written = 0;
    int seen = 0;
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
