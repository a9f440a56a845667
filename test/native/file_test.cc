#include "platform/file.h"

#include <doctest/doctest.h>

#ifdef __linux__
#include <sys/eventfd.h>
#include <sys/mman.h>
#endif

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "descriptors.h"
#include "platform/file_status.h"

using slipring::platform::File;
using slipring::platform::has_size;
using slipring::platform::Waits;
using slipring::test::closes_on_exec;
using slipring::test::is_open;
using slipring::test::open_descriptors;
using slipring::test::Pipe;
using slipring::test::TemporaryFolder;

namespace {

std::string text(const std::array<std::byte, 8>& bytes, std::size_t count) {
  return {reinterpret_cast<const char*>(bytes.data()), count};
}

}  // namespace

TEST_CASE("an owned descriptor is closed with its file and another one is not") {
  const auto before = open_descriptors();
  Pipe pipe;
  const int copy = ::dup(pipe.read_end);
  {
    const File owner(copy, true);
    const File guest(pipe.read_end, false);
    CHECK(owner.descriptor() == copy);
    CHECK(guest.descriptor() == pipe.read_end);
  }
  CHECK_FALSE(is_open(copy));
  CHECK(is_open(pipe.read_end));
  { const File none; }
  pipe.close_write_end();
  ::close(std::exchange(pipe.read_end, -1));
  CHECK(open_descriptors() == before);
}

TEST_CASE("closing twice closes once") {
  Pipe pipe;
  const int copy = ::dup(pipe.read_end);
  File file(copy, true);
  file.close();
  CHECK(file.descriptor() == -1);
  const int same_number = ::dup(pipe.read_end);
  REQUIRE(same_number == copy);
  file.close();
  CHECK(is_open(same_number));
  ::close(same_number);
}

TEST_CASE("moving a file moves the duty to close it") {
  Pipe pipe;
  const int first = ::dup(pipe.read_end);
  const int second = ::dup(pipe.read_end);
  {
    File from(first, true);
    File to(second, true);
    to = std::move(from);
    CHECK_FALSE(is_open(second));
    CHECK(to.descriptor() == first);
    CHECK(from.descriptor() == -1);
    const File last(std::move(to));
    CHECK(is_open(first));
    CHECK(last.descriptor() == first);
    CHECK(to.descriptor() == -1);
  }
  CHECK_FALSE(is_open(first));
}

TEST_CASE("moving a file onto itself changes nothing") {
  Pipe pipe;
  File file(::dup(pipe.read_end), true);
  File& same = file;
  file = std::move(same);
  CHECK(is_open(file.descriptor()));
}

TEST_CASE("a disowned descriptor stays open") {
  Pipe pipe;
  const int copy = ::dup(pipe.read_end);
  {
    File file(copy, true);
    file.disown();
  }
  CHECK(is_open(copy));
  ::close(copy);
}

TEST_CASE("what is opened closes on exec and does not block") {
  const TemporaryFolder folder;
  File file;
  REQUIRE(file.open(folder.fifo("fifo").c_str(), O_RDONLY, 0) == 0);
  CHECK(closes_on_exec(file.descriptor()));
  CHECK((::fcntl(file.descriptor(), F_GETFL) & O_NONBLOCK) != 0);
  std::array<std::byte, 8> bytes{};
  CHECK(file.read(bytes).error == 0);  // there is no writer yet
}

TEST_CASE("opening again closes what was open before") {
  const TemporaryFolder folder;
  Pipe pipe;
  const int copy = ::dup(pipe.read_end);
  File file(copy, true);
  REQUIRE(file.open(folder.file("file", "x").c_str(), O_RDONLY, 0) == 0);
  std::array<std::byte, 8> bytes{};
  CHECK(file.read(bytes).bytes == 1);  // the pipe would have had nothing
  CHECK(file.open(folder.path("missing").c_str(), O_RDONLY, 0) == ENOENT);
}

