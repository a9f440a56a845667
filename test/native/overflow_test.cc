// What becomes of data that meets a full ring, with a source that the test scripts, all on one thread.
#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "channel_rig.h"
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

constexpr uint32_t kSlots = 3;

// A pump whose source delivers ten chunks, of 1 to 10 bytes, each its own number; the consumer may act before each.
struct Run {
  explicit Run(Overflow overflow, std::function<void(Run&, int)> before_chunk = nullptr)
      : rig(kSlots), pump(source.table, rig.channel, overflow) {
    source.can_wait();
    source.on_read = [this, before_chunk](std::span<std::byte> into, slipring_chunk* chunk,
                                          slipring_error*) -> int64_t {
      if (read == 10) return SLIPRING_END;
      ++read;
      if (before_chunk) before_chunk(*this, read);
      std::memset(into.data(), read, static_cast<std::size_t>(read));
      chunk->record_count = static_cast<uint32_t>(2 * read);
      return read;
    };
    rig.arm_all();
    Options options = source.options();
    pump.run(options.view());
  }

  // What the consumer finds: the number of each chunk, and of all that came before it.
  struct Found {
    int number;
    uint64_t chunks_before;
    uint64_t bytes_before;
    uint64_t records_before;
    bool operator==(const Found&) const = default;
  };
  Found take() {
    const slipring::Slot& slot = rig.channel.slot(static_cast<uint32_t>(rig.channel.take()));
    return {static_cast<int>(slot.data[0]), slot.position.chunks, slot.position.bytes, slot.position.records};
  }
  [[nodiscard]] const slipring::Counters& counters() const { return rig.channel.counters(); }

  ScriptedSource source;
  int read = 0;
  ChannelRig rig;
  Pump pump;
};

}  // namespace

TEST_CASE("drop-oldest keeps the newest chunks and each knows what is missing before it") {
  Run run(Overflow::kDropOldest);
  CHECK(run.take() == Run::Found{8, 7, 28, 56});
  CHECK(run.take() == Run::Found{9, 8, 36, 72});
  CHECK(run.take() == Run::Found{10, 9, 45, 90});
  CHECK(run.rig.channel.take() == Channel::kFinished);
  CHECK(run.rig.channel.outcome().kind == Outcome::Kind::kEnded);
  CHECK(run.counters().dropped_chunks.get() == 7);
  CHECK(run.counters().dropped_bytes.get() == 28);
  CHECK(run.counters().dropped_records.get() == 56);
  CHECK(run.counters().chunks_produced.get() == 10);
  CHECK(run.counters().bytes_produced.get() == 55);
  CHECK(run.counters().records_produced.get() == 110);
}

TEST_CASE("drop-newest keeps the oldest chunks and the end knows what is missing before it") {
  Run run(Overflow::kDropNewest);
  for (int i = 1; i <= 3; ++i) CHECK(run.take().number == i);
  CHECK(run.rig.channel.take() == Channel::kFinished);
  CHECK(run.rig.channel.end().chunks == 10);
  CHECK(run.rig.channel.end().bytes == 55);
  CHECK(run.rig.channel.end().records == 110);
  CHECK(run.counters().dropped_chunks.get() == 7);
  CHECK(run.counters().dropped_bytes.get() == 49);
  CHECK(run.counters().dropped_records.get() == 98);
}

TEST_CASE("with drop-newest the chunk after the missing ones knows of them and so does the end") {
  // When chunk 6 is there, the consumer gives a slot back.
  Run run(Overflow::kDropNewest, [](Run& self, int number) {
    if (number != 6) return;
    CHECK(self.take().number == 1);
    self.rig.arm(0);
  });
  CHECK(run.take().number == 2);
  CHECK(run.take().number == 3);
  CHECK(run.take() == Run::Found{6, 5, 15, 30});
  CHECK(run.rig.channel.take() == Channel::kFinished);
  CHECK(run.rig.channel.end().chunks == 10);
  CHECK(run.counters().dropped_chunks.get() == 6);  // 4, 5, and 7 to 10
}

TEST_CASE("with drop-oldest no chunk is dropped for one that the consumer already has") {
  // From chunk 2 on the consumer takes each chunk before the next one comes, and gives none back.
  Run run(Overflow::kDropOldest, [](Run& self, int number) {
    if (number >= 2 && number <= 4) CHECK(self.take().number == number - 1);
  });
  CHECK(run.rig.channel.take() == Channel::kFinished);
  CHECK(run.counters().dropped_chunks.get() == 7);
  CHECK(run.rig.channel.end().chunks == 10);
}

TEST_CASE("strict ends the stream after the chunks that there was room for") {
  Run run(Overflow::kStrict);
  CHECK(run.read == 4);
  for (int i = 1; i <= 3; ++i) CHECK(run.take().number == i);
  CHECK(run.rig.channel.take() == Channel::kFinished);
  CHECK(run.rig.channel.outcome().kind == Outcome::Kind::kOverflowed);
  CHECK(run.counters().dropped_chunks.get() == 1);
}

TEST_CASE("the end and a failure are no overflow") {
  for (const Overflow overflow : {Overflow::kDropOldest, Overflow::kDropNewest, Overflow::kStrict}) {
    for (const int64_t last : {SLIPRING_END, SLIPRING_FAILED}) {
      ScriptedSource source;
      ChannelRig rig(2);
      int reads = 0;
      source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) -> int64_t {
        return ++reads <= 2 ? 1 : last;
      };
      rig.arm_all();
      Pump pump(source.table, rig.channel, overflow);
      Options options = source.options();
      pump.run(options.view());
      CHECK(rig.channel.ready_count() == 2);
      CHECK(rig.channel.counters().dropped_chunks.get() == 0);
      CHECK(rig.channel.outcome().kind == (last == SLIPRING_END ? Outcome::Kind::kEnded : Outcome::Kind::kFailed));
    }
  }
}

