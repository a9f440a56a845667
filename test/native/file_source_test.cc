// The file source on what is always ready: files, /proc, folders, and what cannot be read at all.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>

#include "descriptors.h"
#include "source_rig.h"
#include "sources/registry.h"

using slipring::kFileSource;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::Pipe;
using slipring::test::TemporaryFolder;

namespace {

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i) + ' ';
  return text;
}

void check_failure(const OpenSource& source, int number, const std::string& syscall) {
  CHECK(source.error.number == number);
  CHECK(std::string(source.error.syscall) == syscall);
}

}  // namespace

TEST_CASE("a file is read whole and every chunk but the last is full") {
  const TemporaryFolder folder;
  const std::string content = numbers(3000);
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{7}, std::size_t{4096}, content.size(), std::size_t{1} << 20}) {
    CAPTURE(size);
    OpenSource source(kFileSource, Options().text("path", folder.file("file", content)));
    REQUIRE(source.status == 0);
    std::string all;
    for (std::string chunk = source.read(size); !chunk.empty(); chunk = source.read(size)) {
      all += chunk;
      CHECK((chunk.size() == size || all.size() == content.size()));
    }
    CHECK(source.result == 0);
    CHECK(all == content);
  }
}

TEST_CASE("a slot that takes several reads to fill is full all the same") {
  const TemporaryFolder folder;
  std::string content(std::size_t{5} << 20, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i / 4096);
  OpenSource source(kFileSource, Options().text("path", folder.file("file", content)));
  REQUIRE(source.status == 0);
  constexpr std::size_t kSize = (std::size_t{5} << 20) / 2 - 1;
  CHECK(source.read(kSize) == content.substr(0, kSize));
  CHECK(source.read(kSize) == content.substr(kSize, kSize));
  CHECK(source.read(kSize) == content.substr(2 * kSize));
}

TEST_CASE("an empty file ends at once") {
  const TemporaryFolder folder;
  OpenSource source(kFileSource, Options().text("path", folder.file("empty", "")));
  REQUIRE(source.status == 0);
  source.read(64);
  CHECK(source.result == 0);
}

TEST_CASE("start and length choose a part of the file") {
  const TemporaryFolder folder;
  const std::string path = folder.file("file", "0123456789");
  const auto part = [&](int64_t start, int64_t length) {
    OpenSource source(kFileSource, Options().text("path", path).integer("start", start).integer("length", length));
    return source.read_all(3);
  };
  CHECK(part(0, 10) == "0123456789");
  CHECK(part(4, 3) == "456");
  CHECK(part(4, 4) == "4567");
  CHECK(part(9, 100) == "9");
  CHECK(part(10, 1).empty());
  CHECK(part(int64_t{1} << 40, 1).empty());
  CHECK(part(3, 0).empty());
  OpenSource to_the_end(kFileSource, Options().text("path", path).integer("start", 7));
  CHECK(to_the_end.read_all(64) == "789");
  OpenSource from_the_beginning(kFileSource, Options().text("path", path).integer("length", 4));
  CHECK(from_the_beginning.read_all(64) == "0123");
}