TEST_CASE("flags and mode are those of open") {
  const TemporaryFolder folder;
  const std::string path = folder.path("new");
  const mode_t mask = ::umask(0);
  File file;
  CHECK(file.open(path.c_str(), O_RDWR | O_CREAT | O_EXCL, 0640) == 0);
  ::umask(mask);
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  CHECK(File().open(path.c_str(), O_RDWR | O_CREAT | O_EXCL, 0640) == EEXIST);
}

TEST_CASE("a duplicate is another descriptor that closes on exec") {
  Pipe pipe;
  File file;
  REQUIRE(file.open_duplicate(pipe.read_end) == 0);
  CHECK(file.descriptor() != pipe.read_end);
  CHECK(closes_on_exec(file.descriptor()));
  CHECK_FALSE(closes_on_exec(pipe.read_end));
  file.close();
  CHECK(is_open(pipe.read_end));
  CHECK(file.open_duplicate(-1) == EBADF);
}

TEST_CASE("reads of regular files and folders never wait and all others may") {
  const TemporaryFolder folder;
  Pipe pipe;
  File file;
  REQUIRE(file.open(folder.file("file", "x").c_str(), O_RDONLY, 0) == 0);
  CHECK(file.waits() == Waits::kNever);
  REQUIRE(file.open(folder.path().c_str(), O_RDONLY, 0) == 0);
  CHECK(file.waits() == Waits::kNever);
  CHECK(File(pipe.read_end, false).waits() == Waits::kAnyTime);
  REQUIRE(file.open("/dev/null", O_RDONLY, 0) == 0);
  CHECK(file.waits() == Waits::kAnyTime);
  CHECK(File(-1, false).waits() == Waits::kNever);  // so that the read says what is wrong
}

#ifdef __linux__
TEST_CASE("an empty file is one that is stored and what the kernel makes up has no size") {
  const TemporaryFolder folder;
  File file;
  REQUIRE(file.open(folder.file("empty", "").c_str(), O_RDONLY, 0) == 0);
  CHECK(has_size(file));
  CHECK(file.waits() == Waits::kNever);
  file = File(::memfd_create("empty", MFD_CLOEXEC), true);
  CHECK(has_size(file));
  CHECK(file.waits() == Waits::kNever);
  REQUIRE(file.open("/proc/self/mountinfo", O_RDONLY, 0) == 0);
  CHECK_FALSE(has_size(file));
  CHECK(file.waits() == Waits::kAfterAll);
  file = File(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC), true);
  CHECK(file.waits() == Waits::kAnyTime);
}

TEST_CASE("what has no file type may wait in either mode") {
  for (const int flags : {int{EFD_CLOEXEC}, EFD_CLOEXEC | EFD_NONBLOCK}) {
    CHECK(File(::eventfd(0, flags), true).waits() == Waits::kAnyTime);
  }
}
#endif

TEST_CASE("reads go on where the last one ended and positioned reads do not move that") {
  const TemporaryFolder folder;
  File file;
  REQUIRE(file.open(folder.file("file", "0123456789abcdef!").c_str(), O_RDONLY, 0) == 0);
  file.advise_sequential();
  std::array<std::byte, 8> bytes{};
  CHECK(text(bytes, file.read(bytes).bytes) == "01234567");
  CHECK(text(bytes, file.read_at(bytes, 3).bytes) == "3456789a");
  CHECK(text(bytes, file.read(bytes).bytes) == "89abcdef");
  CHECK(text(bytes, file.read(bytes).bytes) == "!");
  CHECK(file.read(bytes).bytes == 0);
  CHECK(file.read_at(bytes, 17).bytes == 0);
  CHECK(file.read_at(bytes, uint64_t{1} << 40).error == 0);
}

TEST_CASE("a read that fails says why") {
  const TemporaryFolder folder;
  std::array<std::byte, 8> bytes{};
  CHECK(File(-1, false).read(bytes).error == EBADF);
  CHECK(File(-1, false).read_at(bytes, 0).error == EBADF);
  File file;
  REQUIRE(file.open(folder.path().c_str(), O_RDONLY, 0) == 0);
  CHECK(file.read(bytes).error == EISDIR);
  Pipe pipe;
  CHECK(File(pipe.read_end, false).read_at(bytes, 0).error == ESPIPE);
}
