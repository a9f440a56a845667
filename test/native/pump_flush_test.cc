// A record that has begun and does not end, of a source that has nothing more at present.
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <thread>

#include "core/clock.h"
#include "core/framing/delimiter.h"
#include "core/framing/framing.h"
#include "help_stage.h"

using slipring::Channel;
using slipring::DelimiterFramer;
using slipring::Ends;
using slipring::Framing;
using slipring::Overflow;
using slipring::Pump;
using slipring::test::Stage;

namespace {

constexpr uint64_t kNever = UINT64_MAX;

std::unique_ptr<Framing> lines() {
  const auto newline = std::as_bytes(std::span("\n", 1));
  return std::make_unique<Framing>(
      Framing::Rules{std::make_unique<DelimiterFramer>(newline, true, 64), 64, Framing::Long::kFail, true, true});
}

struct Prompt : Stage {
  explicit Prompt(uint32_t slots = 4) : Stage(slots, 64, Overflow::kBlock, lines()) {}

  // A byte comes, and the producer thread has found that it ends nothing.
  void begin(int byte) {
    listen();
    const uint64_t rings = rig.bell.count();
    put(byte, false);
    rig.bell.await(rings + 1);
    REQUIRE(thread->falls_asleep());
  }
  // The only entry of the table of the slot that is ready.
  uint32_t take_entry() {
    const int32_t index = rig.channel.take();
    REQUIRE(index >= 0);
    const slipring::Slot& slot = rig.channel.slot(static_cast<uint32_t>(index));
    REQUIRE(slot.record_count == 1);
    uint32_t entry = 0;
    std::memcpy(&entry, slot.data + (slot.length + 7) / 8 * 8, sizeof entry);
    rig.arm(static_cast<uint32_t>(index));
    return entry;
  }
};

}  // namespace

TEST_CASE("a record that has begun rings the bell, and is handed on when nothing more came for long enough") {
  Prompt stage;
  REQUIRE(stage.thread->falls_asleep());
  CHECK_FALSE(stage.pump.flush(0));
  CHECK(stage.rig.channel.ready_count() == 0);
  stage.begin('a');
  const std::optional<uint64_t> left = stage.pump.flush(kNever);
  REQUIRE(left);
  CHECK(*left > kNever / 2);
  CHECK(stage.rig.channel.ready_count() == 0);
  CHECK_FALSE(stage.pump.flush(0));
  CHECK(stage.take_entry() == (1 | Ends::kUnfinished));
  CHECK_FALSE(stage.pump.flush(0));
  CHECK(stage.rig.channel.take() == Channel::kNothing);
}

TEST_CASE("what comes behind a record that was handed on unfinished is the next record") {
  Prompt stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.begin('a');
  CHECK_FALSE(stage.pump.flush(0));
  CHECK(stage.take_entry() == (1 | Ends::kUnfinished));
  stage.begin('b');
  stage.listen();
  const uint64_t rings = stage.rig.bell.count();
  stage.put('\n', false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take_entry() == 1);
}

TEST_CASE("how long nothing came is counted from what came of this record, and not of one before it") {
  Prompt stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.begin('a');
  constexpr uint64_t kLong = 50'000'000;
  while (kNever - stage.pump.flush(kNever).value_or(0) < kLong) std::this_thread::yield();
  const uint64_t before = slipring::monotonic_ns();
  stage.put('\n');
  stage.put('b', false);
  while (stage.rig.channel.ready_count() == 0) std::this_thread::yield();
  REQUIRE(stage.thread->falls_asleep());
  const std::optional<uint64_t> left = stage.pump.flush(kNever);
  REQUIRE(left);
  CHECK(kNever - *left <= slipring::monotonic_ns() - before);
}

TEST_CASE("a record of which the consumer itself has read the beginning is told, too") {
  Prompt stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  const uint64_t rings = stage.rig.bell.count();
  stage.put('a');
  CHECK_FALSE(stage.pump.help().published);
  stage.rig.bell.await(rings + 1);
  CHECK_FALSE(stage.pump.flush(0));
  CHECK(stage.take_entry() == (1 | Ends::kUnfinished));
}

TEST_CASE("a record is not handed on unfinished while the producer thread waits for a slot") {
  Prompt stage(1);
  stage.put('\n', false);
  stage.put('a', false);
  while (!stage.rig.channel.producer_waits()) std::this_thread::yield();
  CHECK_FALSE(stage.pump.flush(0));
  CHECK(stage.rig.channel.ready_count() == 1);
}
