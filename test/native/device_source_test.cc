// The device source on real FIFOs, pipes, terminals and sockets. It never blocks in read, and every wait can be ended.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "descriptors.h"
#include "source_rig.h"
#include "sources/registry.h"
#include "support.h"

using slipring::kDeviceSource;
using slipring::test::closes_on_exec;
using slipring::test::open_descriptors;
using slipring::test::opened_since;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::Pipe;
using slipring::test::TemporaryFolder;
using slipring::test::TestThread;

namespace {

bool write_text(int descriptor, const std::string& text) {
  return ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

Options of(int descriptor) { return Options().integer("fd", descriptor); }

// Two ends of something; a test may close either early.
struct Ends {
  ~Ends() {
    ::close(near);
    ::close(far);
  }
  int near = -1;
  int far = -1;
};

struct Sockets : Ends {
  explicit Sockets(int type) {
    int ends[2];
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) ::abort();
    near = ends[0];
    far = ends[1];
  }
};

// `near` is the slave.
struct Terminal : Ends {
  Terminal() {
    termios raw{};
    ::cfmakeraw(&raw);
    if (::openpty(&far, &near, nullptr, &raw, nullptr) != 0) ::abort();
  }
};

}  // namespace

TEST_CASE("a FIFO without a writer has nothing and waits for the first one and ends with the last one") {
  const TemporaryFolder folder;
  const std::string path = folder.fifo("fifo");
  OpenSource source(kDeviceSource, Options().text("path", path));
  REQUIRE(source.status == 0);
  source.read(64);
  CHECK(source.result == SLIPRING_NOTHING);
  std::string text;
  TestThread reader([&] { text = source.wait_and_read(64); });
  REQUIRE(reader.falls_asleep());
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_text(writer, "hello"));
  reader.join();
  CHECK(text == "hello");
  source.read(64);
  CHECK(source.result == SLIPRING_NOTHING);
  ::close(writer);
  source.wait_and_read(64);
  CHECK(source.result == SLIPRING_END);
}

TEST_CASE("a persistent FIFO waits for the next writer when one leaves") {
  const TemporaryFolder folder;
  const std::string path = folder.fifo("fifo");
  for (const bool by_descriptor : {false, true}) {
    const int given = by_descriptor ? ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    Options options = by_descriptor ? of(given) : Options().text("path", path);
    OpenSource source(kDeviceSource, options.integer("persistent", 1));
    REQUIRE(source.status == 0);
    for (const char* text : {"one", "two"}) {
      const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      REQUIRE(write_text(writer, text));
      ::close(writer);
      CHECK(source.wait_and_read(64) == text);
      source.read(64);
      CHECK(source.result == SLIPRING_NOTHING);
    }
    if (by_descriptor) ::close(given);
  }
}

TEST_CASE("what a writer left behind before the stream began is read to its end") {
  const TemporaryFolder folder;
  const std::string path = folder.fifo("fifo");
  const int given = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_text(writer, "left"));
  ::close(writer);
  OpenSource source(kDeviceSource, of(given));
  CHECK(source.wait_and_read(64) == "left");
  source.wait_and_read(64);
  CHECK(source.result == SLIPRING_END);
  ::close(given);
}

TEST_CASE("a read does not block when somebody else was quicker, whatever kind of descriptor blocks") {
  Pipe pipe;
  Terminal terminal;
  const TemporaryFolder folder;
  const int fifo = ::open(folder.fifo("fifo").c_str(), O_RDWR | O_CLOEXEC);
  const std::pair<int, int> ends[] = {{pipe.read_end, pipe.write_end}, {terminal.near, terminal.far}, {fifo, fifo}};
  for (const auto& [near, far] : ends) {
    CAPTURE(near);
    OpenSource source(kDeviceSource, of(near));
    REQUIRE(source.status == 0);
    for (int round = 0; round < 2; ++round) {
      REQUIRE(write_text(far, "x"));
      REQUIRE(source.wait() == 0);
      char byte = 0;
      REQUIRE(::read(near, &byte, 1) == 1);
      source.read(64);
      CHECK(source.result == SLIPRING_NOTHING);
    }
    CHECK((::fcntl(near, F_GETFL) & O_NONBLOCK) == 0);
  }
  ::close(fifo);
}

