// What the system says it has lost: told at its place, and no end.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "platform/file.h"
#include "source_rig.h"
#include "sources/registry.h"

using slipring::kDeviceSource;
using slipring::platform::File;
using slipring::test::OpenSource;
using slipring::test::Options;

namespace {

// Two sockets of a netlink family that is for programs, with room for two of the messages below in the first.
struct Netlink {
  Netlink()
      : near(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK), true),
        far(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK), true) {
    sockaddr_nl group{};
    group.nl_family = AF_NETLINK;
    group.nl_groups = 1;
    const void* const address = &group;
    const int least = 1;
    ::setsockopt(near.descriptor(), SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
    may_join = ::bind(near.descriptor(), static_cast<const sockaddr*>(address), sizeof group) == 0;
    REQUIRE(::connect(far.descriptor(), static_cast<const sockaddr*>(address), sizeof group) == 0);
  }

  // It goes to the group, and to the kernel, which refuses it.
  void send(char name) const {
    const std::string message(100, name);
    const ssize_t sent = ::send(far.descriptor(), message.data(), message.size(), 0);
    REQUIRE((sent == 100 || errno == ECONNREFUSED));
  }

  File near;
  File far;
  bool may_join = false;
};

// What one read gave: the name of a message, and '?' for a loss before it.
std::string told(OpenSource& source) {
  const std::string message = source.read(128);
  std::string told = source.chunk.lost == SLIPRING_LOST_UNKNOWN ? "?" : "";
  CHECK((source.chunk.lost == 0 || source.chunk.lost == SLIPRING_LOST_UNKNOWN));
  if (source.result == SLIPRING_FAILED) told += '!';
  if (source.result > 0) told += message[0];
  if ((source.chunk.flags & SLIPRING_CHUNK_LOSS_FOLLOWS) != 0) told += '?';
  return told;
}

std::string all_told(OpenSource& source) {
  std::string all;
  do { all += told(source); } while (source.result != SLIPRING_NOTHING || source.chunk.lost != 0);
  return all;
}

// As many at once as the log takes from one descriptor are ten. False when it may not be read and written.
bool log_records(int count) {
  const std::string record = "<7>a record of a test " + std::string(900, 'x') + "\n";
  for (int written = 0; written < count;) {
    const File log(::open("/dev/kmsg", O_RDWR | O_CLOEXEC), true);
    if (log.descriptor() < 0) return false;
    for (int i = 0; i < 10 && written < count; ++i, ++written) {
      if (::write(log.descriptor(), record.data(), record.size()) < 0) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("messages that a netlink socket had no room for are a loss behind those that it had room for") {
  const Netlink netlink;
  if (!netlink.may_join) return;  // only root may
  OpenSource source(kDeviceSource, Options().integer("fd", netlink.near.descriptor()));
  for (const char name : {'a', 'b', 'c', 'd'}) netlink.send(name);
  CHECK(all_told(source) == "ab?");
  netlink.send('e');
  CHECK(all_told(source) == "e");
}

TEST_CASE("a netlink message that comes when there is room again stands behind the loss") {
  const Netlink netlink;
  if (!netlink.may_join) return;  // only root may
  OpenSource source(kDeviceSource, Options().integer("fd", netlink.near.descriptor()));
  for (const char name : {'a', 'b', 'c', 'd'}) netlink.send(name);
  CHECK(told(source) == "a");
  CHECK(told(source) == "b?");
  netlink.send('e');
  CHECK(all_told(source) == "e");
}

TEST_CASE("records that the kernel's log has overwritten are a loss before the oldest that there is") {
  if (!log_records(1)) return;  // only root may
  OpenSource source(kDeviceSource, Options().text("path", "/dev/kmsg"));
  REQUIRE(source.status == 0);
  source.read(8192);
  REQUIRE(source.result > 0);
  // Some 100 KB for each that is read, until the log can hold no more.
  bool has_lost = false;
  for (int round = 0; !has_lost && round < 200; ++round) {
    REQUIRE(log_records(100));
    source.read(8192);
    REQUIRE(source.result != SLIPRING_FAILED);
    has_lost = source.chunk.lost == SLIPRING_LOST_UNKNOWN;
  }
  CHECK(has_lost);
  CHECK_FALSE(source.wait_and_read(8192).empty());
  CHECK(source.chunk.lost == 0);
}

TEST_CASE("a record of the kernel's log that does not fit is an error as a packet is") {
  if (!log_records(1)) return;  // only root may
  OpenSource source(kDeviceSource, Options().text("path", "/dev/kmsg"));
  source.read(8);
  CHECK(source.result == SLIPRING_FAILED);
  CHECK(source.error.number == EMSGSIZE);
}
