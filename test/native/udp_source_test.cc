// The UDP source: how it opens, and how datagrams lie in a slot.
#include <doctest/doctest.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>

#include "descriptors.h"
#include "udp_rig.h"

using slipring::DatagramRecord;
using slipring::kDatagramTruncated;
using slipring::kUdpSource;
using slipring::WideCounter;
using slipring::test::closes_on_exec;
using slipring::test::open_descriptors;
using slipring::test::opened_since;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::udp_options;
using slipring::test::UdpReceiver;
using slipring::test::UdpSender;

namespace {

constexpr std::size_t kRecord = sizeof(DatagramRecord);

uint64_t now_ns() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since_1970).count());
}

}  // namespace

TEST_CASE("datagrams lie one after the other and each has its entry in the table behind them") {
  UdpReceiver receiver;
  const UdpSender sender;
  for (const char* text : {"first", "", "three"}) sender.send(receiver.port, text);
  const auto records = receiver.read(4096);
  CHECK(receiver.text == "firstthree");
  CHECK(receiver.source.chunk.record_size == kRecord);
  CHECK(receiver.source.chunk.truncated == 0);
  CHECK(receiver.source.chunk.lost == 0);
  REQUIRE(records.size() == 3);
  const uint32_t offsets[] = {0, 5, 5};
  const uint32_t lengths[] = {5, 0, 5};
  const uint8_t loopback[16] = {127, 0, 0, 1};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(records[i].offset == offsets[i]);
    CHECK(records[i].length == lengths[i]);
    CHECK(records[i].lost == 0);
    CHECK(std::memcmp(records[i].address, loopback, sizeof loopback) == 0);
    CHECK(records[i].scope == 0);
    CHECK(records[i].port_family_flags == (sender.port() | 4u << 16));
  }
}

TEST_CASE("an entry says when the system received its datagram") {
  UdpReceiver receiver;
  const uint64_t before = now_ns();
  UdpSender().send(receiver.port, "x");
  const auto records = receiver.read(4096);
  const uint64_t after = now_ns();  // Linux may stamp the first one of all sockets only when it is read
  REQUIRE(records.size() == 1);
  CHECK(records[0].timestamp >= before);
  CHECK(records[0].timestamp <= after);
}

TEST_CASE("an entry says when its datagram was read where the system does not say when it came") {
  UdpReceiver receiver;
  const int off = 0;
  REQUIRE(::setsockopt(receiver.source.descriptor(), SOL_SOCKET, SO_TIMESTAMPNS, &off, sizeof off) == 0);
  UdpSender().send(receiver.port, "x");
  const uint64_t before = now_ns();
  const auto records = receiver.read(4096);
  REQUIRE(records.size() == 1);
  CHECK(records[0].timestamp >= before);
  CHECK(records[0].timestamp <= now_ns());
}

TEST_CASE("an entry of an IPv6 socket has the sender's whole address") {
  UdpReceiver receiver(Options().text("address", "::1").integer("ipv6", 1));
  const UdpSender sender(true);
  sender.send_ipv6(receiver.port, "x");
  const auto records = receiver.read(4096);
  REQUIRE(records.size() == 1);
  const uint8_t loopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  CHECK(std::memcmp(records[0].address, loopback, sizeof loopback) == 0);
  CHECK(records[0].port_family_flags == (sender.port() | 6u << 16));
}

TEST_CASE("what a slot has no room for is the beginning of the next one") {
  UdpReceiver receiver;
  const UdpSender sender;
  const std::string texts[] = {std::string(100, 'a'), std::string(100, 'b'), std::string(100, 'c')};
  for (const std::string& text : texts) sender.send(receiver.port, text);
  // Two of them, up to the next multiple of 8, and their entries.
  CHECK(receiver.read(200 + 2 * kRecord).size() == 2);
  CHECK(receiver.text == texts[0] + texts[1]);
  CHECK((receiver.source.chunk.flags & SLIPRING_CHUNK_MORE) != 0);
  const auto rest = receiver.read(4096);
  CHECK(receiver.text == texts[2]);
  CHECK((receiver.source.chunk.flags & SLIPRING_CHUNK_MORE) == 0);
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].offset == 0);
}

TEST_CASE("a slot that lacks one byte for a datagram and its entry does not get it") {
  UdpReceiver receiver;
  const UdpSender sender;
  for (int i = 0; i < 2; ++i) sender.send(receiver.port, std::string(100, 'x'));
  CHECK(receiver.read(200 + 2 * kRecord - 1).size() == 1);
  CHECK(receiver.read(104 + kRecord).size() == 1);
}

