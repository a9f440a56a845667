// Chunks that were lost before they reached the host: each moves the position of what comes after it.
#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "channel_rig.h"
#include "core/framing/fixed_size.h"
#include "core/pump/pump.h"
#include "scripted_source.h"

using slipring::Channel;
using slipring::Outcome;
using slipring::Overflow;
using slipring::Pump;
using slipring::test::ChannelRig;
using slipring::test::Options;
using slipring::test::ScriptedSource;

namespace {

constexpr int64_t kLength = 4;
constexpr uint64_t kUnknown = SLIPRING_LOST_UNKNOWN;

// What a read says.
struct Said {
  int64_t result;
  uint64_t lost = 0;
  uint64_t lost_bytes = 0;
  uint32_t truncated = 0;
  uint32_t flags = 0;
};

struct Run {
  Run(std::vector<Said> reads, Overflow overflow, uint32_t flags = 0, uint32_t slots = 8,
      std::unique_ptr<slipring::Framing> framing = nullptr)
      : rig(slots), pump(source.table, rig.channel, overflow) {
    pump.frame(std::move(framing));
    source.table.flags = flags;
    source.on_read = [this, reads](std::span<std::byte>, slipring_chunk* chunk, slipring_error* error) {
      const Said& said = reads.at(read++);
      chunk->lost = said.lost;
      chunk->lost_bytes = said.lost_bytes;
      chunk->truncated = said.truncated;
      chunk->flags = said.flags;
      if (said.result == SLIPRING_FAILED) error->number = 5;
      return said.result;
    };
    rig.arm_all();
    Options options = source.options();
    pump.run(options.view());
  }

  struct Found {
    uint64_t chunks_before;
    uint64_t bytes_before;
    bool operator==(const Found&) const = default;
  };
  Found take() {
    const int32_t index = rig.channel.take();
    if (index < 0) return {UINT64_MAX, UINT64_MAX};
    const slipring::Position& position = rig.channel.slot(static_cast<uint32_t>(index)).position;
    return {position.chunks, position.bytes};
  }
  [[nodiscard]] bool is_finished() { return rig.channel.take() == Channel::kFinished; }
  [[nodiscard]] Found end() const { return {rig.channel.end().chunks, rig.channel.end().bytes}; }
  [[nodiscard]] Outcome::Kind kind() const { return rig.channel.outcome().kind; }
  [[nodiscard]] const slipring::Counters& counters() const { return rig.channel.counters(); }

  ScriptedSource source;
  std::size_t read = 0;
  ChannelRig rig;
  Pump pump;
};

}  // namespace

TEST_CASE("a chunk that says what was lost before it stands behind that, and so do all after it") {
  for (const Overflow overflow : {Overflow::kBlock, Overflow::kDropOldest, Overflow::kDropNewest}) {
    Run run({{kLength}, {kLength, 3, 100}, {kLength}, {SLIPRING_END}}, overflow);
    CHECK(run.take() == Run::Found{0, 0});
    CHECK(run.take() == Run::Found{4, 104});
    CHECK(run.take() == Run::Found{5, 108});
    CHECK(run.is_finished());
    CHECK(run.kind() == Outcome::Kind::kEnded);
    CHECK(run.end() == Run::Found{6, 112});
  }
}

TEST_CASE("what was lost is counted as produced and dropped, and not as records") {
  Run run({{kLength, 3, 100}, {kLength}, {SLIPRING_END}}, Overflow::kBlock);
  CHECK(run.counters().chunks_produced.get() == 5);
  CHECK(run.counters().bytes_produced.get() == 108);
  CHECK(run.counters().dropped_chunks.get() == 3);
  CHECK(run.counters().dropped_bytes.get() == 100);
  CHECK(run.counters().records_produced.get() == 0);
  CHECK(run.counters().dropped_records.get() == 0);
  CHECK(run.counters().lost_records.get() == 0);
}

TEST_CASE("what was lost is counted although there is nothing, and although it is the end or a failure") {
  for (const int64_t last : {int64_t{SLIPRING_END}, int64_t{SLIPRING_FAILED}}) {
    CAPTURE(last);
    Run run({{SLIPRING_NOTHING, 1, 10}, {SLIPRING_NOTHING}, {kLength}, {last, 2, 20}}, Overflow::kBlock);
    CHECK(run.take() == Run::Found{1, 10});
    CHECK(run.is_finished());
    CHECK(run.kind() == (last == SLIPRING_END ? Outcome::Kind::kEnded : Outcome::Kind::kFailed));
    CHECK(run.end() == Run::Found{4, 34});
    CHECK(run.counters().dropped_chunks.get() == 3);
    CHECK(run.counters().dropped_bytes.get() == 30);
  }
}

