// The consumer thread reads in the producer's place, when it knows that there is data.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <thread>

#include "help_stage.h"

using slipring::Channel;
using slipring::Outcome;
using slipring::Pump;
using slipring::test::ChannelRig;
using slipring::test::kThreadSanitizer;
using slipring::test::Options;
using slipring::test::ScriptedSource;
using slipring::test::Stage;
using slipring::test::Tally;
using slipring::test::TestThread;

TEST_CASE("help publishes what there is and rings no bell") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  const uint64_t rings = stage.rig.bell.count();
  stage.put(7);
  const Pump::Help help = stage.pump.help();
  CHECK(help.published);
  CHECK(help.useful);
  CHECK(stage.rig.bell.count() == rings);
  CHECK(stage.take() == 7);
  CHECK(stage.take() == Channel::kNothing);
}

TEST_CASE("help without data changes nothing and the bell still rings for the producer") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  const Pump::Help help = stage.pump.help();
  CHECK_FALSE(help.published);
  CHECK_FALSE(help.useful);
  const uint64_t rings = stage.rig.bell.count();
  stage.put(7, false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take() == 7);
}

TEST_CASE("the producer thread leaves what comes to a consumer that has promised to help") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.pump.promise_help();
  const uint64_t rings = stage.rig.bell.count();
  std::array<std::byte, 4> place{};
  // Time is short, but longer than it takes a thread to read.
  stage.put(7, false);
  stage.waits_over.await(1);
  REQUIRE(stage.thread->falls_asleep());
  CHECK(stage.pump.help(place).message == 1);
  CHECK(stage.rig.bell.count() == rings);
}

TEST_CASE("the producer thread does not wait for ever for a consumer that has promised to help") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.pump.promise_help();
  const uint64_t rings = stage.rig.bell.count();
  stage.put(7, false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take() == 7);
}

TEST_CASE("the producer thread makes way in the middle of a flow for a consumer that promises to help") {
  Stage stage;
  stage.flow();
  std::array<std::byte, 4> place{};
  // Now and then the thread gives up a promise that a slow machine is late to keep.
  for (int in_a_row = 0; in_a_row < 10;) {
    stage.pump.promise_help();
    while (stage.take() != Channel::kNothing) {}
    REQUIRE(stage.thread->falls_asleep());
    in_a_row = stage.pump.help(place).message == 1 ? in_a_row + 1 : 0;
  }
}

TEST_CASE("the producer thread reads on in the middle of a flow when promised help does not come") {
  Stage stage;
  stage.pump.promise_help();
  stage.flow();
  while (!stage.rig.channel.producer_waits()) std::this_thread::yield();
  CHECK(stage.rig.channel.ready_count() == 4);
}

TEST_CASE("the producer goes on by itself when help does not come any more") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.pump.promise_help();
  stage.put(1);
  CHECK(stage.pump.help().published);
  CHECK(stage.take() == 1);
  CHECK(stage.take() == Channel::kNothing);
  const uint64_t rings = stage.rig.bell.count();
  stage.put(2, false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take() == 2);
}

TEST_CASE("help that meets the end lets the producer finish") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.put(-1);
  const Pump::Help help = stage.pump.help();
  CHECK_FALSE(help.published);
  CHECK_FALSE(help.useful);
  stage.thread->join();
  CHECK(stage.take() == Channel::kFinished);
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kEnded);
  CHECK_FALSE(stage.pump.help().useful);
}

TEST_CASE("help that finds the producer thread reading is to come again at once") {
  ScriptedSource source;
  source.can_wait();
  source.table.flags = SLIPRING_SOURCE_READ_ANYWHERE;
  Tally reads;
  Tally allowed;
  const std::thread::id consumer = std::this_thread::get_id();
  source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) -> int64_t {
    reads.add();
    if (std::this_thread::get_id() != consumer) allowed.await(1);
    return SLIPRING_END;
  };
  ChannelRig rig(4, 16);
  rig.arm_all();
  Pump pump(source.table, rig.channel);
  TestThread thread([&] {
    Options options = source.options();
    pump.run(options.view());
  });
  reads.await(1);
  const Pump::Help help = pump.help();
  CHECK(reads.get() == 1);
  CHECK_FALSE(help.in_turn);
  CHECK(help.useful);
  CHECK(help.was_needed);
  allowed.add();
  thread.join();
}

TEST_CASE("help is of no use when no slot is free") {
  Stage stage(1);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.put(1);
  CHECK(stage.pump.help().published);
  stage.put(2);
  const Pump::Help help = stage.pump.help();
  CHECK(help.published);  // still the first one
  CHECK_FALSE(help.useful);
  CHECK(stage.take() == 1);
}

TEST_CASE("help leaves a slot to the producer that sleeps until there is one") {
  Stage stage(1);
  stage.put(1, false);
  stage.put(2, false);
  while (!stage.rig.channel.producer_waits()) std::this_thread::yield();
  CHECK_FALSE(stage.pump.help().was_needed);
  CHECK(stage.take() == 1);
  CHECK(stage.rig.take() == 0);
}

TEST_CASE("the producer does not sleep for want of a slot that help has found") {
  Stage stage(1);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  uint64_t rings = stage.rig.bell.count();
  stage.put(1, false);
  stage.rig.bell.await(rings + 1);
  REQUIRE(stage.thread->falls_asleep());  // it had no slot, but waits for data first
  CHECK(stage.take() == 1);
  stage.listen();
  std::array<std::byte, 4> place{};
  stage.put(2);
  CHECK(stage.pump.help(place).message == 1);
  rings = stage.rig.bell.count();
  stage.put(3, false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take() == 3);
}

TEST_CASE("help is of no use for a while when there is one large chunk after the other") {
  Stage stage;
  stage.length = 8;  // half a slot
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  int chunks = 0;
  bool useful = true;
  // A slow machine may need more than one try for so many in a row.
  while (useful) {
    stage.put(1);
    useful = stage.pump.help().useful;
    CHECK(stage.take() == 1);
    ++chunks;
  }
  CHECK(chunks > 8);
}

TEST_CASE("a stop ends the rest of a producer that was promised help") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.pump.promise_help();
  stage.wake();
  stage.waits_over.await(1);
  REQUIRE(stage.thread->falls_asleep());
  stage.pump.request_stop();
  stage.thread->join();
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
}

TEST_CASE("every byte arrives once and in order whoever reads it") {
  constexpr int kItems = kThreadSanitizer ? 20'000 : 200'000;
  Stage stage;
  stage.pump.promise_help();
  TestThread writer([&] {
    for (int i = 0; i < kItems; ++i) stage.put(i % 251, false);
    stage.put(-1, false);
  });
  int received = 0;
  int wrong = 0;
  std::array<std::byte, 1> place{};
  for (;;) {
    const int item = stage.take();
    if (item == Channel::kFinished) break;
    if (item == Channel::kNothing) {
      // Now with a place of its own, now without.
      const Pump::Help help = stage.pump.help(received % 3 == 0 ? std::span<std::byte>() : std::span(place));
      if (help.message > 0 && static_cast<int>(place[0]) != received++ % 251) ++wrong;
      continue;
    }
    if (item != received++ % 251) ++wrong;
  }
  writer.join();
  CHECK(received == kItems);
  CHECK(wrong == 0);
}
