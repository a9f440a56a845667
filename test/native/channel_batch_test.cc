// Neither side is woken for a few slots while the other goes on working, and both are before anybody waits in vain.
#include <doctest/doctest.h>

#include <cstdint>
#include <optional>

#include "core/clock.h"
#include "support.h"

namespace slipring {

// The channel under test reads this clock: time passes when a test says so.
inline uint64_t test_clock = 1'000'000'000;
inline uint64_t test_clock_ns() { return test_clock; }

}  // namespace slipring

#define monotonic_ns test_clock_ns
#include "core/ring/channel.cc"
#undef monotonic_ns

#include "channel_rig.h"

using slipring::Channel;
using slipring::test_clock;
using slipring::test::acquire;
using slipring::test::ChannelRig;
using slipring::test::TestThread;

namespace {

constexpr uint64_t kMillisecond = 1'000'000;

// A channel whose consumer was told of the first chunk just now, took it, and listens again.
class ListeningRig : public ChannelRig {
 public:
  ListeningRig() : ChannelRig(8) {
    arm_all();
    channel.opened(-1);
    CHECK(channel.take() == Channel::kNothing);
    CHECK(produce(1, true));
    CHECK(channel.take() == 0);
    CHECK(channel.take() == Channel::kNothing);
    rings = bell.count();
  }

  uint64_t rings;
};

// A channel whose producer sleeps and whose consumer has taken all slots but one.
class SleepingRig : public ChannelRig {
 public:
  explicit SleepingRig(uint32_t count = 8) : ChannelRig(count) {
    arm_all();
    while (channel.ready_count() < slots) CHECK(produce());
    for (int32_t i = 0; i < static_cast<int32_t>(count) - 1; ++i) CHECK(channel.take() == i);
  }
};

}  // namespace

TEST_CASE("a consumer that listens is told of the first chunk at once") {
  ChannelRig rig(8);
  rig.arm_all();
  rig.channel.opened(-1);
  CHECK(rig.channel.take() == Channel::kNothing);
  CHECK(rig.produce(1, true));
  CHECK(rig.bell.count() == 2);
}

TEST_CASE("while chunks follow without delay the bell rings for half of the slots") {
  ListeningRig rig;
  for (int i = 0; i < 3; ++i) CHECK(rig.produce(1, true));
  CHECK(rig.bell.count() == rig.rings);
  CHECK(rig.produce(1, true));
  CHECK(rig.bell.count() == rig.rings + 1);
}

TEST_CASE("what is held back can be taken") {
  ListeningRig rig;
  CHECK(rig.produce(1, true));
  CHECK(rig.channel.take() == 1);
}

TEST_CASE("a chunk is held back for a millisecond at most while others come") {
  ListeningRig rig;
  CHECK(rig.produce(1, true));
  test_clock += kMillisecond - 1;
  CHECK(rig.produce(1, true));
  CHECK(rig.bell.count() == rig.rings);
  test_clock += 1;
  CHECK(rig.produce(1, true));
  CHECK(rig.bell.count() == rig.rings + 1);
}

TEST_CASE("a chunk that may be the last one for a while is announced at once with those before it") {
  ListeningRig rig;
  CHECK(rig.produce(1, true));
  CHECK(rig.produce(1, false));
  CHECK(rig.bell.count() == rig.rings + 1);
}

TEST_CASE("the end is announced at once with the chunks before it") {
  ListeningRig rig;
  CHECK(rig.produce(1, true));
  rig.channel.finish({});
  CHECK(rig.bell.count() == rig.rings + 1);
}

TEST_CASE("what is held back is announced, once, when nothing follows it after all") {
  ListeningRig rig;
  CHECK(rig.produce(1, true));
  CHECK(rig.bell.count() == rig.rings);
  rig.channel.announce_held_back();
  CHECK(rig.bell.count() == rig.rings + 1);
  CHECK(rig.channel.take() == 1);
  CHECK(rig.channel.take() == Channel::kNothing);
  rig.channel.announce_held_back();
  CHECK(rig.bell.count() == rig.rings + 1);
}

TEST_CASE("what is held back is announced before the producer waits for a slot") {
  ListeningRig rig;
  for (int i = 0; i < 7; ++i) {
    CHECK(rig.produce(1, true));
    while (rig.channel.take() != Channel::kNothing) {}
  }
  rig.arm(0);
  CHECK(rig.produce(1, true));
  const uint64_t rings = rig.bell.count();
  CHECK(rig.channel.ready_count() == 1);
  TestThread producer([&] { CHECK_FALSE(acquire(rig.channel).has_value()); });
  rig.bell.await(rings + 1);
  rig.channel.stop();
}

TEST_CASE("a producer that waits rings nothing when nothing is held back") {
  ChannelRig rig(1);
  rig.arm_all();
  rig.channel.opened(-1);
  CHECK(rig.produce(1, true));
  CHECK(rig.channel.take() == 0);
  CHECK(rig.channel.take() == Channel::kNothing);
  const uint64_t rings = rig.bell.count();
  TestThread producer([&] { CHECK_FALSE(acquire(rig.channel).has_value()); });
  REQUIRE(producer.falls_asleep());
  CHECK(rig.bell.count() == rings);
  rig.channel.stop();
}

TEST_CASE("a producer that sleeps is woken when half of the slots are free") {
  SleepingRig rig;
  std::optional<uint32_t> got;
  TestThread producer([&] { got = acquire(rig.channel); });
  REQUIRE(producer.falls_asleep());
  for (uint32_t i = 0; i < 3; ++i) rig.arm(i);
  CHECK(producer.falls_asleep());
  rig.arm(3);
  producer.join();
  CHECK(got == 0);
}

TEST_CASE("a producer that sleeps is woken when sixteen slots are free, however many there are") {
  SleepingRig rig(64);
  std::optional<uint32_t> got;
  TestThread producer([&] { got = acquire(rig.channel); });
  REQUIRE(producer.falls_asleep());
  for (uint32_t i = 0; i < 15; ++i) rig.arm(i);
  CHECK(producer.falls_asleep());
  rig.arm(15);
  producer.join();
  CHECK(got == 0);
}

TEST_CASE("a producer that sleeps is woken when the consumer finds nothing more to take") {
  SleepingRig rig;
  std::optional<uint32_t> got;
  TestThread producer([&] { got = acquire(rig.channel); });
  REQUIRE(producer.falls_asleep());
  rig.arm(0);
  CHECK(rig.channel.take() == 7);
  CHECK(rig.channel.take() == Channel::kNothing);
  producer.join();
  CHECK(got == 0);
}

TEST_CASE("a producer that sleeps is woken for a single slot of a consumer that has found nothing") {
  SleepingRig rig;
  std::optional<uint32_t> got;
  CHECK(rig.channel.take() == 7);
  CHECK(rig.channel.take() == Channel::kNothing);
  TestThread producer([&] { got = acquire(rig.channel); });
  REQUIRE(producer.falls_asleep());
  rig.arm(5);
  producer.join();
  CHECK(got == 5);
}

TEST_CASE("a chunk is stamped when it is published unless its source has stamped it") {
  ChannelRig rig(2);
  rig.arm_all();
  test_clock = 5'000'000'000;
  CHECK(rig.produce());
  rig.channel.slot(1).timestamp = 17;
  CHECK(rig.produce());
  CHECK(rig.channel.slot(0).timestamp == 5'000'000'000);
  CHECK(rig.channel.slot(1).timestamp == 17);
}
