// A producer thread that itself writes what it reads.
#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "channel_rig.h"
#include "core/pump/pump.h"
#include "core/ring/outlet.h"
#include "scripted_source.h"
#include "stream_rig.h"

using slipring::Channel;
using slipring::Outcome;
using slipring::Outlet;
using slipring::Pump;
using slipring::Slot;
using slipring::test::ChannelRig;
using slipring::test::Hint;
using slipring::test::Options;
using slipring::test::ScriptedSource;
using slipring::test::StreamRig;

namespace {

// What became of the test's outlet, and of what was written there.
struct Written {
  std::string bytes;
  int writes = 0;
  bool closed = false;
};

class TestOutlet final : public Outlet {
 public:
  // What a write says where there is no room any more, and how much one takes.
  struct Manner {
    std::size_t room = SIZE_MAX;
    int when_full = ENOSPC;
    std::size_t at_a_time = SIZE_MAX;
    bool at_once = true;
  };
  explicit TestOutlet(Written& to) : TestOutlet(to, {}) {}
  TestOutlet(Written& to, const Manner& manner) : to_(to), manner_(manner) {}
  ~TestOutlet() override { to_.closed = true; }
  TestOutlet(const TestOutlet&) = delete;
  TestOutlet& operator=(const TestOutlet&) = delete;

  [[nodiscard]] bool takes_at_once() noexcept override { return manner_.at_once; }
  [[nodiscard]] Result write(std::span<const std::byte> bytes) noexcept override {
    const std::size_t length = std::min({bytes.size(), manner_.room - to_.bytes.size(), manner_.at_a_time});
    to_.bytes.append(reinterpret_cast<const char*>(bytes.data()), length);
    ++to_.writes;
    return {.bytes = length, .error = length == 0 ? manner_.when_full : 0};
  }

 private:
  Written& to_;
  const Manner manner_;
};

// Reads 'aaaa', 'bbbb', and so on; `last` is the number of the first read that is not followed at once.
struct Letters {
  explicit Letters(int count, int last = 100) {
    source.on_read = [this, count, last](std::span<std::byte> into, slipring_chunk* chunk, slipring_error*) -> int64_t {
      if (read == count) return SLIPRING_END;
      chunk->flags = read + 1 < last ? SLIPRING_CHUNK_MORE : 0;
      const std::size_t length = std::min<std::size_t>(4, into.size());
      std::fill_n(into.begin(), length, static_cast<std::byte>('a' + read++));
      return static_cast<int64_t>(length);
    };
  }
  ScriptedSource source;
  int read = 0;
};

// The first chunk is handed over, as always; then slot 0 is to be carried.
struct Run {
  explicit Run(Letters& letters, std::unique_ptr<Outlet> outlet) : rig(2), pump(letters.source.table, rig.channel) {
    rig.arm(1);
    rig.channel.slot(0).outlet = std::move(outlet);
    rig.arm(0);
    Options options = letters.source.options();
    // Nobody takes anything meanwhile: the pump ends, or is stopped.
    pump.run(options.view());
    CHECK(rig.take() == 1);
  }
  const slipring::Carried& carried() { return rig.channel.slot(0).carried; }

  ChannelRig rig;
  Pump pump;
};

}  // namespace

TEST_CASE("what is carried is written in order, behind what was handed over, and comes back as one empty slot") {
  Letters letters(4);
  Written written;
  Run run(letters, std::make_unique<TestOutlet>(written));
  CHECK(written.bytes == "bbbbccccdddd");
  CHECK(written.closed);
  CHECK(run.rig.take() == 0);
  CHECK(run.carried().read == 12);
  CHECK(run.carried().written == 12);
  CHECK(run.carried().error == 0);
  CHECK(run.carried().last);
  CHECK(run.rig.channel.slot(0).position.bytes == 4);
  CHECK(run.rig.take() == Channel::kFinished);
  CHECK(run.rig.channel.end().bytes == 16);
  CHECK(run.rig.channel.outcome().kind == Outcome::Kind::kEnded);
}

TEST_CASE("what a write leaves is written by the next ones") {
  Letters letters(3);
  Written written;
  Run run(letters, std::make_unique<TestOutlet>(written, TestOutlet::Manner{.at_a_time = 3}));
  CHECK(written.bytes == "bbbbcccc");
  CHECK(written.writes == 4);
  CHECK(run.carried().written == 8);
}

TEST_CASE("a source that fails while it is carried fails after what was written") {
  Letters letters(3);
  const auto read = letters.source.on_read;
  letters.source.on_read = [&](std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) -> int64_t {
    if (letters.read < 2) return read(into, chunk, error);
    error->number = EIO;
    return SLIPRING_FAILED;
  };
  Written written;
  Run run(letters, std::make_unique<TestOutlet>(written));
  CHECK(written.bytes == "bbbb");
  CHECK(run.rig.take() == 0);
  CHECK(run.carried().last);
  CHECK(run.rig.take() == Channel::kFinished);
  CHECK(run.rig.channel.outcome().error.number == EIO);
}

