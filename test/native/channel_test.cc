// What the channel does, step by step, with both sides played by one thread.
#include "core/ring/channel.h"

#include <doctest/doctest.h>

#include <cstring>

#include "channel_rig.h"
#include "core/clock.h"

using slipring::Channel;
using slipring::Outcome;
using slipring::SlotState;
using slipring::test::acquire;
using slipring::test::ChannelRig;

TEST_CASE("a new channel is neither open nor failed nor stopped and has nothing to take") {
  ChannelRig rig(2);
  CHECK_FALSE(rig.channel.is_open());
  CHECK_FALSE(rig.channel.open_failed());
  CHECK_FALSE(rig.channel.stopping());
  CHECK(rig.channel.descriptor() == -1);
  CHECK(rig.channel.ready_count() == 0);
  CHECK(rig.channel.take() == Channel::kNothing);
  CHECK_FALSE(rig.channel.listen_for_finish());
  CHECK(rig.bell.count() == 0);
}

TEST_CASE("the opening is announced to a consumer that has not looked yet") {
  ChannelRig rig(1);
  rig.bell.on_ring = [&] {
    CHECK(rig.channel.is_open());
    CHECK(rig.channel.descriptor() == 7);
  };
  rig.channel.opened(7);
  CHECK(rig.bell.count() == 1);
}

TEST_CASE("a filled slot reaches the consumer as it was filled") {
  ChannelRig rig(1, 32);
  rig.arm_all();
  const auto index = acquire(rig.channel);
  REQUIRE(index == 0);
  slipring::Slot& slot = rig.channel.slot(0);
  CHECK(slot.state == SlotState::kFilling);
  CHECK(slot.data == rig.memory.data());
  CHECK(slot.size == 32);
  std::memcpy(slot.data, "hello", 5);
  slot.length = 5;
  slot.timestamp = 11;
  slot.user = 12;
  slot.record_count = 13;
  rig.channel.publish(0);
  CHECK(slot.state == SlotState::kReady);
  CHECK(rig.channel.ready_count() == 1);

  REQUIRE(rig.channel.take() == 0);
  CHECK(slot.state == SlotState::kLent);
  CHECK(rig.channel.ready_count() == 0);
  CHECK(std::memcmp(slot.data, "hello", 5) == 0);
  CHECK(slot.length == 5);
  CHECK(slot.position.chunks == 0);
  CHECK(slot.timestamp == 11);
  CHECK(slot.user == 12);
  CHECK(slot.record_count == 13);
}

TEST_CASE("a slot knows since when it is ready whatever its source says and each time anew") {
  ChannelRig rig(1, 32);
  rig.arm_all();
  uint64_t before = slipring::monotonic_ns();
  for (int i = 0; i < 2; ++i) {
    REQUIRE(acquire(rig.channel) == 0);
    rig.channel.slot(0).timestamp = 11;
    rig.channel.publish(0);
    const uint64_t after = slipring::monotonic_ns();
    CHECK(rig.channel.slot(0).timestamp == 11);
    CHECK(rig.channel.slot(0).ready_since >= before);
    CHECK(rig.channel.slot(0).ready_since <= after);
    before = after;
    REQUIRE(rig.channel.take() == 0);
    rig.arm(0);
  }
}

TEST_CASE("all slots can be ready at once and are taken in the order of their sequence numbers") {
  for (const uint32_t slots : {1u, 2u, 3u, 7u, 64u}) {
    CAPTURE(slots);
    ChannelRig rig(slots);
    rig.arm_all();
    for (uint64_t round = 0; round < 3; ++round) {
      for (uint32_t i = 0; i < slots; ++i) REQUIRE(rig.produce());
      CHECK(rig.channel.ready_count() == slots);
      for (uint32_t i = 0; i < slots; ++i) {
        REQUIRE(rig.channel.take() == static_cast<int32_t>(i));
        CHECK(rig.channel.slot(i).position.chunks == round * slots + i);
        rig.arm(i);
      }
      CHECK(rig.channel.take() == Channel::kNothing);
    }
  }
}

TEST_CASE("slots may come back in any order and with other memory") {
  ChannelRig rig(3);
  rig.arm_all();
  for (int i = 0; i < 3; ++i) REQUIRE(rig.produce());
  for (int32_t i = 0; i < 3; ++i) REQUIRE(rig.channel.take() == i);
  std::byte other[8];
  rig.arm(2);
  rig.channel.arm(0, other, sizeof other);
  rig.arm(1);
  CHECK(acquire(rig.channel) == 2);
  CHECK(acquire(rig.channel) == 0);
  CHECK(rig.channel.slot(0).data == other);
  CHECK(rig.channel.slot(0).size == sizeof other);
  CHECK(acquire(rig.channel) == 1);
}

