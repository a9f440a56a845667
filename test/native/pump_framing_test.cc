// A source that waits, and whose bytes become records: what is here needs no wait for more.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <thread>

#include "channel_rig.h"
#include "core/framing/delimiter.h"
#include "core/framing/framing.h"
#include "core/pump/pump.h"
#include "scripted_source.h"
#include "support.h"

using slipring::Channel;
using slipring::DelimiterFramer;
using slipring::Framing;
using slipring::Pump;
using slipring::test::ChannelRig;
using slipring::test::Options;
using slipring::test::ScriptedSource;
using slipring::test::Tally;
using slipring::test::TestThread;

namespace {

std::unique_ptr<Framing> lines(bool flushes) {
  const auto newline = std::as_bytes(std::span("\n", 1));
  return std::make_unique<Framing>(Framing::Rules{std::make_unique<DelimiterFramer>(newline, true, 1000), 1000,
                                                  Framing::Long::kFail, true, flushes});
}

// Gives a text at once, and then has nothing until it is cancelled.
struct OneText {
  OneText(std::string text, uint32_t slots, bool flushes) : rig(slots, 64), pump(source.table, rig.channel) {
    source.can_wait();
    source.on_read = [this, text](std::span<std::byte> into, slipring_chunk*, slipring_error*) -> int64_t {
      const std::size_t length = std::min(into.size(), text.size() - given_);
      std::memcpy(into.data(), text.data() + given_, length);
      given_ += length;
      return length > 0 ? static_cast<int64_t>(length) : SLIPRING_NOTHING;
    };
    source.on_wait = [this, text](slipring_error*) {
      if (given_ == text.size()) cancelled.await(1);
      return cancelled.get() > 0 ? -1 : 0;
    };
    source.on_cancel = [this] { cancelled.add(); };
    rig.arm_all();
    pump.frame(lines(flushes));
    thread = std::make_unique<TestThread>([this] {
      Options options = source.options();
      pump.run(options.view());
    });
  }
  ~OneText() {
    pump.request_stop();
    thread->join();
  }
  OneText(const OneText&) = delete;
  OneText& operator=(const OneText&) = delete;

  // How many records end in the next chunk.
  uint32_t take() {
    const auto index = static_cast<uint32_t>(rig.take());
    const uint32_t count = rig.channel.slot(index).record_count;
    rig.arm(index);
    return count;
  }

  ScriptedSource source;
  ChannelRig rig;
  Pump pump;
  Tally cancelled;
  std::unique_ptr<TestThread> thread;

 private:
  std::size_t given_ = 0;
};

}  // namespace

TEST_CASE("records that are here do not wait for the source when there is a slot again") {
  std::string text = std::string(100, 'x') + '\n';
  constexpr uint32_t kMore = 40;
  for (uint32_t i = 0; i < kMore; ++i) text += "line\n";
  OneText stage(text, 1, false);
  uint32_t records = 0;
  while (records < 1 + kMore) records += stage.take();
  CHECK(records == 1 + kMore);
}

TEST_CASE("a record that has begun is told also when the producer thread has no slot") {
  OneText stage("one\ntwo", 1, true);
  const auto index = static_cast<uint32_t>(stage.rig.take());
  while (!stage.pump.flush(UINT64_MAX)) std::this_thread::yield();
  CHECK(stage.pump.flush(0));  // for want of a slot
  stage.rig.arm(index);
  CHECK_FALSE(stage.pump.flush(0));
  CHECK(stage.rig.channel.ready_count() == 1);
}
