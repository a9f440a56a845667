// Chunks that need no slot: the consumer thread reads them itself, into a place of its own.
#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/clock.h"
#include "help_stage.h"

using slipring::Pump;
using slipring::test::Stage;

namespace {

constexpr std::size_t kLongest = std::size_t{16} * 1024;  // of a chunk that is copied

}  // namespace

TEST_CASE("a chunk that fits into the place that help was given needs no slot") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  const uint64_t rings = stage.rig.bell.count();
  std::array<std::byte, 4> place{};
  stage.put(7);
  const Pump::Help help = stage.pump.help(place);
  CHECK(help.message == 1);
  CHECK(help.useful);
  CHECK_FALSE(help.published);
  CHECK(place[0] == std::byte{7});
  CHECK(stage.rig.channel.counters().chunks_produced.get() == 1);
  CHECK(stage.rig.channel.counters().bytes_produced.get() == 1);
  CHECK(stage.rig.bell.count() == rings);
  // The bell still rings for the next one, which knows what came before.
  stage.put(8, false);
  stage.rig.bell.await(rings + 1);
  const int32_t index = stage.rig.channel.take();
  REQUIRE(index >= 0);
  CHECK(stage.rig.channel.slot(static_cast<uint32_t>(index)).position.chunks == 1);
  CHECK(stage.rig.channel.slot(static_cast<uint32_t>(index)).position.bytes == 1);
}

TEST_CASE("help says when it has read a chunk that needs no slot") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::array<std::byte, 4> place{};
  stage.put(7);
  const uint64_t before = slipring::monotonic_ns();
  const Pump::Help help = stage.pump.help(place);
  CHECK(help.message == 1);
  CHECK(help.read_at >= before);
  CHECK(help.read_at <= slipring::monotonic_ns());
}

TEST_CASE("a chunk that does not fit into the place that help was given comes in a slot") {
  Stage stage;
  stage.length = 5;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::array<std::byte, 4> place{};
  stage.put(7);
  const Pump::Help help = stage.pump.help(place);
  CHECK(help.message == 0);
  CHECK(help.published);
  CHECK(stage.take() == 7);
}

TEST_CASE("a long chunk is not copied into the place that help was given") {
  Stage stage(4, kLongest + 2);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::vector<std::byte> place(kLongest + 1);
  stage.length = kLongest;
  stage.put(1);
  CHECK(stage.pump.help(place).message == kLongest);
  stage.length = kLongest + 1;
  stage.put(2);
  CHECK(stage.pump.help(place).message == 0);
  CHECK(stage.take() == 2);
}

TEST_CASE("a chunk is read into the place that help was given when that is no shorter than a slot") {
  Stage stage(4, kLongest + 1);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::vector<std::byte> place(kLongest + 2);
  stage.put(1);
  CHECK(stage.pump.help(place).message == 1);
  CHECK(stage.read_into.data() == place.data());
  CHECK(stage.read_into.size() == kLongest + 1);
  stage.put(2);
  CHECK(stage.pump.help(std::span(place).first(kLongest)).message == 1);
  CHECK(stage.read_into.data() != place.data());
  CHECK(place[0] == std::byte{2});
}

TEST_CASE("a piece is read into the place that help was given although it is shorter than a slot") {
  Stage stage(4, kLongest + 1);
  stage.flags = SLIPRING_CHUNK_PIECE;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::vector<std::byte> place(kLongest);
  stage.put(1);
  CHECK(stage.pump.help(place).message == 1);
  CHECK(stage.read_into.data() != place.data());  // nobody knew yet that they come in pieces
  stage.put(2);
  CHECK(stage.pump.help(place).message == 1);
  CHECK(stage.read_into.data() == place.data());
  CHECK(stage.read_into.size() == kLongest);
  stage.put(3);
  CHECK(stage.pump.help(std::span(place).first(kLongest - 1)).message == 1);
  CHECK(stage.read_into.data() != place.data());
}

TEST_CASE("a chunk goes to a slot when one is ready although its place is no shorter than that") {
  Stage stage(4, 16);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::array<std::byte, 16> place{};
  stage.put(1);
  CHECK(stage.pump.help().published);
  stage.put(2);
  CHECK(stage.pump.help(place).message == 0);
  CHECK(place[0] == std::byte{});
  CHECK(stage.take() == 1);
  CHECK(stage.take() == 2);
}

