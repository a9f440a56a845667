// The producer loop against a source that the test scripts, all on one thread.
#include "core/pump/pump.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include "channel_rig.h"
#include "core/clock.h"
#include "scripted_source.h"

using slipring::Channel;
using slipring::monotonic_ns;
using slipring::Outcome;
using slipring::Pump;
using slipring::test::ChannelRig;
using slipring::test::Options;
using slipring::test::ScriptedSource;

namespace {

// A pump that has run to its end. The script must end within as many chunks as there are slots.
struct Run {
  explicit Run(ScriptedSource& source, uint32_t slots = 4) : rig(slots), pump(source.table, rig.channel) {
    rig.arm_all();
    Options options = source.options();
    pump.run(options.view());
  }
  [[nodiscard]] const Outcome& outcome() const { return rig.channel.outcome(); }

  ChannelRig rig;
  Pump pump;
};

}  // namespace

TEST_CASE("a source is opened and read to its end and closed in this order") {
  ScriptedSource source;
  std::string calls;
  source.on_open = [&](slipring_error*) {
    calls += "open ";
    return 0;
  };
  source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) -> int64_t {
    calls += "read ";
    return calls == "open read read read " ? 0 : 1;
  };
  source.on_cancel = [&] { calls += "cancel "; };
  source.on_close = [&] { calls += "close"; };
  Run run(source);
  CHECK(calls == "open read read read close");
  CHECK(run.rig.channel.take() == 0);
  CHECK(run.rig.channel.take() == 1);
  CHECK(run.rig.channel.take() == Channel::kFinished);
  CHECK(run.outcome().kind == Outcome::Kind::kEnded);
  CHECK(run.outcome().error.number == 0);
}

TEST_CASE("each read gets a slot's whole memory and its result is the slot's content") {
  ScriptedSource source;
  int64_t reads = 0;
  source.on_read = [&](std::span<std::byte> into, slipring_chunk* chunk, slipring_error*) -> int64_t {
    CHECK(into.size() == 16);
    if (++reads == 3) return 0;
    std::memset(into.data(), static_cast<int>(reads), into.size());
    chunk->timestamp = static_cast<uint64_t>(100 * reads);
    chunk->user = static_cast<uint64_t>(200 * reads);
    chunk->record_count = static_cast<uint32_t>(300 * reads);
    return 10 + reads;
  };
  Run run(source);
  for (uint32_t i = 0; i < 2; ++i) {
    REQUIRE(run.rig.channel.take() == static_cast<int32_t>(i));
    const slipring::Slot& slot = run.rig.channel.slot(i);
    CHECK(slot.data == run.rig.memory.data() + 16 * i);
    CHECK(slot.data[0] == static_cast<std::byte>(i + 1));
    CHECK(slot.length == 11 + i);
    CHECK(slot.timestamp == 100 * (i + 1));
    CHECK(slot.user == 200 * (i + 1));
    CHECK(slot.record_count == 300 * (i + 1));
  }
  CHECK(run.rig.channel.counters().bytes_produced.get() == 11 + 12);
}

TEST_CASE("a chunk without a time is stamped when it was read") {
  ScriptedSource source;
  uint64_t read_at = 0;
  source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) -> int64_t {
    if (read_at != 0) return 0;
    read_at = monotonic_ns();
    return 1;
  };
  Run run(source);
  REQUIRE(run.rig.channel.take() == 0);
  CHECK(run.rig.channel.slot(0).timestamp >= read_at);
  CHECK(run.rig.channel.slot(0).timestamp <= monotonic_ns());
}

TEST_CASE("chunk and error are clean before each call whatever the call before left there") {
  ScriptedSource source;
  const auto check_clean = [](const slipring_error* error) {
    CHECK(error->struct_size == sizeof(slipring_error));
    CHECK(error->number == 0);
    CHECK(error->syscall[0] == '\0');
    CHECK(error->text[0] == '\0');
  };
  const auto soil = [](slipring_error* error) {
    std::strcpy(error->syscall, "dirt");
    std::strcpy(error->text, "dirt");
    error->number = 1;
  };
  source.on_open = [&](slipring_error* error) {
    check_clean(error);
    soil(error);
    return 0;
  };
  int reads = 0;
  source.on_read = [&](std::span<std::byte>, slipring_chunk* chunk, slipring_error* error) -> int64_t {
    check_clean(error);
    CHECK(chunk->struct_size == sizeof(slipring_chunk));
    CHECK(chunk->timestamp == 0);
    CHECK(chunk->user == 0);
    CHECK(chunk->record_count == 0);
    soil(error);
    chunk->timestamp = 1;
    chunk->user = 2;
    if (++reads == 4) return 0;
    chunk->record_count = 3;
    return 1;
  };
  Run run(source);
  CHECK(reads == 4);
}

