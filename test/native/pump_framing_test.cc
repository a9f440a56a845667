// A source that waits, and whose bytes become records: what is here needs no wait for more.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>

#include "channel_rig.h"
#include "core/framing/delimiter.h"
#include "core/framing/frame.h"
#include "core/framing/framing.h"
#include "core/pump/pump.h"
#include "scripted_source.h"
#include "support.h"

using slipring::Channel;
using slipring::DelimiterFramer;
using slipring::FrameFramer;
using slipring::Framing;
using slipring::kCobs;
using slipring::Pump;
using slipring::test::ChannelRig;
using slipring::test::Options;
using slipring::test::ScriptedSource;
using slipring::test::Tally;
using slipring::test::TestThread;

namespace {

std::unique_ptr<Framing> lines(bool flushes = false) {
  const auto newline = std::as_bytes(std::span("\n", 1));
  return std::make_unique<Framing>(Framing::Rules{std::make_unique<DelimiterFramer>(newline, true, 1000), 1000,
                                                  Framing::Long::kFail, true, flushes});
}

// Gives a text at once, and then has nothing until it is cancelled. When the text is `hidden`, the producer thread does
// not notice it, and only help can find it.
struct OneText {
  OneText(std::string text, uint32_t slots, std::unique_ptr<Framing> framing, bool hidden = false)
      : rig(slots, 64), pump(source.table, rig.channel), hidden_(hidden) {
    source.can_wait();
    source.table.flags = SLIPRING_SOURCE_READ_ANYWHERE;
    source.on_read = [this, text](std::span<std::byte> into, slipring_chunk*, slipring_error*) -> int64_t {
      if (hidden_ && shown_.get() == 0) return SLIPRING_NOTHING;
      const std::size_t length = std::min(into.size(), text.size() - given_);
      std::memcpy(into.data(), text.data() + given_, length);
      given_ += length;
      return length > 0 ? static_cast<int64_t>(length) : SLIPRING_NOTHING;
    };
    source.on_wait = [this, text](slipring_error*) {
      waits_.add();
      if (hidden_ || given_ == text.size()) cancelled_.await(1);
      return cancelled_.get() > 0 ? -1 : 0;
    };
    source.on_cancel = [this] { cancelled_.add(); };
    rig.arm_all();
    pump.frame(std::move(framing));
    thread_ = std::make_unique<TestThread>([this] {
      Options options = source.options();
      pump.run(options.view());
    });
  }
  ~OneText() {
    pump.request_stop();
    thread_->join();
  }
  OneText(const OneText&) = delete;
  OneText& operator=(const OneText&) = delete;

  // How many records end in the next chunk.
  uint32_t take() {
    const auto index = static_cast<uint32_t>(rig.take());
    const uint32_t count = rig.channel.slot(index).record_count;
    rig.arm(index);
    pump.slot_armed();
    return count;
  }
  // How many bytes were read of the text.
  [[nodiscard]] std::size_t given() const { return given_; }
  Pump::Help help() {
    waits_.await(1);
    CHECK(rig.channel.take() == Channel::kNothing);
    shown_.add();
    return pump.help(place_);
  }
  // Of a record that does not end in a first read.
  Pump::Help help_twice() {
    CHECK_FALSE(help().useful);
    return pump.help(place_);
  }

  ScriptedSource source;
  ChannelRig rig;
  Pump pump;

 private:
  const bool hidden_;
  Tally shown_;
  Tally waits_;
  Tally cancelled_;
  std::size_t given_ = 0;
  std::array<std::byte, 256> place_{};
  std::unique_ptr<TestThread> thread_;
};

std::string long_line() { return std::string(100, 'x') + '\n'; }

constexpr uint32_t kMore = 40;

std::string short_lines() {
  std::string text;
  for (uint32_t i = 0; i < kMore; ++i) text += "line\n";
  return text;
}

}  // namespace

TEST_CASE("records that are here do not wait for the source when there is a slot again") {
  OneText stage(long_line() + short_lines(), 1, lines());
  uint32_t records = 0;
  while (records < 1 + kMore) records += stage.take();
  CHECK(records == 1 + kMore);
}

TEST_CASE(
    "records that help has found are all handed on, as soon as there are slots, though the producer thread waits") {
  OneText stage(long_line() + short_lines(), 2, lines(), true);
  const Pump::Help help = stage.help_twice();
  CHECK(help.published);
  CHECK(help.records == 0);
  uint32_t records = 0;
  while (records < 1 + kMore) records += stage.take();
  CHECK(records == 1 + kMore);
}

TEST_CASE("a record that comes in parts is no message, nor is its last part") {
  OneText stage(long_line(), 4, lines(), true);
  const Pump::Help help = stage.help_twice();
  CHECK(help.published);
  CHECK(help.records == 0);
  CHECK(stage.take() == 0);
  CHECK(stage.take() == 1);
}

TEST_CASE("help reads once of a record that does not end, and leaves the rest to the producer thread (Rule 11)") {
  OneText stage(std::string(10'000, 'x'), 4, lines(), true);
  const Pump::Help help = stage.help();
  CHECK_FALSE(help.useful);
  CHECK(stage.given() > 0);
  CHECK(stage.given() <= 256);
}

TEST_CASE("a record is a message, also an empty one") {
  auto cobs = std::make_unique<Framing>(
      Framing::Rules{std::make_unique<FrameFramer>(kCobs, 1000), 1000, Framing::Long::kFail, false});
  OneText stage(std::string("\x01\0", 2), 4, std::move(cobs), true);
  const Pump::Help help = stage.help();
  CHECK_FALSE(help.published);
  CHECK(help.message == 0);
  CHECK(help.records == 1);
}

TEST_CASE("a record that has begun is told also when the producer thread has no slot") {
  OneText stage("one\ntwo", 1, lines(true));
  const auto index = static_cast<uint32_t>(stage.rig.take());
  while (!stage.pump.flush(UINT64_MAX)) std::this_thread::yield();
  CHECK(stage.pump.flush(0));  // for want of a slot
  stage.rig.arm(index);
  CHECK_FALSE(stage.pump.flush(0));
  CHECK(stage.rig.channel.ready_count() == 1);
}
