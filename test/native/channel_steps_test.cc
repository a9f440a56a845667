// Calls of the two sides that come between each other at every access. What is lost hangs the test or fails a check.
#include <doctest/doctest.h>

#include <functional>

#include "core/clock.h"
#include "slipring/source.h"
#include "stepped_atomic.h"
#include "support.h"

#define atomic stepped_atomic
#include "core/ring/channel.cc"
#undef atomic

#include "channel_rig.h"

using slipring::Channel;
using slipring::test::acquire;
using slipring::test::ChannelRig;
using slipring::test::interleave;
using slipring::test::kSteps;

namespace {

// Calls `run` for every step, with each of the two sides as the one that is interrupted, and with a consumer that
// listens and one that does not.
void for_every_meeting(
    const std::function<void(ChannelRig&, std::function<void(std::function<void()>, std::function<void()>)>)>& run) {
  for (uint64_t step = 0; step < kSteps; ++step) {
    for (const bool producer_is_interrupted : {false, true}) {
      for (const bool listens : {false, true}) {
        CAPTURE(step);
        CAPTURE(producer_is_interrupted);
        CAPTURE(listens);
        ChannelRig rig(1);
        rig.channel.opened(-1);  // takes the listening away
        if (listens) CHECK(rig.channel.take() == Channel::kNothing);
        run(rig, [&](std::function<void()> producer, std::function<void()> consumer) {
          if (producer_is_interrupted) {
            interleave(step, producer, consumer);
          } else {
            interleave(step, consumer, producer);
          }
        });
      }
    }
  }
}

}  // namespace

TEST_CASE("a slot that is published at any step of take is taken or rings the bell") {
  for_every_meeting([](ChannelRig& rig, const auto& meet) {
    rig.arm_all();
    CHECK(acquire(rig.channel) == 0);
    const uint64_t heard = rig.bell.count();
    int32_t taken = Channel::kNothing;
    meet([&] { rig.channel.publish(0); }, [&] { taken = rig.channel.take(); });
    if (taken == Channel::kNothing) {
      CHECK(rig.bell.count() == heard + 1);
      taken = rig.channel.take();
    }
    CHECK(taken == 0);
    CHECK(rig.channel.take() == Channel::kNothing);
  });
}

TEST_CASE("a slot and the end that come at any step of take are taken in this order or ring the bell") {
  for_every_meeting([](ChannelRig& rig, const auto& meet) {
    rig.arm_all();
    CHECK(acquire(rig.channel) == 0);
    const uint64_t heard = rig.bell.count();
    int32_t taken = Channel::kNothing;
    meet(
        [&] {
          rig.channel.publish(0);
          rig.channel.finish({});
        },
        [&] { taken = rig.channel.take(); });
    if (taken == Channel::kNothing) {
      CHECK(rig.bell.count() > heard);
      taken = rig.channel.take();
    }
    CHECK(taken == 0);
    CHECK(rig.channel.take() == Channel::kFinished);
  });
}

TEST_CASE("an end that comes at any step of take or of listening for it is noticed or rings the bell") {
  for (const bool takes : {false, true}) {
    for_every_meeting([&](ChannelRig& rig, const auto& meet) {
      const uint64_t heard = rig.bell.count();
      bool noticed = false;
      meet([&] { rig.channel.finish({}); },
           [&] { noticed = takes ? rig.channel.take() == Channel::kFinished : rig.channel.listen_for_finish(); });
      if (!noticed) CHECK(rig.bell.count() == heard + 1);
      CHECK(rig.channel.listen_for_finish());
    });
  }
}

TEST_CASE("opening and ending at any step of the question never look like a failure to open") {
  for (uint64_t step = 0; step < kSteps; ++step) {
    for (const bool producer_is_interrupted : {false, true}) {
      CAPTURE(step);
      ChannelRig rig(1);
      bool failed = true;
      const auto producer = [&] {
        rig.channel.opened(-1);
        rig.channel.finish({});
      };
      const auto consumer = [&] { failed = rig.channel.open_failed(); };
      if (producer_is_interrupted) {
        interleave(step, producer, consumer);
      } else {
        interleave(step, consumer, producer);
      }
      CHECK_FALSE(failed);
    }
  }
}

TEST_CASE("a slot that is armed at any step of acquire is acquired") {
  for_every_meeting([](ChannelRig& rig, const auto& meet) {
    std::optional<uint32_t> acquired;
    meet([&] { acquired = acquire(rig.channel); }, [&] { rig.arm(0); });
    CHECK(acquired == 0);
  });
}

TEST_CASE("a stop at any step of acquire ends it") {
  for_every_meeting([](ChannelRig& rig, const auto& meet) {
    std::optional<uint32_t> acquired = 99;
    meet([&] { acquired = acquire(rig.channel); }, [&] { rig.channel.stop(); });
    CHECK_FALSE(acquired.has_value());
  });
}