TEST_CASE("the bell rings once however much is published until the consumer found nothing more") {
  ChannelRig rig(4);
  rig.arm_all();
  CHECK(rig.produce());
  CHECK(rig.bell.count() == 1);
  CHECK(rig.produce());
  CHECK(rig.channel.take() == 0);
  CHECK(rig.produce());
  CHECK(rig.channel.take() == 1);
  CHECK(rig.channel.take() == 2);
  CHECK(rig.produce());  // the consumer has not looked since
  CHECK(rig.bell.count() == 1);
  CHECK(rig.channel.take() == 3);
  CHECK(rig.channel.take() == Channel::kNothing);
  rig.arm(0);
  rig.arm(1);
  CHECK(rig.bell.count() == 1);
  CHECK(rig.produce());
  CHECK(rig.bell.count() == 2);
  CHECK(rig.produce());
  CHECK(rig.bell.count() == 2);
}

TEST_CASE("what rang the bell can be taken from within the ring") {
  ChannelRig rig(1);
  rig.arm_all();
  int32_t taken = Channel::kNothing;
  rig.bell.on_ring = [&] { taken = rig.channel.take(); };
  CHECK(rig.produce());
  CHECK(taken == 0);
  CHECK(rig.channel.take() == Channel::kNothing);
  rig.channel.finish({});
  CHECK(taken == Channel::kFinished);
}

TEST_CASE("the end comes after the last slot and stays") {
  ChannelRig rig(2);
  rig.arm_all();
  rig.channel.opened(-1);
  CHECK(rig.produce());
  CHECK(rig.produce());
  Outcome outcome;
  outcome.kind = Outcome::Kind::kFailed;
  outcome.error.number = 5;
  rig.channel.finish(outcome);
  CHECK(rig.channel.take() == 0);
  CHECK(rig.channel.take() == 1);
  for (int i = 0; i < 3; ++i) CHECK(rig.channel.take() == Channel::kFinished);
  CHECK(rig.channel.outcome().kind == Outcome::Kind::kFailed);
  CHECK(rig.channel.outcome().error.number == 5);
  CHECK_FALSE(rig.channel.open_failed());
}

TEST_CASE("the bell rings for the end when the consumer listens and not when it does not") {
  ChannelRig listening(1);
  CHECK(listening.channel.take() == Channel::kNothing);
  listening.channel.opened(-1);
  CHECK(listening.bell.count() == 1);
  CHECK_FALSE(listening.channel.listen_for_finish());
  CHECK(listening.bell.count() == 1);
  listening.channel.finish({});
  CHECK(listening.bell.count() == 2);
  CHECK(listening.channel.listen_for_finish());

  ChannelRig busy(1);
  busy.channel.opened(-1);
  busy.channel.finish({});
  CHECK(busy.bell.count() == 1);
  CHECK(busy.channel.listen_for_finish());
}

TEST_CASE("a consumer that waits for the end alone is not told of a slot that is ready as if it were the end") {
  ChannelRig rig(1);
  rig.arm_all();
  CHECK(rig.produce());
  CHECK_FALSE(rig.channel.listen_for_finish());
  CHECK(rig.channel.take() == 0);
}

TEST_CASE("finished without having been open is a failure to open") {
  ChannelRig failed(1);
  failed.channel.finish({});
  CHECK(failed.channel.open_failed());
  CHECK_FALSE(failed.channel.is_open());

  ChannelRig ended(1);
  ended.channel.opened(3);
  CHECK_FALSE(ended.channel.open_failed());
  ended.channel.finish({});
  CHECK_FALSE(ended.channel.open_failed());
}

TEST_CASE("after a stop there is nothing to acquire even though slots are free") {
  ChannelRig rig(2);
  rig.arm_all();
  CHECK(acquire(rig.channel) == 0);
  rig.channel.stop();
  CHECK(rig.channel.stopping());
  for (int i = 0; i < 3; ++i) CHECK_FALSE(acquire(rig.channel).has_value());
  rig.channel.stop();
  CHECK_FALSE(acquire(rig.channel).has_value());
  CHECK(rig.channel.counters().producer_waits.get() == 0);
}

TEST_CASE("what was published before a stop can still be taken") {
  ChannelRig rig(2);
  rig.arm_all();
  CHECK(rig.produce());
  rig.channel.stop();
  rig.channel.finish({});
  CHECK(rig.channel.take() == 0);
  CHECK(rig.channel.take() == Channel::kFinished);
}

TEST_CASE("bytes and chunks and rings are counted") {
  ChannelRig rig(3);
  rig.arm_all();
  const slipring::Counters& counters = rig.channel.counters();
  CHECK(rig.produce(10));
  CHECK(rig.produce(5));
  CHECK(counters.bytes_produced.get() == 15);
  CHECK(counters.chunks_produced.get() == 2);
  CHECK(counters.wakeups.get() == 1);
  CHECK(rig.channel.take() == 0);
  CHECK(rig.channel.take() == 1);
  CHECK(rig.channel.take() == Channel::kNothing);
  rig.channel.finish({});
  CHECK(counters.wakeups.get() == rig.bell.count());
  CHECK(counters.wakeups.get() == 2);
  CHECK(counters.producer_waits.get() == 0);
  CHECK(counters.producer_wait_ns.get() == 0);
  CHECK(counters.waiting_since_ns.get() == 0);
}