TEST_CASE("lost files are no chunks: they are counted apart, and no number is missing") {
  Run run({{SLIPRING_NOTHING, 3, 0, 0, SLIPRING_CHUNK_LOST_FILES}, {kLength}, {SLIPRING_END}}, Overflow::kBlock);
  const int32_t index = run.rig.channel.take();
  REQUIRE(index >= 0);
  const slipring::Position& position = run.rig.channel.slot(static_cast<uint32_t>(index)).position;
  CHECK(position.chunks == 0);
  CHECK(position.files == 3);
  CHECK(run.is_finished());
  CHECK(run.end() == Run::Found{1, 4});
  CHECK(run.counters().lost_files.get() == 3);
  CHECK(run.counters().dropped_chunks.get() == 0);
  CHECK(run.counters().chunks_produced.get() == 1);
}

TEST_CASE("of a source that is framed records are lost: no chunk's number is missing, but theirs are") {
  using slipring::FixedSizeFramer;
  using slipring::Framing;
  Framing::Rules rules{std::make_unique<FixedSizeFramer>(kLength), kLength, Framing::Long::kFail, false};
  Run run({{kLength, 3, 100}, {kLength}, {SLIPRING_END}}, Overflow::kBlock, 0, 8,
          std::make_unique<Framing>(std::move(rules)));
  const int32_t index = run.rig.channel.take();
  REQUIRE(index >= 0);
  const slipring::Position& position = run.rig.channel.slot(static_cast<uint32_t>(index)).position;
  CHECK(position.chunks == 0);
  CHECK(position.records == 3);
  CHECK(position.bytes == 100);
  CHECK(run.take() == Run::Found{1, 104});
  CHECK(run.is_finished());
  CHECK(run.counters().lost_records.get() == 3);
  CHECK(run.counters().records_produced.get() == 2);
  CHECK(run.counters().dropped_chunks.get() == 0);
  CHECK(run.counters().dropped_bytes.get() == 100);
}

TEST_CASE("bytes that were cut off a file move the position of what comes after them") {
  Run run({{SLIPRING_NOTHING, 0, 70, 0, SLIPRING_CHUNK_LOST_FILES}, {kLength}, {SLIPRING_END}}, Overflow::kBlock);
  CHECK(run.take() == Run::Found{0, 70});
  CHECK(run.counters().dropped_bytes.get() == 70);
  CHECK(run.counters().dropped_chunks.get() == 0);
  CHECK(run.counters().lost_files.get() == 0);
}

TEST_CASE("with 'strict' a lost file is an overflow") {
  Run lost({{kLength}, {SLIPRING_NOTHING, 1, 0, 0, SLIPRING_CHUNK_LOST_FILES}}, Overflow::kStrict);
  CHECK(lost.take() == Run::Found{0, 0});
  CHECK(lost.is_finished());
  CHECK(lost.kind() == Outcome::Kind::kOverflowed);
}

TEST_CASE("what was lost adds to what is dropped here") {
  Run run({{kLength}, {kLength, 1, 10}, {kLength, 2, 20}, {SLIPRING_END}}, Overflow::kDropNewest, 0, 1);
  CHECK(run.take() == Run::Found{0, 0});
  CHECK(run.is_finished());
  CHECK(run.end() == Run::Found{6, 42});
  CHECK(run.counters().dropped_chunks.get() == 5);
  CHECK(run.counters().dropped_bytes.get() == 38);
}

TEST_CASE("with 'strict' what was lost is an overflow, with a chunk, with nothing and at the end") {
  for (const int64_t result : {kLength, int64_t{SLIPRING_NOTHING}, int64_t{SLIPRING_END}, int64_t{SLIPRING_FAILED}}) {
    CAPTURE(result);
    Run run({{kLength}, {result, 2, 20}}, Overflow::kStrict);
    CHECK(run.read == 2);
    CHECK(run.take() == Run::Found{0, 0});
    CHECK(run.is_finished());
    CHECK(run.kind() == Outcome::Kind::kOverflowed);
    CHECK(run.counters().dropped_chunks.get() == 2);
    CHECK(run.counters().dropped_bytes.get() == 20);
  }
}

TEST_CASE("a loss that nobody has counted stands before the next chunk and moves no number but its own") {
  Run run({{kLength}, {SLIPRING_NOTHING, kUnknown}, {kLength, kUnknown, 100}, {kLength}, {SLIPRING_END, kUnknown}},
          Overflow::kBlock);
  for (const auto& [before, losses] : {std::pair{Run::Found{0, 0}, 0}, {{1, 104}, 2}, {{2, 108}, 2}}) {
    const int32_t index = run.rig.channel.take();
    REQUIRE(index >= 0);
    const slipring::Position& position = run.rig.channel.slot(static_cast<uint32_t>(index)).position;
    CHECK(Run::Found{position.chunks, position.bytes} == before);
    CHECK(position.uncounted_losses == losses);
  }
  CHECK(run.is_finished());
  CHECK(run.kind() == Outcome::Kind::kEnded);
  CHECK(run.end() == Run::Found{3, 112});
  CHECK(run.rig.channel.end().uncounted_losses == 3);
  CHECK(run.counters().uncounted_losses.get() == 3);
  CHECK(run.counters().chunks_produced.get() == 3);
  CHECK(run.counters().dropped_chunks.get() == 0);
  CHECK(run.counters().dropped_bytes.get() == 100);
}