TEST_CASE("a source that cannot be opened is neither read nor cancelled nor closed") {
  ScriptedSource source;
  source.on_open = [](slipring_error* error) {
    error->number = 2;
    std::strcpy(error->syscall, "open");
    std::strcpy(error->text, "There is no such thing.");
    return -1;
  };
  std::string calls;
  source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) {
    calls += "read ";
    return 0;
  };
  source.on_cancel = [&] { calls += "cancel "; };
  source.on_close = [&] { calls += "close "; };
  Run run(source);
  run.pump.request_stop();
  CHECK(calls.empty());
  CHECK(run.rig.channel.open_failed());
  CHECK(run.rig.channel.take() == Channel::kFinished);
  CHECK(run.outcome().kind == Outcome::Kind::kFailed);
  CHECK(run.outcome().error.number == 2);
  CHECK(std::string(run.outcome().error.syscall) == "open");
  CHECK(std::string(run.outcome().error.text) == "There is no such thing.");
}

TEST_CASE("a read that fails ends the stream with its error after what was read before") {
  ScriptedSource source;
  int reads = 0;
  source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error* error) -> int64_t {
    if (++reads < 3) return 1;
    error->number = 5;
    std::strcpy(error->syscall, "read");
    return -1;
  };
  int closes = 0;
  source.on_close = [&] { ++closes; };
  Run run(source);
  CHECK(reads == 3);
  CHECK(closes == 1);
  CHECK(run.rig.channel.take() == 0);
  CHECK(run.rig.channel.take() == 1);
  CHECK(run.rig.channel.take() == Channel::kFinished);
  CHECK_FALSE(run.rig.channel.open_failed());
  CHECK(run.outcome().kind == Outcome::Kind::kFailed);
  CHECK(run.outcome().error.number == 5);
  CHECK(std::string(run.outcome().error.syscall) == "read");
}

TEST_CASE("the consumer learns the descriptor before the first read") {
  ScriptedSource source;
  const Channel* channel = nullptr;
  ChannelRig rig(1);
  channel = &rig.channel;
  source.on_read = [&](std::span<std::byte>, slipring_chunk*, slipring_error*) {
    CHECK(channel->is_open());
    CHECK(channel->descriptor() == 33);
    return 0;
  };
  rig.arm_all();
  Pump pump(source.table, rig.channel);
  Options options = source.options();
  pump.run(options.view());
  CHECK(rig.channel.is_open());
}

TEST_CASE("a source without a descriptor function has none") {
  ScriptedSource source;
  source.table.descriptor = nullptr;
  Run run(source);
  CHECK(run.rig.channel.is_open());
  CHECK(run.rig.channel.descriptor() == -1);
}

TEST_CASE("a consumer that was not woken for a chunk is woken when nothing follows it after all") {
  ScriptedSource source;
  ChannelRig rig(8);
  Pump pump(source.table, rig.channel);
  source.can_wait();
  int reads = 0;
  uint64_t rings = 0;
  source.on_read = [&](std::span<std::byte>, slipring_chunk* chunk, slipring_error*) -> int64_t {
    chunk->flags = SLIPRING_CHUNK_MORE;
    ++reads;
    if (reads == 2) {
      CHECK(rig.channel.take() == 0);
      CHECK(rig.channel.take() == Channel::kNothing);
      rings = rig.bell.count();
    }
    return reads <= 2 ? 4 : reads == 3 ? int64_t{SLIPRING_NOTHING} : int64_t{SLIPRING_END};
  };
  source.on_wait = [&](slipring_error*) {
    CHECK(rig.bell.count() == rings + 1);
    return 0;
  };
  rig.arm_all();
  Options options = source.options();
  pump.run(options.view());
  CHECK(reads == 4);
}

TEST_CASE("the end is announced when the source is closed") {
  ScriptedSource source;
  ChannelRig rig(1);
  bool finished_in_close = true;
  source.on_close = [&] { finished_in_close = rig.channel.listen_for_finish(); };
  rig.arm_all();
  Pump pump(source.table, rig.channel);
  Options options = source.options();
  pump.run(options.view());
  CHECK_FALSE(finished_in_close);
  CHECK(rig.channel.listen_for_finish());
}
