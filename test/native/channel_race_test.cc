// The two sides of a channel meet at every point of two short calls. Whatever the order, nothing may be lost: a lost
// ring or a lost wake-up hangs here, and the test's time limit is what fails it.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "channel_rig.h"
#include "core/ring/channel.h"
#include "support.h"

using slipring::Channel;
using slipring::test::acquire;
using slipring::test::ChannelRig;
using slipring::test::kThreadSanitizer;
using slipring::test::spin;
using slipring::test::TestThread;

namespace {

constexpr uint64_t kRounds = kThreadSanitizer ? 4000 : 60000;

// Waits without giving the processor away at first: both sides are to start together.
void spin_until(const std::atomic<uint64_t>& value, uint64_t at_least) {
  for (uint32_t tries = 1; value.load(std::memory_order_acquire) < at_least; ++tries) {
    if (tries % 1024 == 0) std::this_thread::yield();
  }
}

// Runs `producer` and `consumer` at the same time on a new channel, again and again, one of them a little later.
void race(const std::function<void(ChannelRig&)>& producer, const std::function<void(ChannelRig&)>& consumer) {
  std::unique_ptr<ChannelRig> rig;
  std::atomic<uint64_t> started{0};
  std::atomic<uint64_t> ended{0};
  TestThread other([&] {
    for (uint64_t round = 1; round <= kRounds; ++round) {
      spin_until(started, round);
      spin(round % 64);
      producer(*rig);
      ended.store(round, std::memory_order_release);
    }
  });
  for (uint64_t round = 1; round <= kRounds; ++round) {
    rig = std::make_unique<ChannelRig>(1);
    rig->arm_all();
    rig->channel.opened(-1);  // rings, so that from now on nobody listens
    started.store(round, std::memory_order_release);
    spin(round / 64 % 64);
    consumer(*rig);
    spin_until(ended, round);
  }
}

}  // namespace

TEST_CASE("a slot that is published while the consumer begins to listen is taken or rings the bell") {
  uint64_t taken = 0;
  race([](ChannelRig& rig) { static_cast<void>(rig.produce()); }, [&](ChannelRig& rig) { taken += rig.take() == 0; });
  CHECK(taken == kRounds);
}

TEST_CASE("an end that comes while the consumer begins to listen is noticed or rings the bell") {
  race([](ChannelRig& rig) { rig.channel.finish({}); },
       [](ChannelRig& rig) {
         const uint64_t heard = rig.bell.count();
         if (!rig.channel.listen_for_finish()) rig.bell.await(heard + 1);
       });
}

TEST_CASE("a slot that is published right before the end is taken before the end") {
  uint64_t taken = 0;
  race(
      [](ChannelRig& rig) {
        static_cast<void>(rig.produce());
        rig.channel.finish({});
      },
      [&](ChannelRig& rig) {
        int32_t index = rig.channel.take();
        for (; index == Channel::kNothing; index = rig.channel.take()) {}
        taken += index == 0;
      });
  CHECK(taken == kRounds);
}

TEST_CASE("a channel that opens and ends at once never looks as if it had failed to open") {
  uint64_t wrong = 0;
  slipring::test::CountingBell bell;
  std::unique_ptr<Channel> channel;
  std::atomic<uint64_t> started{0};
  std::atomic<uint64_t> ended{0};
  TestThread producer([&] {
    for (uint64_t round = 1; round <= kRounds; ++round) {
      spin_until(started, round);
      channel->opened(-1);
      channel->finish({});
      ended.store(round, std::memory_order_release);
    }
  });
  for (uint64_t round = 1; round <= kRounds; ++round) {
    channel = std::make_unique<Channel>(1, bell);
    started.store(round, std::memory_order_release);
    while (ended.load(std::memory_order_acquire) < round) wrong += channel->open_failed();
    wrong += channel->open_failed();
  }
  CHECK(wrong == 0);
}

TEST_CASE("a slot that is armed while the producer goes to sleep wakes it") {
  uint64_t produced = 0;
  race(
      [&](ChannelRig& rig) {
        produced += rig.produce();  // the one slot that is armed
        produced += rig.produce();  // and once more when it came back
      },
      [](ChannelRig& rig) {
        static_cast<void>(rig.take());
        rig.arm(0);
        static_cast<void>(rig.take());
      });
  CHECK(produced == 2 * kRounds);
}

TEST_CASE("a stop that comes while the producer goes to sleep wakes it") {
  uint64_t stopped = 0;
  race(
      [&](ChannelRig& rig) {
        static_cast<void>(acquire(rig.channel));  // all there is, unless the stop came first
        stopped += !acquire(rig.channel).has_value();
      },
      [](ChannelRig& rig) { rig.channel.stop(); });
  CHECK(stopped == kRounds);
}