TEST_CASE("pieces are put together only while the consumer is behind") {
  // More than a terminal gives at once, and less than it holds.
  const std::string sent(6000, 'x');
  std::size_t shortest = sent.size();
  for (int round = 0; round < 20; ++round) {
    Terminal terminal;
    OpenSource source(kDeviceSource, of(terminal.near));
    TestThread writer([&] { CHECK(write_text(terminal.far, sent)); });
    std::string text = source.wait_and_read(1);
    writer.join();
    const std::string alone = source.read(10000);
    shortest = std::min(shortest, alone.size());
    text += alone;
    while (text.size() < sent.size()) text += source.wait_and_read(10000);
    CHECK(text == sent);
  }
  // When the system fills the terminal again while it is being read, it gives all at once.
  CHECK(shortest < sent.size() - 1);

  Sockets sockets(SOCK_STREAM);
  OpenSource socket(kDeviceSource, of(sockets.near));
  REQUIRE(write_text(sockets.far, "abc"));
  ::shutdown(sockets.far, SHUT_WR);
  CHECK(socket.read(64, SLIPRING_HINT_BEHIND) == "abc");  // it has come upon the end, and keeps it
  socket.wait_and_read(64);
  CHECK(socket.result == SLIPRING_END);
}

TEST_CASE("an error behind some bytes is told after them although the system tells it once") {
  Sockets sockets(SOCK_STREAM);
  OpenSource source(kDeviceSource, of(sockets.near));
  REQUIRE(write_text(sockets.near, "never read"));
  REQUIRE(write_text(sockets.far, "abc"));
  ::close(std::exchange(sockets.far, -1));  // with something unread: the connection is reset
  CHECK(source.read(64, SLIPRING_HINT_BEHIND) == "abc");
  source.wait_and_read(64);
  CHECK(source.result == SLIPRING_FAILED);
  CHECK(source.error.number == ECONNRESET);
}

TEST_CASE("each packet is a chunk of its own and an empty one is none and no end") {
  Sockets sockets(SOCK_SEQPACKET);
  OpenSource source(kDeviceSource, of(sockets.near));
  for (const char* packet : {"one", "two", ""}) REQUIRE(::send(sockets.far, packet, std::strlen(packet), 0) >= 0);
  CHECK(source.read(64, SLIPRING_HINT_BEHIND) == "one");
  CHECK(source.read(64, SLIPRING_HINT_BEHIND) == "two");
  source.read(64, SLIPRING_HINT_BEHIND);
  CHECK(source.result == SLIPRING_NOTHING);
  REQUIRE(::send(sockets.far, "three", 5, 0) == 5);
  CHECK(source.wait_and_read(64) == "three");
  ::shutdown(sockets.far, SHUT_WR);
  source.wait_and_read(64);
  CHECK(source.result == SLIPRING_END);
}

TEST_CASE("what comes in pieces says so, and a packet or what a device gives does not") {
  Sockets stream(SOCK_STREAM);
  OpenSource pieces(kDeviceSource, of(stream.near));
  REQUIRE(write_text(stream.far, "abc"));
  CHECK(pieces.read(64) == "abc");
  CHECK((pieces.chunk.flags & SLIPRING_CHUNK_PIECE) != 0);
  Sockets packets(SOCK_SEQPACKET);
  OpenSource whole(kDeviceSource, of(packets.near));
  REQUIRE(write_text(packets.far, "abc"));
  CHECK(whole.read(64) == "abc");
  CHECK((whole.chunk.flags & SLIPRING_CHUNK_PIECE) == 0);
  OpenSource device(kDeviceSource, Options().text("path", "/dev/zero"));
  CHECK(device.read(64).size() == 64);
  CHECK((device.chunk.flags & SLIPRING_CHUNK_PIECE) == 0);
}

TEST_CASE("an error that the system tells before earlier packets comes behind them") {
  Sockets sockets(SOCK_SEQPACKET);
  REQUIRE(write_text(sockets.near, "never read"));
  for (const char* packet : {"one", "two", "", "three"}) {
    REQUIRE(::send(sockets.far, packet, std::strlen(packet), 0) >= 0);
  }
  ::close(std::exchange(sockets.far, -1));  // with something unread: the connection is reset
  OpenSource source(kDeviceSource, of(sockets.near));
  for (const char* packet : {"one", "two", "three"}) CHECK(source.wait_and_read(64) == packet);
  source.wait_and_read(64);
  CHECK(source.result == SLIPRING_FAILED);
  CHECK(source.error.number == ECONNRESET);
}

TEST_CASE("an empty packet is no end although the other side has left by then") {
  Sockets sockets(SOCK_SEQPACKET);
  for (const char* packet : {"one", "", "", "two", ""}) {
    REQUIRE(::send(sockets.far, packet, std::strlen(packet), 0) >= 0);
  }
  ::close(std::exchange(sockets.far, -1));
  OpenSource source(kDeviceSource, of(sockets.near));
  for (const char* packet : {"one", "two"}) CHECK(source.wait_and_read(64) == packet);
  source.wait_and_read(64);
  CHECK(source.result == SLIPRING_END);
}

