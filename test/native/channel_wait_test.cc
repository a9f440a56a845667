// A producer without a free slot sleeps until it gets one or is stopped, and its sleep is counted.
#include <doctest/doctest.h>

#include <atomic>
#include <optional>

#include "channel_rig.h"
#include "core/clock.h"
#include "core/ring/channel.h"
#include "support.h"

using slipring::Channel;
using slipring::monotonic_ns;
using slipring::test::acquire;
using slipring::test::ChannelRig;
using slipring::test::TestThread;

TEST_CASE("a producer without a free slot sleeps until one is armed") {
  ChannelRig rig(2);
  std::optional<uint32_t> got;
  TestThread producer([&] { got = acquire(rig.channel); });
  REQUIRE(producer.falls_asleep());
  rig.arm(1);
  producer.join();
  CHECK(got == 1);
}

TEST_CASE("a producer without a free slot sleeps until the stream is stopped") {
  ChannelRig rig(2);
  std::optional<uint32_t> got = 99;
  TestThread producer([&] { got = acquire(rig.channel); });
  REQUIRE(producer.falls_asleep());
  rig.channel.stop();
  producer.join();
  CHECK_FALSE(got.has_value());
}

TEST_CASE("a producer that waits for the very first slot tells the consumer who listens") {
  ChannelRig rig(2);
  rig.channel.opened(-1);
  CHECK(rig.channel.take() == Channel::kNothing);
  CHECK_FALSE(rig.channel.producer_waits());
  const uint64_t rings = rig.bell.count();
  TestThread producer([&] { CHECK(acquire(rig.channel) == 0); });
  rig.bell.await(rings + 1);
  CHECK(rig.channel.producer_waits());
  rig.arm(0);
  producer.join();
  CHECK_FALSE(rig.channel.producer_waits());
}

TEST_CASE("a wait that lasts is told apart from those that are over") {
  ChannelRig rig(1);
  const slipring::Counters& counters = rig.channel.counters();
  const uint64_t before = monotonic_ns();
  uint64_t waited = 0;
  for (uint64_t wait = 1; wait <= 3; ++wait) {
    TestThread producer([&] { CHECK(acquire(rig.channel) == 0); });
    REQUIRE(producer.falls_asleep());
    const uint64_t since = counters.waiting_since_ns.get();
    CHECK(since >= before);
    CHECK(since <= monotonic_ns());
    CHECK(counters.producer_waits.get() == wait);
    CHECK(counters.producer_wait_ns.get() == waited);

    const uint64_t still_waiting = monotonic_ns();
    rig.arm(0);
    producer.join();
    CHECK(counters.waiting_since_ns.get() == 0);
    CHECK(counters.producer_waits.get() == wait);
    CHECK(counters.producer_wait_ns.get() >= waited + (still_waiting - since));
    CHECK(counters.producer_wait_ns.get() <= monotonic_ns() - before);
    waited = counters.producer_wait_ns.get();
    rig.channel.publish(0);
    CHECK(rig.channel.take() == 0);
  }
}

TEST_CASE("a slot that is there is no wait") {
  ChannelRig rig(1);
  rig.arm_all();
  CHECK(acquire(rig.channel) == 0);
  CHECK(rig.channel.counters().producer_waits.get() == 0);
}

TEST_CASE("a producer that is faster than the consumer never gets more slots than there are") {
  ChannelRig rig(3);
  std::atomic<uint64_t> published{0};
  TestThread producer([&] {
    while (rig.produce()) published.fetch_add(1);
  });
  rig.arm_all();
  for (uint64_t released = 0; released < 20; ++released) {
    while (published.load() < released + 3) std::this_thread::yield();
    REQUIRE(producer.falls_asleep());
    CHECK(published.load() == released + 3);
    CHECK(rig.channel.ready_count() == 3);
    const int32_t index = rig.take();
    REQUIRE(index >= 0);
    rig.arm(static_cast<uint32_t>(index));
  }
  rig.channel.stop();
}