TEST_CASE("a batch that met a full ring keeps its table of records") {
  ScriptedSource source;
  ChannelRig rig(1, 64);
  uint64_t reads = 0;
  source.on_read = [&](std::span<std::byte> into, slipring_chunk* chunk, slipring_error*) -> int64_t {
    if (++reads == 4) return SLIPRING_END;
    std::memset(into.data(), static_cast<int>(reads), into.size());
    std::memcpy(into.data() + 8, &reads, 8);
    std::memcpy(into.data() + 16, &reads, 8);
    chunk->record_count = 2;
    chunk->record_size = 8;
    return 5;
  };
  rig.arm_all();
  Pump pump(source.table, rig.channel, Overflow::kDropOldest);
  Options options = source.options();
  pump.run(options.view());
  REQUIRE(rig.channel.take() == 0);
  const slipring::Slot& slot = rig.channel.slot(0);
  CHECK(slot.length == 5);
  CHECK(slot.record_count == 2);
  uint64_t table[2];
  std::memcpy(table, slot.data + 8, sizeof table);
  CHECK(table[0] == 3);
  CHECK(table[1] == 3);
  CHECK(slot.data[24] != static_cast<std::byte>(3));  // nothing behind it was copied
}

TEST_CASE("a full ring is no overflow before there is data") {
  ScriptedSource source;
  ChannelRig rig(1);
  bool has_data = true;
  int reads = 0;
  source.can_wait();
  // The consumer is back before there is data.
  source.on_wait = [&](slipring_error*) {
    CHECK(rig.channel.take() == 0);
    rig.arm(0);
    has_data = true;
    return 0;
  };
  source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) -> int64_t {
    if (!has_data) return SLIPRING_NOTHING;
    has_data = false;
    return ++reads < 5 ? 1 : SLIPRING_END;
  };
  rig.arm_all();
  Pump pump(source.table, rig.channel, Overflow::kStrict);
  Options options = source.options();
  pump.run(options.view());
  CHECK(reads == 5);
  CHECK(rig.channel.outcome().kind == Outcome::Kind::kEnded);
}

TEST_CASE("a wait that fails is the stream's error") {
  ScriptedSource source;
  ChannelRig rig(1);
  source.can_wait();
  source.on_wait = [](slipring_error* error) {
    error->number = 5;
    return -1;
  };
  source.on_read = [](std::span<std::byte>, slipring_chunk*, slipring_error*) { return 1; };
  rig.arm_all();
  Pump pump(source.table, rig.channel);
  Options options = source.options();
  pump.run(options.view());
  CHECK(rig.channel.take() == 0);
  CHECK(rig.channel.take() == Channel::kFinished);
  CHECK(rig.channel.outcome().kind == Outcome::Kind::kFailed);
  CHECK(rig.channel.outcome().error.number == 5);
}

TEST_CASE("a source that has nothing is read again and what it lost is counted") {
  ScriptedSource source;
  source.table.flags = SLIPRING_SOURCE_RECORDS;
  ChannelRig rig(1);
  int reads = 0;
  source.on_read = [&](std::span<std::byte>, slipring_chunk* chunk, slipring_error*) -> int64_t {
    chunk->lost = 3;
    chunk->truncated = 2;
    ++reads;
    if (reads == 3) chunk->record_count = 1;  // an empty record is data
    return reads < 3 ? SLIPRING_NOTHING : 0;
  };
  int waits = 0;
  source.on_wait = [&](slipring_error*) {
    if (++waits < 3) return 0;  // for data
    CHECK(rig.channel.take() == 0);
    CHECK(rig.channel.slot(0).length == 0);
    rig.arm(0);
    return 0;
  };
  source.can_wait();
  rig.arm_all();
  Pump pump(source.table, rig.channel);
  Options options = source.options();
  pump.run(options.view());
  CHECK(reads == 4);
  CHECK(waits == 3);
  CHECK(rig.channel.take() == Channel::kFinished);
  CHECK(rig.channel.outcome().kind == Outcome::Kind::kEnded);
  CHECK(rig.channel.counters().lost_records.get() == 12);
  CHECK(rig.channel.counters().truncated_records.get() == 8);
  CHECK(rig.channel.counters().chunks_produced.get() == 1);
}

TEST_CASE("a source learns that the consumer is behind") {
  ScriptedSource source;
  ChannelRig rig(2);
  std::vector<uint32_t> hints;
  source.on_read = [&](std::span<std::byte>, slipring_chunk* chunk, slipring_error*) {
    hints.push_back(chunk->hints);
    return hints.size() < 3 ? 1 : 0;
  };
  source.can_wait();
  source.on_wait = [&](slipring_error*) {
    for (int i = 0; i < 2; ++i) rig.arm(static_cast<uint32_t>(rig.channel.take()));
    return 0;
  };
  rig.arm_all();
  Pump pump(source.table, rig.channel);
  Options options = source.options();
  pump.run(options.view());
  CHECK(hints == std::vector<uint32_t>{0, SLIPRING_HINT_BEHIND, 0});
}
