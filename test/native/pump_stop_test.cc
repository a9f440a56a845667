// A stop of the producer loop at each of its steps: the source is cancelled exactly while it can be.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>

#include "channel_rig.h"
#include "core/pump/pump.h"
#include "scripted_source.h"
#include "support.h"

using slipring::Channel;
using slipring::Outcome;
using slipring::Pump;
using slipring::test::ChannelRig;
using slipring::test::Hint;
using slipring::test::kThreadSanitizer;
using slipring::test::Options;
using slipring::test::ScriptedSource;
using slipring::test::TestThread;

namespace {

// A source that writes down what is called, and the pump that calls it.
struct Stage {
  explicit Stage(uint32_t slots = 2) : rig(slots), pump(source.table, rig.channel) {
    source.on_open = [this](slipring_error*) {
      calls += "open ";
      return 0;
    };
    source.on_read = [this](std::span<std::byte>, slipring_chunk*, slipring_error*) {
      calls += "read ";
      return 1;
    };
    source.on_cancel = [this] { calls += "cancel "; };
    source.on_close = [this] { calls += "close "; };
    rig.arm_all();
  }
  void run() {
    Options options = source.options();
    pump.run(options.view());
  }

  ScriptedSource source;
  std::string calls;
  ChannelRig rig;
  Pump pump;
};

}  // namespace

TEST_CASE("a stop before the start lets the source be opened and closed but not read") {
  Stage stage;
  stage.pump.request_stop();
  stage.run();
  CHECK(stage.calls == "open close ");
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
  CHECK(stage.rig.channel.take() == Channel::kFinished);
}

TEST_CASE("a stop during open does not cancel what is not open yet") {
  Stage stage;
  stage.source.on_open = [&](slipring_error*) {
    stage.calls += "open ";
    stage.pump.request_stop();
    return 0;
  };
  stage.run();
  CHECK(stage.calls == "open close ");
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
}

TEST_CASE("a stop when the opening is announced cancels the source") {
  Stage stage;
  stage.rig.bell.on_ring = [&] {
    if (stage.rig.bell.count() == 1) stage.pump.request_stop();
  };
  stage.run();
  CHECK(stage.calls == "open cancel close ");
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
}

TEST_CASE("a stop during a read cancels the source and drops what the read still returns") {
  for (const int64_t result : {int64_t{1}, int64_t{0}, int64_t{-1}}) {
    CAPTURE(result);
    Stage stage;
    stage.source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) {
      stage.calls += "read ";
      stage.pump.request_stop();
      return result;
    };
    stage.run();
    CHECK(stage.calls == "open read cancel close ");
    CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
    CHECK(stage.rig.channel.take() == Channel::kFinished);
    CHECK(stage.rig.channel.counters().chunks_produced.get() == 0);
  }
}

TEST_CASE("whoever is cancelled can already see that the stream is being stopped") {
  Stage stage;
  bool stopping = false;
  stage.source.on_cancel = [&] { stopping = stage.rig.channel.stopping(); };
  stage.source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) {
    stage.pump.request_stop();
    return -1;
  };
  stage.run();
  CHECK(stopping);
}

TEST_CASE("a stop during close or after it does not cancel what is closed") {
  Stage stage;
  stage.source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) {
    stage.calls += "read ";
    return 0;
  };
  stage.source.on_close = [&] {
    stage.calls += "close ";
    stage.pump.request_stop();
  };
  stage.run();
  stage.pump.request_stop();
  CHECK(stage.calls == "open read close ");
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kEnded);
}

TEST_CASE("a stop while every slot is full ends the wait for a free one") {
  Stage stage;
  stage.source.on_cancel = [] {};  // the producer may wake first and be past it
  TestThread producer([&] { stage.run(); });
  REQUIRE(producer.falls_asleep());
  stage.pump.request_stop();
  producer.join();
  CHECK(stage.calls == "open read read close ");
  CHECK(stage.rig.channel.take() == 0);
  CHECK(stage.rig.channel.take() == 1);
  CHECK(stage.rig.channel.take() == Channel::kFinished);
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
}

TEST_CASE("a stop while a read blocks wakes it through cancel") {
  Stage stage;
  slipring::Parking parking;
  std::atomic<bool> cancelled{false};
  stage.source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error* error) {
    parking.wait([&] { return cancelled.load(); });
    error->number = 125;
    return -1;
  };
  stage.source.on_cancel = [&] {
    cancelled = true;
    parking.wake_all();
  };
  TestThread producer([&] { stage.run(); });
  REQUIRE(producer.falls_asleep());
  CHECK_FALSE(stage.rig.channel.listen_for_finish());
  stage.pump.request_stop();
  producer.join();
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
  CHECK(stage.rig.channel.take() == Channel::kFinished);
}

// What the source uses exists from open to close only, and is not atomic: a cancel at any other time is a use of freed
// memory or a race.
TEST_CASE("a stop at any moment cancels between open and close or not at all") {
  constexpr int kRounds = kThreadSanitizer ? 1000 : 4000;
  for (int round = 0; round < kRounds; ++round) {
    Stage stage(1);
    std::unique_ptr<std::atomic<int>> opened;
    Hint started;
    stage.source.on_open = [&](slipring_error*) {
      opened = std::make_unique<std::atomic<int>>(0);
      return 0;
    };
    int reads = round % 3;
    stage.source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) -> int64_t {
      started.give();
      return reads-- > 0 ? 1 : 0;
    };
    stage.source.on_cancel = [&] { opened->fetch_add(1); };
    stage.source.on_close = [&] { opened.reset(); };
    TestThread producer([&] { stage.run(); });
    if (round % 2 == 0) started.await();
    stage.pump.request_stop();
    stage.pump.request_stop();
  }
}

TEST_CASE("a stop from several threads at once ends the stream once") {
  for (int round = 0; round < 100; ++round) {
    Stage stage(2);
    stage.source.on_cancel = [] {};
    TestThread producer([&] { stage.run(); });
    {
      TestThread first([&] { stage.pump.request_stop(); });
      TestThread second([&] { stage.pump.request_stop(); });
      stage.pump.request_stop();
    }
    producer.join();
    CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
    CHECK(stage.calls.ends_with("close "));
  }
}

TEST_CASE("what was lost while the thread waited for a slot is counted when it is stopped") {
  Stage stage(1);
  stage.source.can_wait();
  stage.source.table.flags = SLIPRING_SOURCE_RECORDS;
  std::atomic<bool> cancelled{false};
  stage.source.on_cancel = [&] { cancelled = true; };
  stage.source.on_read = [&](std::span<std::byte>, slipring_chunk* chunk, slipring_error*) -> int64_t {
    if (!cancelled) return 1;
    chunk->lost = 5;
    return SLIPRING_FAILED;
  };
  TestThread producer([&] { stage.run(); });
  REQUIRE(producer.falls_asleep());
  stage.pump.request_stop();
  producer.join();
  CHECK(stage.rig.channel.counters().lost_records.get() == 5);
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
}
