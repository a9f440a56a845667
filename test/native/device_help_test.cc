// The device source read by two threads in turns: its own, and the consumer's that helps.
#include <doctest/doctest.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <span>

#include "descriptors.h"
#include "sources/registry.h"
#include "stream_rig.h"
#include "support.h"

using slipring::Channel;
using slipring::kDeviceSource;
using slipring::Outcome;
using slipring::test::kThreadSanitizer;
using slipring::test::Options;
using slipring::test::Pipe;
using slipring::test::StreamRig;
using slipring::test::TestThread;

namespace {

constexpr int kMessages = kThreadSanitizer ? 2'000 : 20'000;

// Sends numbers from one descriptor to another, one after the other is there, with help whenever nothing is ready.
// Returns how many were wrong or missing.
int carry(int near, int far) {
  StreamRig stream(kDeviceSource, Options().integer("fd", near), 4, 64);
  stream.rig.arm_all();
  if (stream.start() != 0) return kMessages;
  slipring::test::Tally received;
  TestThread writer([&] {
    for (int i = 0; i < kMessages; ++i) {
      const char byte = static_cast<char>(i % 100);
      if (::write(far, &byte, 1) != 1) return;
      received.await(static_cast<uint64_t>(i) + 1);
    }
  });
  stream.pump.promise_help();
  int wrong = 0;
  std::array<std::byte, 16> place{};
  for (int expected = 0; expected < kMessages;) {
    const int32_t index = stream.rig.channel.take();
    if (index == Channel::kFinished) return kMessages;
    std::span<const std::byte> chunk;
    if (index == Channel::kNothing) {
      const slipring::Pump::Help help = stream.pump.help(place);
      if (!help.useful) stream.pump.stop_helping();
      chunk = std::span(place).first(help.message);
    } else {
      const slipring::Slot& slot = stream.rig.channel.slot(static_cast<uint32_t>(index));
      chunk = {slot.data, slot.length};
    }
    for (const std::byte byte : chunk) {
      if (static_cast<int>(byte) != expected++ % 100) ++wrong;
      received.add();
    }
    if (index >= 0) stream.rig.arm(static_cast<uint32_t>(index));
  }
  writer.join();
  stream.stop();
  return wrong;
}

}  // namespace

TEST_CASE("every message of a pipe arrives once whoever reads it") {
  Pipe pipe;
  CHECK(carry(pipe.read_end, pipe.write_end) == 0);
}

TEST_CASE("every message of a terminal's master arrives once and nobody waits in a read") {
  int master = -1;
  int slave = -1;
  termios raw{};
  ::cfmakeraw(&raw);
  REQUIRE(::openpty(&master, &slave, nullptr, &raw, nullptr) == 0);
  CHECK(carry(master, slave) == 0);
  ::close(master);
  ::close(slave);
}
