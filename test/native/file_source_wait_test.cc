// The file source on what makes its reader wait: FIFOs, pipes and devices. Another thread can end every wait.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "descriptors.h"
#include "source_rig.h"
#include "sources/registry.h"
#include "support.h"

using slipring::kFileSource;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::Pipe;
using slipring::test::TemporaryFolder;
using slipring::test::TestThread;

namespace {

Options pipe_options(const Pipe& pipe) { return Options().integer("fd", pipe.read_end).integer("owned", 0); }

bool write_text(int descriptor, const std::string& text) {
  return ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace

TEST_CASE("a FIFO gives what is there without waiting for more") {
  const TemporaryFolder folder;
  const std::string path = folder.fifo("fifo");
  OpenSource source(kFileSource, Options().text("path", path));
  REQUIRE(source.status == 0);
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write_text(writer, "0123456789"));
  CHECK(source.read(4) == "0123");
  CHECK(source.read(64) == "456789");
  REQUIRE(write_text(writer, "x"));
  CHECK(source.read(64) == "x");
  REQUIRE(write_text(writer, "last"));
  ::close(writer);
  CHECK(source.read(64) == "last");
  source.read(64);
  CHECK(source.result == 0);
}

TEST_CASE("a FIFO without a writer is opened at once and its read waits for the first one") {
  const TemporaryFolder folder;
  const std::string path = folder.fifo("fifo");
  OpenSource source(kFileSource, Options().text("path", path));
  REQUIRE(source.status == 0);
  std::string text;
  TestThread reader([&] { text = source.read(64); });
  REQUIRE(reader.falls_asleep());
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(reader.falls_asleep());
  REQUIRE(write_text(writer, "hello"));
  reader.join();
  CHECK(text == "hello");
  ::close(writer);
}

TEST_CASE("a read that waits ends when the last writer leaves") {
  Pipe pipe;
  OpenSource source(kFileSource, pipe_options(pipe));
  TestThread reader([&] { source.read(64); });
  REQUIRE(reader.falls_asleep());
  pipe.close_write_end();
  reader.join();
  CHECK(source.result == 0);
}

TEST_CASE("a read that waits ends with a cancel from another thread and so does every later one") {
  const TemporaryFolder folder;
  const std::string path = folder.fifo("fifo");
  for (const bool has_writer : {false, true}) {
    OpenSource source(kFileSource, Options().text("path", path));
    REQUIRE(source.status == 0);
    const int writer = has_writer ? ::open(path.c_str(), O_WRONLY | O_CLOEXEC) : -1;
    TestThread reader([&] { source.read(64); });
    REQUIRE(reader.falls_asleep());
    source.cancel();
    reader.join();
    CHECK(source.result == -1);
    CHECK(source.error.number == ECANCELED);
    CHECK(std::string(source.error.syscall) == "read");
    if (has_writer) REQUIRE(write_text(writer, "too late"));
    source.read(64);
    CHECK(source.result == -1);
    CHECK(source.error.number == ECANCELED);
    if (has_writer) ::close(writer);
  }
}

TEST_CASE("a cancel that comes just before the read is not forgotten") {
  Pipe pipe;
  OpenSource source(kFileSource, pipe_options(pipe));
  source.cancel();
  source.read(64);
  CHECK(source.result == -1);
  CHECK(source.error.number == ECANCELED);
}

TEST_CASE("a cancel that meets the read anywhere on its way ends it") {
  Pipe pipe;
  for (int round = 0; round < 500; ++round) {
    OpenSource source(kFileSource, pipe_options(pipe));
    TestThread reader([&] { source.read(64); });
    for (int delay = 0; delay < round % 50; ++delay) std::this_thread::yield();
    source.cancel();
    reader.join();
    CHECK(source.result == -1);
    CHECK(source.error.number == ECANCELED);
  }
}

TEST_CASE("a length ends the stream though the pipe has more") {
  Pipe pipe;
  REQUIRE(pipe.write("0123456789"));
  OpenSource source(kFileSource, pipe_options(pipe).integer("length", 6));
  CHECK(source.read_all(4) == "012345");
  CHECK(source.result == 0);
}

TEST_CASE("a start in a pipe fails as pread does") {
  Pipe pipe;
  REQUIRE(pipe.write("x"));
  OpenSource source(kFileSource, pipe_options(pipe).integer("start", 0));
  source.read(64);
  CHECK(source.result == -1);
  CHECK(source.error.number == ESPIPE);
}

TEST_CASE("two readers of one FIFO share its bytes and neither fails when the other was faster") {
  const TemporaryFolder folder;
  const std::string path = folder.fifo("fifo");
  OpenSource first(kFileSource, Options().text("path", path));
  OpenSource second(kFileSource, Options().text("path", path));
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  std::string by_first;
  std::string by_second;
  {
    TestThread first_reader([&] { by_first = first.read_all(1); });
    TestThread second_reader([&] { by_second = second.read_all(1); });
    for (int i = 0; i < 20000; ++i) REQUIRE(write_text(writer, "x"));
    ::close(writer);
  }
  CHECK(first.result == 0);
  CHECK(second.result == 0);
  CHECK(by_first.size() + by_second.size() == 20000);
}

TEST_CASE("devices are read like pipes") {
  OpenSource zero(kFileSource, Options().text("path", "/dev/zero"));
  REQUIRE(zero.status == 0);
  CHECK(zero.read(64) == std::string(64, '\0'));
  OpenSource null(kFileSource, Options().text("path", "/dev/null"));
  REQUIRE(null.status == 0);
  null.read(64);
  CHECK(null.result == 0);
}