TEST_CASE("a descriptor is read from its position and moves along unless there is a start") {
  const TemporaryFolder folder;
  const int descriptor = ::open(folder.file("file", "0123456789").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(::lseek(descriptor, 2, SEEK_SET) == 2);
  {
    OpenSource source(kFileSource, Options().integer("fd", descriptor).integer("owned", 0).integer("length", 3));
    CHECK(source.read_all(64) == "234");
  }
  CHECK(::lseek(descriptor, 0, SEEK_CUR) == 5);
  {
    OpenSource source(kFileSource, Options().integer("fd", descriptor).integer("owned", 0).integer("start", 1));
    CHECK(source.read_all(4) == "123456789");
  }
  CHECK(::lseek(descriptor, 0, SEEK_CUR) == 5);
  ::close(descriptor);
}

TEST_CASE("a file that grows is read on") {
  const TemporaryFolder folder;
  const std::string path = folder.file("file", "first");
  OpenSource source(kFileSource, Options().text("path", path));
  CHECK(source.read(64) == "first");
  std::ofstream(path, std::ios::app) << " second";
  CHECK(source.read(64) == " second");
  source.read(64);
  CHECK(source.result == 0);
}

#ifdef __linux__
TEST_CASE("a file of proc that claims to be empty is read all the same") {
  std::ifstream file("/proc/version");
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_FALSE(expected.empty());
  OpenSource whole(kFileSource, Options().text("path", "/proc/version"));
  CHECK(whole.read_all(65536) == expected);
  OpenSource pieces(kFileSource, Options().text("path", "/proc/version"));
  CHECK(pieces.read_all(5) == expected);
}

TEST_CASE("a file of proc whose read fails says why") {
  OpenSource source(kFileSource, Options().text("path", "/proc/self/mem"));  // nothing is mapped at address 0
  REQUIRE(source.status == 0);
  source.read(64);
  CHECK(source.result == -1);
  check_failure(source, EIO, "read");
}
#endif

TEST_CASE("a folder can be opened and its first read fails") {
  const TemporaryFolder folder;
  OpenSource source(kFileSource, Options().text("path", folder.path()));
  REQUIRE(source.status == 0);
  source.read(64);
  CHECK(source.result == -1);
  check_failure(source, EISDIR, "read");
}

TEST_CASE("what cannot be opened fails with the reason of open") {
  const TemporaryFolder folder;
  const OpenSource missing(kFileSource, Options().text("path", folder.path("missing")));
  CHECK(missing.status == -1);
  check_failure(missing, ENOENT, "open");
  const OpenSource inside_a_file(kFileSource, Options().text("path", folder.file("file", "x") + "/x"));
  CHECK(inside_a_file.status == -1);
  check_failure(inside_a_file, ENOTDIR, "open");
  const OpenSource loop(kFileSource, Options().text("path", std::string(5000, 'x')));
  CHECK(loop.status == -1);
  check_failure(loop, ENAMETOOLONG, "open");
}

TEST_CASE("a file that is open for writing only fails at the first read") {
  const TemporaryFolder folder;
  OpenSource source(kFileSource, Options().text("path", folder.file("file", "x")).integer("flags", O_WRONLY));
  REQUIRE(source.status == 0);
  source.read(64);
  CHECK(source.result == -1);
  check_failure(source, EBADF, "read");
}

TEST_CASE("flags and mode create a file as open does") {
  const TemporaryFolder folder;
  const mode_t mask = ::umask(0);
  OpenSource source(
      kFileSource, Options().text("path", folder.path("new")).integer("flags", O_RDWR | O_CREAT).integer("mode", 0604));
  ::umask(mask);
  CHECK(source.status == 0);
  struct stat status{};
  REQUIRE(::stat(folder.path("new").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0604);
}

TEST_CASE("a closed descriptor fails at the first read and its duplicate at once") {
  Pipe pipe;
  const int closed = ::dup(pipe.read_end);
  ::close(closed);
  OpenSource source(kFileSource, Options().integer("fd", closed).integer("owned", 0));
  REQUIRE(source.status == 0);
  source.read(64);
  CHECK(source.result == -1);
  check_failure(source, EBADF, "read");

  const OpenSource duplicate(kFileSource, Options().integer("fd", closed).integer("duplicate", 1));
  CHECK(duplicate.status == -1);
  check_failure(duplicate, EBADF, "read");

  const OpenSource nothing(kFileSource, Options().integer("duplicate", 1));
  CHECK(nothing.status == -1);
  check_failure(nothing, EBADF, "read");
}

TEST_CASE("after a cancel every read of a file fails at once") {
  const TemporaryFolder folder;
  OpenSource source(kFileSource, Options().text("path", folder.file("file", "0123456789")));
  CHECK(source.read(4) == "0123");
  source.cancel();
  source.cancel();
  for (int i = 0; i < 3; ++i) {
    source.read(4);
    CHECK(source.result == -1);
    check_failure(source, ECANCELED, "read");
  }
}