TEST_CASE("after a long chunk the next one is read into a slot") {
  Stage stage(4, kLongest + 1);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::vector<std::byte> place(kLongest + 1);
  stage.length = kLongest + 1;
  stage.put(1);
  CHECK(stage.pump.help(place).message == kLongest + 1);
  stage.put(2);
  CHECK(stage.pump.help(place).message == 0);
  CHECK(stage.take() == 2);
}

TEST_CASE("help lets no chunk pass one that is ready") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::array<std::byte, 4> place{};
  stage.put(1);
  CHECK(stage.pump.help().published);
  stage.put(2);
  CHECK(stage.pump.help(place).message == 0);
  CHECK(stage.take() == 1);
  CHECK(stage.take() == 2);
}

TEST_CASE("a chunk that something is missing before comes in a slot, which can say so, and the next one does not") {
  for (const uint64_t lost : {uint64_t{3}, SLIPRING_LOST_UNKNOWN}) {
    Stage stage(4, 16);
    REQUIRE(stage.thread->falls_asleep());
    stage.listen();
    std::array<std::byte, 16> place{};
    stage.put(1);
    CHECK(stage.pump.help(place).message == 1);
    stage.lost = lost;
    stage.put(2);
    const Pump::Help help = stage.pump.help(place);
    CHECK(help.message == 0);
    CHECK(help.published);
    CHECK(stage.read_into.data() == place.data());  // nobody knew
    const int32_t index = stage.rig.channel.take();
    REQUIRE(index >= 0);
    const slipring::Slot& slot = stage.rig.channel.slot(static_cast<uint32_t>(index));
    CHECK(slot.data[0] == std::byte{2});
    const bool is_counted = lost != SLIPRING_LOST_UNKNOWN;
    CHECK(slot.position.chunks == (is_counted ? 4 : 1));
    CHECK(slot.position.uncounted_losses == (is_counted ? 0 : 1));
    stage.rig.arm(static_cast<uint32_t>(index));
    stage.listen();
    stage.put(3);
    CHECK(stage.pump.help(place).message == 1);
  }
}

TEST_CASE(
    "a chunk behind a loss that was told with nothing comes in a slot, whether or not there is a place as large") {
  for (const std::size_t room : {std::size_t{4}, std::size_t{16}}) {
    CAPTURE(room);
    Stage stage(4, 16);
    REQUIRE(stage.thread->falls_asleep());
    stage.listen();
    std::array<std::byte, 16> place{};
    stage.length = SLIPRING_NOTHING;
    stage.lost = SLIPRING_LOST_UNKNOWN;
    stage.put(1);
    CHECK(stage.pump.help(std::span(place).first(room)).message == 0);
    stage.length = 1;
    stage.put(2);
    CHECK(stage.pump.help(std::span(place).first(room)).message == 0);
    CHECK(stage.take() == 2);
  }
}

TEST_CASE("a chunk behind one that was dropped comes in a slot, which can say so") {
  Stage stage(1, 16, slipring::Overflow::kDropNewest);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::array<std::byte, 16> place{};
  stage.put(1);
  CHECK(stage.pump.help().published);
  const int32_t held = stage.rig.channel.take();
  REQUIRE(held >= 0);
  stage.listen();
  stage.put(2);
  CHECK(stage.pump.help(place).message == 0);
  CHECK(stage.rig.channel.counters().dropped_chunks.get() == 1);
  stage.rig.arm(static_cast<uint32_t>(held));
  stage.put(3);
  CHECK(stage.pump.help(place).message == 0);
  const int32_t index = stage.rig.channel.take();
  REQUIRE(index >= 0);
  CHECK(stage.rig.channel.slot(static_cast<uint32_t>(index)).position.chunks == 2);
}

TEST_CASE("a chunk behind a message that a loss follows comes in a slot, which can say so") {
  Stage stage(4, 16);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::array<std::byte, 16> place{};
  stage.flags = SLIPRING_CHUNK_LOSS_FOLLOWS;
  stage.put(1);
  CHECK(stage.pump.help(place).message == 1);
  CHECK(stage.rig.channel.counters().uncounted_losses.get() == 1);
  stage.flags = 0;
  stage.put(2);
  CHECK(stage.pump.help(place).message == 0);
  CHECK(stage.take() == 2);
}
