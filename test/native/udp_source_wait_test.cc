// The UDP source while nothing comes, and while more comes than it takes. Another thread can end every wait.
#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "support.h"
#include "udp_rig.h"

using slipring::test::TestThread;
using slipring::test::udp_options;
using slipring::test::UdpReceiver;
using slipring::test::UdpSender;

namespace {

constexpr int kSent = 500;

// A receiver whose buffer holds a few datagrams only, and to which many were sent.
struct Flooded {
  Flooded() : receiver(udp_options().integer("receive_buffer", 1)) { flood(); }
  void flood() {
    for (int i = 0; i < kSent; ++i) sender.send(receiver.port, "some text");
  }
  // Takes what is in the buffer, with one read.
  uint64_t take() {
    const uint64_t count = receiver.read(1 << 20).size();
    told += receiver.source.chunk.lost;
    return count;
  }

  UdpReceiver receiver;
  UdpSender sender;
  uint64_t told = 0;
};

}  // namespace

TEST_CASE("a read has nothing before there is a datagram and whoever waits gets it") {
  UdpReceiver receiver;
  receiver.read(4096);
  CHECK(receiver.source.result == SLIPRING_NOTHING);
  TestThread reader([&] { receiver.wait_and_read(4096); });
  REQUIRE(reader.falls_asleep());
  UdpSender().send(receiver.port, "hello");
  reader.join();
  CHECK(receiver.text == "hello");
}

TEST_CASE("a wait ends with a cancel from another thread and so does every later wait and read") {
  UdpReceiver receiver;
  TestThread reader([&] { receiver.source.result = receiver.source.wait(); });
  REQUIRE(reader.falls_asleep());
  receiver.source.cancel();
  reader.join();
  CHECK(receiver.source.result == SLIPRING_FAILED);
  CHECK(receiver.source.error.number == ECANCELED);
  UdpSender().send(receiver.port, "too late");
  CHECK(receiver.source.wait() == SLIPRING_FAILED);
  receiver.read(4096);
  CHECK(receiver.source.result == SLIPRING_FAILED);
  CHECK(receiver.source.error.number == ECANCELED);
}

TEST_CASE("a cancel that comes just before the read is not forgotten") {
  UdpReceiver receiver;
  UdpSender().send(receiver.port, "x");
  receiver.source.cancel();
  receiver.read(4096);
  CHECK(receiver.source.result == SLIPRING_FAILED);
  CHECK(receiver.source.error.number == ECANCELED);
}

TEST_CASE("a wait ends when there is a datagram and leaves it there") {
  UdpReceiver receiver;
  TestThread waiter([&] { receiver.source.result = receiver.source.wait(); });
  REQUIRE(waiter.falls_asleep());
  UdpSender().send(receiver.port, "x");
  waiter.join();
  CHECK(receiver.source.result == 0);
  CHECK(receiver.source.wait() == 0);
  receiver.read(4096);
  CHECK(receiver.text == "x");
}

TEST_CASE("a wait does not sleep while a datagram is left from the last slot") {
  UdpReceiver receiver;
  const UdpSender sender;
  for (int i = 0; i < 2; ++i) sender.send(receiver.port, std::string(100, 'x'));
  CHECK(receiver.read(104 + 48).size() == 1);
  CHECK(receiver.source.wait() == 0);
}

TEST_CASE(
    "what the system dropped is told before the source waits and with what was received it is all that was sent") {
  Flooded flooded;
  const uint64_t received = flooded.take();
  CHECK(received > 0);
  CHECK(received < kSent);
  // The last datagram in the buffer came before the drops.
  CHECK(flooded.receiver.source.wait() == 0);
  flooded.receiver.read(4096);
  CHECK(flooded.receiver.source.result == SLIPRING_NOTHING);
  flooded.told += flooded.receiver.source.chunk.lost;
  CHECK(received + flooded.told == kSent);
}

TEST_CASE("what the system dropped is told once") {
  Flooded flooded;
  uint64_t received = 0;
  for (int round = 0; round < 3; ++round) {
    received += flooded.take();
    flooded.flood();
  }
  received += flooded.take();
  CHECK(flooded.receiver.source.wait() == 0);
  flooded.receiver.read(4096);
  flooded.told += flooded.receiver.source.chunk.lost;
  CHECK(received + flooded.told == 4 * kSent);
  TestThread waiter([&] { static_cast<void>(flooded.receiver.source.wait()); });
  REQUIRE(waiter.falls_asleep());
  flooded.receiver.source.cancel();
  waiter.join();
  flooded.receiver.read(4096);
  CHECK(flooded.receiver.source.chunk.lost == 0);
}

TEST_CASE("an entry says how many were dropped before its datagram") {
  Flooded flooded;
  const auto first = flooded.receiver.read(1 << 20);
  REQUIRE(!first.empty());
  for (const auto& record : first) CHECK(record.lost == 0);
  flooded.sender.send(flooded.receiver.port, "after");
  const auto then = flooded.receiver.read(4096);
  REQUIRE(then.size() == 1);
  CHECK(then[0].lost == kSent - first.size());
  CHECK(flooded.receiver.source.chunk.lost == kSent - first.size());
}

TEST_CASE("a wait does not sleep before the drops were told") {
  Flooded flooded;
  flooded.take();
  CHECK(flooded.receiver.source.wait() == 0);
}

TEST_CASE("a read that fails after a cancel still tells what was dropped") {
  Flooded flooded;
  const uint64_t received = flooded.take();
  flooded.receiver.source.cancel();
  flooded.receiver.read(4096);
  CHECK(flooded.receiver.source.result == SLIPRING_FAILED);
  CHECK(received + flooded.receiver.source.chunk.lost == kSent);
}