TEST_CASE("a loss behind a chunk stands before the next one and before the end") {
  const Said with_loss{.result = kLength, .flags = SLIPRING_CHUNK_LOSS_FOLLOWS};
  Run run({with_loss, {kLength}, with_loss, {SLIPRING_END}}, Overflow::kBlock);
  for (const uint64_t losses : {0, 1, 1}) {
    const int32_t index = run.rig.channel.take();
    REQUIRE(index >= 0);
    CHECK(run.rig.channel.slot(static_cast<uint32_t>(index)).position.uncounted_losses == losses);
  }
  CHECK(run.is_finished());
  CHECK(run.rig.channel.end().uncounted_losses == 2);
  CHECK(run.counters().uncounted_losses.get() == 2);
}

TEST_CASE("with 'strict' a loss behind a chunk is an overflow behind it") {
  Run run({{.result = kLength, .flags = SLIPRING_CHUNK_LOSS_FOLLOWS}}, Overflow::kStrict);
  CHECK(run.take() == Run::Found{0, 0});
  CHECK(run.is_finished());
  CHECK(run.kind() == Outcome::Kind::kOverflowed);
}

TEST_CASE("with 'strict' a loss that nobody has counted is an overflow, too") {
  Run run({{kLength}, {SLIPRING_NOTHING, kUnknown}}, Overflow::kStrict);
  CHECK(run.take() == Run::Found{0, 0});
  CHECK(run.is_finished());
  CHECK(run.kind() == Outcome::Kind::kOverflowed);
  CHECK(run.counters().uncounted_losses.get() == 1);
}

TEST_CASE("with 'strict' nothing lost is no overflow") {
  Run run({{kLength}, {SLIPRING_NOTHING}, {SLIPRING_END}}, Overflow::kStrict);
  CHECK(run.take() == Run::Found{0, 0});
  CHECK(run.is_finished());
  CHECK(run.kind() == Outcome::Kind::kEnded);
}

TEST_CASE("records that were cut are counted whoever has them") {
  for (const uint32_t flags : {0u, SLIPRING_SOURCE_RECORDS}) {
    Run run({{.result = kLength, .truncated = 2}, {.result = SLIPRING_END, .truncated = 1}}, Overflow::kBlock, flags);
    CHECK(run.counters().truncated_records.get() == 3);
    CHECK(run.counters().lost_records.get() == 0);
    CHECK(run.counters().dropped_chunks.get() == 0);
  }
}

TEST_CASE("records that were lost are counted, and are neither a gap nor an overflow") {
  Run run({{kLength, 3, 100}, {kLength}, {SLIPRING_END}}, Overflow::kStrict, SLIPRING_SOURCE_RECORDS);
  CHECK(run.take() == Run::Found{0, 0});
  CHECK(run.take() == Run::Found{1, 4});
  CHECK(run.is_finished());
  CHECK(run.kind() == Outcome::Kind::kEnded);
  CHECK(run.end() == Run::Found{2, 8});
  CHECK(run.counters().lost_records.get() == 3);
  CHECK(run.counters().dropped_chunks.get() == 0);
  CHECK(run.counters().dropped_bytes.get() == 0);
  CHECK(run.counters().bytes_produced.get() == 8);
}

TEST_CASE("what was lost before a stop is counted, whether it is told before the stop or after it") {
  ScriptedSource source;
  ChannelRig rig(4);
  Pump pump(source.table, rig.channel);
  source.can_wait();
  int reads = 0;
  source.on_read = [&](std::span<std::byte>, slipring_chunk* chunk, slipring_error*) -> int64_t {
    chunk->lost = 1;
    chunk->lost_bytes = 10;
    if (++reads == 2) pump.request_stop();
    return reads < 3 ? kLength : SLIPRING_FAILED;
  };
  rig.arm_all();
  Options options = source.options();
  pump.run(options.view());
  CHECK(reads == 3);
  CHECK(rig.channel.take() == 0);
  CHECK(rig.channel.take() == Channel::kFinished);
  CHECK(rig.channel.outcome().kind == Outcome::Kind::kStopped);
  CHECK(rig.channel.end().chunks == 4);
  CHECK(rig.channel.end().bytes == 34);
  CHECK(rig.channel.counters().dropped_chunks.get() == 3);
}