// The pump parks when it has no slot left: what comes back until then is all there is.
TEST_CASE("carrying ends") {
  int last = 100;
  Written written;
  std::unique_ptr<Outlet> outlet;
  slipring::Carried expected{};
  std::string bytes;
  SUBCASE("with an error of the write, before which some was written") {
    outlet = std::make_unique<TestOutlet>(written, TestOutlet::Manner{.room = 6});
    expected = {.last = false, .read = 8, .written = 6, .error = ENOSPC};
    bytes = "bbbbcc";
  }
  SUBCASE("with an error where one write after the other writes nothing") {
    outlet = std::make_unique<TestOutlet>(written, TestOutlet::Manner{.room = 6, .when_full = 0});
    expected = {.last = false, .read = 8, .written = 6, .error = EIO};
    bytes = "bbbbcc";
  }
  SUBCASE("or asks to be tried again") {
    outlet = std::make_unique<TestOutlet>(written, TestOutlet::Manner{.room = 6, .when_full = EAGAIN});
    expected = {.last = false, .read = 8, .written = 6, .error = EIO};
    bytes = "bbbbcc";
  }
  SUBCASE("at once where a write might take for ever") {
    outlet = std::make_unique<TestOutlet>(written, TestOutlet::Manner{.at_once = false});
    expected = {.last = true};
  }
  SUBCASE("when the source has nothing at hand any more") {
    last = 3;
    outlet = std::make_unique<TestOutlet>(written);
    expected = {.last = false, .read = 8, .written = 8};
    bytes = "bbbbcccc";
  }
  Letters letters(10, last);
  StreamRig stream(letters.source.table, letters.source.options(), 2, 16);
  stream.rig.arm(1);
  stream.rig.channel.slot(0).outlet = std::move(outlet);
  stream.rig.arm(0);
  REQUIRE(stream.start() == 0);
  CHECK(stream.rig.take() == 1);
  CHECK(stream.rig.take() == 0);
  const slipring::Carried& carried = stream.rig.channel.slot(0).carried;
  CHECK(carried.last == expected.last);
  CHECK(carried.read == expected.read);
  CHECK(carried.written == expected.written);
  CHECK(carried.error == expected.error);
  CHECK(written.bytes == bytes);
  CHECK(written.closed);
  // It goes on as ever: nothing was lost, and nothing comes twice.
  stream.rig.arm(1);
  CHECK(stream.rig.take() == 1);
  CHECK(static_cast<char>(stream.rig.channel.slot(1).data[0]) == (expected.read == 8 ? 'd' : 'b'));
}

TEST_CASE("carrying comes back every now and then, and can go on") {
  class Nowhere final : public Outlet {
   public:
    explicit Nowhere(uint64_t& to) : to_(to) {}
    [[nodiscard]] bool takes_at_once() noexcept override { return true; }
    [[nodiscard]] Result write(std::span<const std::byte> bytes) noexcept override {
      to_ += bytes.size();
      return {.bytes = bytes.size()};
    }

   private:
    uint64_t& to_;
  };
  ScriptedSource source;
  source.on_read = [](std::span<std::byte> into, slipring_chunk* chunk, slipring_error*) {
    chunk->flags = SLIPRING_CHUNK_MORE;
    return static_cast<int64_t>(into.size());
  };
  uint64_t written = 0;
  uint64_t told = 0;
  StreamRig stream(source.table, source.options(), 2, 16);
  stream.rig.arm(1);
  for (int times = 0; times < 2; ++times) {
    stream.rig.channel.slot(0).outlet = std::make_unique<Nowhere>(written);
    stream.rig.arm(0);
    if (times == 0) {
      REQUIRE(stream.start() == 0);
      CHECK(stream.rig.take() == 1);
    }
    CHECK(stream.rig.take() == 0);
    const slipring::Carried& carried = stream.rig.channel.slot(0).carried;
    CHECK_FALSE(carried.last);
    CHECK(carried.read > 0);
    CHECK(carried.written == carried.read);
    told += carried.written;
    CHECK(written == told);
  }
}

TEST_CASE("a stop ends it in the middle of what was read, and nothing is written after that") {
  class Stopping final : public Outlet {
   public:
    explicit Stopping(Written& to) : to_(to) {}
    ~Stopping() override { to_.closed = true; }
    Stopping(const Stopping&) = delete;
    Stopping& operator=(const Stopping&) = delete;
    [[nodiscard]] bool takes_at_once() noexcept override { return true; }
    [[nodiscard]] Result write(std::span<const std::byte> /*bytes*/) noexcept override {
      if (++to_.writes == 2) pump->request_stop();
      return {.bytes = 1};
    }
    Pump* pump = nullptr;

   private:
    Written& to_;
  };
  Letters letters(100);
  Written written;
  auto outlet = std::make_unique<Stopping>(written);
  StreamRig stream(letters.source.table, letters.source.options(), 2, 16);
  outlet->pump = &stream.pump;
  stream.rig.arm(1);
  stream.rig.channel.slot(0).outlet = std::move(outlet);
  stream.rig.arm(0);
  REQUIRE(stream.start() == 0);
  stream.join();
  CHECK(written.writes == 2);
  CHECK(written.closed);
  CHECK(stream.rig.channel.slot(0).carried.read == 4);
  CHECK(stream.rig.channel.slot(0).carried.written == 2);
  CHECK(stream.rig.channel.counters().bytes_produced.get() == 8);
  CHECK(stream.rig.channel.outcome().kind == Outcome::Kind::kStopped);
}