TEST_CASE("an error without an end is told each time it comes") {
  Sockets sockets(SOCK_DGRAM);
  OpenSource source(kDeviceSource, of(sockets.near));
  ::close(sockets.near);
  sockets.near = -1;
  source.read(64);
  CHECK(source.error.number == EBADF);
}

TEST_CASE("a pipe in packet mode keeps each packet and says when one does not fit in either mode") {
  for (const int flags : {0, O_NONBLOCK}) {
    CAPTURE(flags);
    Ends ends;
    int pipe[2];
    REQUIRE(::pipe2(pipe, O_DIRECT | O_CLOEXEC | flags) == 0);
    ends.near = pipe[0];
    ends.far = pipe[1];
    // pipe2() sets it at the writing end only, and where a packet ends is not to be seen at the other.
    REQUIRE(::fcntl(pipe[0], F_SETFL, O_DIRECT | flags) == 0);
    OpenSource source(kDeviceSource, of(ends.near));
    for (const char* packet : {"one", "four", "five!"}) REQUIRE(write_text(ends.far, packet));
    CHECK(source.read(4, SLIPRING_HINT_BEHIND) == "one");
    CHECK(source.read(4, SLIPRING_HINT_BEHIND) == "four");
    source.read(4, SLIPRING_HINT_BEHIND);
    CHECK(source.result == SLIPRING_FAILED);
    CHECK(source.error.number == EMSGSIZE);
  }
}

TEST_CASE("the master of a terminal in packet mode keeps each packet also when the consumer is behind") {
  Terminal terminal;
  int on = 1;
  REQUIRE(::ioctl(terminal.far, TIOCPKT, &on) == 0);
  OpenSource source(kDeviceSource, of(terminal.far));
  REQUIRE(write_text(terminal.near, "abc"));
  CHECK(source.wait_and_read(64) == std::string("\0abc", 4));
  REQUIRE(::tcflush(terminal.near, TCIFLUSH) == 0);
  REQUIRE(write_text(terminal.near, "def"));
  std::string control = source.read(64, SLIPRING_HINT_BEHIND);
  REQUIRE(control.size() == 1);
  CHECK((control[0] & TIOCPKT_FLUSHREAD) != 0);
  CHECK((source.chunk.flags & SLIPRING_CHUNK_PIECE) == 0);
  CHECK(source.wait_and_read(64) == std::string("\0def", 4));
}

TEST_CASE("a packet that does not fit is an error") {
  Sockets sockets(SOCK_SEQPACKET);
  OpenSource source(kDeviceSource, of(sockets.near));
  REQUIRE(::send(sockets.far, "12345", 5, 0) == 5);
  source.read(4);
  CHECK(source.result == SLIPRING_FAILED);
  CHECK(source.error.number == EMSGSIZE);
}

TEST_CASE("a terminal ends when the other side hangs up, on either side") {
  for (const bool master : {false, true}) {
    CAPTURE(master);
    int ends[2];
    REQUIRE(::openpty(&ends[0], &ends[1], nullptr, nullptr, nullptr) == 0);
    OpenSource source(kDeviceSource, of(ends[master ? 0 : 1]));
    REQUIRE(source.status == 0);
    ::close(ends[master ? 1 : 0]);
    source.wait_and_read(64);
    CHECK(source.result == SLIPRING_END);
    ::close(ends[master ? 0 : 1]);
  }
}

TEST_CASE("cancel ends a wait, before it and during it, and every read from then on") {
  Pipe pipe;
  OpenSource source(kDeviceSource, of(pipe.read_end));
  TestThread reader([&] { source.wait_and_read(64); });
  REQUIRE(reader.falls_asleep());
  source.cancel();
  reader.join();
  CHECK(source.result == -1);
  CHECK(source.error.number == ECANCELED);
  REQUIRE(pipe.write("x"));
  source.read(64);
  CHECK(source.result == SLIPRING_FAILED);
  source.wait_and_read(64);
  CHECK(source.result == -1);
}

TEST_CASE("what the source opens closes on exec and is closed with it and what it was given stays open") {
  Pipe pipe;
  const auto before = open_descriptors();
  {
    OpenSource source(kDeviceSource, of(pipe.read_end));
    for (const int descriptor : opened_since(before)) CHECK(closes_on_exec(descriptor));
    CHECK(source.descriptor() == pipe.read_end);
  }
  CHECK(open_descriptors() == before);
}