TEST_CASE("one read takes what several system calls bring") {
  UdpReceiver receiver(udp_options().integer("receive_buffer", 1 << 20));
  const UdpSender sender;
  for (int i = 0; i < 200; ++i) sender.send(receiver.port, std::to_string(i));
  const auto records = receiver.read(65536);
  REQUIRE(records.size() == 200);
  CHECK(receiver.text.substr(records[199].offset, records[199].length) == "199");
}

TEST_CASE("a slot never has more datagrams than the table has room for") {
  UdpReceiver receiver(udp_options().integer("receive_buffer", 1 << 20));
  const UdpSender sender;
  for (int i = 0; i < 1100; ++i) sender.send(receiver.port, "");
  CHECK(receiver.read(1 << 20).size() == 1024);
  CHECK(receiver.source.result == 0);
  CHECK(receiver.read(1 << 20).size() == 76);
}

TEST_CASE("a datagram that is longer than what is kept says so and is counted") {
  UdpReceiver receiver(udp_options().integer("largest", 10));
  const UdpSender sender;
  sender.send(receiver.port, "0123456789");
  sender.send(receiver.port, "0123456789a");
  const auto records = receiver.read(4096);
  REQUIRE(records.size() == 2);
  CHECK(receiver.text == "01234567890123456789");
  CHECK((records[0].port_family_flags >> 24) == 0);
  CHECK((records[1].port_family_flags >> 24) == kDatagramTruncated);
  CHECK(receiver.source.chunk.truncated == 1);
}

TEST_CASE("the name is where the socket is bound") {
  CHECK(UdpReceiver().source.name().starts_with("127.0.0.1 "));
  CHECK(UdpReceiver().source.name().ends_with(" IPv4"));
  UdpReceiver ipv6(Options().text("address", "::1").integer("ipv6", 1));
  CHECK(ipv6.source.name() == "::1 " + std::to_string(ipv6.port) + " IPv6");
}

TEST_CASE("the socket is closed when a program is executed and at the end") {
  const auto before = open_descriptors();
  {
    UdpReceiver receiver;
    for (const int descriptor : opened_since(before)) CHECK(closes_on_exec(descriptor));
    CHECK(opened_since(before).contains(receiver.source.descriptor()));
  }
  CHECK(opened_since(before).empty());
}

TEST_CASE("an address that cannot be bound fails with the system's number and leaves nothing open") {
  UdpReceiver first;
  const auto before = open_descriptors();
  OpenSource second(kUdpSource, udp_options().integer("port", first.port));
  CHECK(second.status == -1);
  CHECK(second.error.number == EADDRINUSE);
  CHECK(std::string(second.error.syscall) == "bind");
  OpenSource foreign(kUdpSource, Options().text("address", "192.0.2.1"));
  CHECK(foreign.status == -1);
  CHECK(foreign.error.number == EADDRNOTAVAIL);
  CHECK(opened_since(before).empty());
}

TEST_CASE("a group that cannot be joined fails as addMembership") {
  for (const char* group : {"239.1.2.3 no-such-interface -", "239.1.2.3 no-such-interface 127.0.0.1"}) {
    OpenSource source(kUdpSource, Options().text("address", "0.0.0.0").text("group0", group));
    CHECK(source.status == -1);
    CHECK(source.error.number == ENODEV);
    CHECK(std::string(source.error.syscall) == "addMembership");
  }
}

TEST_CASE("every group is joined and from a group with a source comes nothing else") {
  UdpReceiver receiver(
      Options().text("address", "0.0.0.0").text("group0", "239.1.2.3 lo -").text("group1", "239.1.2.4 lo 127.0.0.2"));
  const auto send = [&](const char* group, const char* from, const std::string& text) {
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    REQUIRE(::inet_pton(AF_INET, from, &address.sin_addr) == 1);
    REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::setsockopt(socket, IPPROTO_IP, IP_MULTICAST_IF, &address.sin_addr, sizeof address.sin_addr) == 0);
    REQUIRE(::inet_pton(AF_INET, group, &address.sin_addr) == 1);
    address.sin_port = htons(receiver.port);
    REQUIRE(::sendto(socket, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&address),
                     sizeof address) == static_cast<ssize_t>(text.size()));
    ::close(socket);
  };
  send("239.1.2.3", "127.0.0.1", "any ");
  send("239.1.2.4", "127.0.0.1", "wrong ");
  send("239.1.2.4", "127.0.0.2", "right");
  receiver.read(4096);
  CHECK(receiver.text == "any right");
}

TEST_CASE("a counter of 32 bits goes on in 64") {
  WideCounter counter;
  CHECK(counter.see(0x7fffffff) == 0x7fffffff);
  CHECK(counter.see(0xfffffffe) == 0xfffffffe);
  CHECK(counter.see(5) == 0x100000005);
  CHECK(counter.see(3) == 0x100000005);
  CHECK(counter.total() == 0x100000005);
}
