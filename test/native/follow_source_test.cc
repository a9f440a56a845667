// The source that follows a file, with and without a system that tells what happens.
#include <doctest/doctest.h>
#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

#include "descriptors.h"
#include "source_rig.h"
#include "sources/follow/bookmark.h"
#include "sources/follow/succession.h"
#include "sources/registry.h"
#include "support.h"

using slipring::kFollowSource;
using slipring::Succession;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::TemporaryFolder;
using slipring::test::TestThread;

namespace {

void append(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::app) << text; }

void replace(const std::string& path, const std::string& text) {
  std::filesystem::rename(path, path + ".1");
  append(path, text);
}

// Both ways.
template <class Body>
void each_way(Body body) {
  for (const int64_t notified : {1, 0}) {
    CAPTURE(notified);
    const TemporaryFolder folder;
    const std::string path = folder.file("log", "first");
    body(folder, path, Options().text("path", path).integer("notified", notified));
  }
}

}  // namespace

TEST_CASE("a read that waits gets what is appended") {
  each_way([](const TemporaryFolder&, const std::string& path, const Options& options) {
    OpenSource source(kFollowSource, options);
    REQUIRE(source.status == 0);
    CHECK(source.read(64) == "first");
    std::string text;
    TestThread reader([&] { text = source.read(64); });
    REQUIRE(reader.falls_asleep());
    append(path, " second");
    reader.join();
    CHECK(text == " second");
  });
}

TEST_CASE("a read that waits goes on with the file that takes the place") {
  each_way([](const TemporaryFolder&, const std::string& path, const Options& options) {
    OpenSource source(kFollowSource, options);
    CHECK(source.read(64) == "first");
    const int descriptor = source.descriptor();
    for (const std::string content : {"2", "3", "4"}) {
      std::string text;
      TestThread reader([&] { text = source.read(64); });
      REQUIRE(reader.falls_asleep());
      replace(path, content);
      reader.join();
      CHECK(text == content);
    }
    CHECK(source.descriptor() == descriptor);
    CHECK(slipring::test::closes_on_exec(descriptor));
  });
}

TEST_CASE("a file that was cut is read from its start") {
  each_way([](const TemporaryFolder&, const std::string& path, const Options& options) {
    OpenSource source(kFollowSource, options);
    CHECK(source.read(64) == "first");
    std::string text;
    TestThread reader([&] { text = source.read(64); });
    REQUIRE(reader.falls_asleep());
    std::ofstream(path) << "cut";
    reader.join();
    CHECK(text == "cut");
  });
}

TEST_CASE("an empty successor leaves the old file to its writer, and one with content does not") {
  each_way([](const TemporaryFolder&, const std::string& path, const Options& options) {
    OpenSource source(kFollowSource, options);
    CHECK(source.read(64) == "first");
    replace(path, "");
    std::string text;
    TestThread reader([&] { text = source.read(64); });
    REQUIRE(reader.falls_asleep());
    append(path + ".1", " late");
    reader.join();
    CHECK(text == " late");
    append(path + ".1", " later");
    append(path, "second");
    CHECK(source.read(64) == " later");
    CHECK(source.read(64) == "second");
  });
}

TEST_CASE("a cancel ends a read that waits, and each later one") {
  each_way([](const TemporaryFolder&, const std::string&, const Options& options) {
    OpenSource source(kFollowSource, options);
    CHECK(source.read(64) == "first");
    TestThread reader([&] { source.read(64); });
    REQUIRE(reader.falls_asleep());
    source.cancel();
    reader.join();
    CHECK(source.result == -1);
    CHECK(source.error.number == ECANCELED);
    source.read(64);
    CHECK(source.error.number == ECANCELED);
  });
}

TEST_CASE("a length ends the source in the middle of a later file") {
  each_way([](const TemporaryFolder&, const std::string& path, Options options) {
    OpenSource source(kFollowSource, options.integer("start", 3).integer("length", 5));
    CHECK(source.read(64) == "st");
    replace(path, "second");
    CHECK(source.read(64) == "sec");
    source.read(64);
    CHECK(source.result == SLIPRING_END);
  });
}

TEST_CASE("what has no successors is followed through a descriptor, whose position stays") {
  for (const int64_t notified : {1, 0}) {
    const TemporaryFolder folder;
    const std::string path = folder.file("log", "first");
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(::lseek(descriptor, 2, SEEK_SET) == 2);
    {
      OpenSource source(kFollowSource,
                        Options().integer("fd", descriptor).integer("owned", 0).integer("notified", notified));
      CHECK(source.read(64) == "rst");
      replace(path, "not this");
      append(path + ".1", " more");
      CHECK(source.read(64) == " more");
    }
    CHECK(::lseek(descriptor, 0, SEEK_CUR) == 2);
    ::close(descriptor);
  }
}

TEST_CASE("what is not a regular file is left to the file source") {
  const TemporaryFolder folder;
  OpenSource device(kFollowSource, Options().text("path", "/dev/zero").integer("length", 8));
  CHECK(device.read_all(4) == std::string(8, '\0'));
  CHECK(device.result == SLIPRING_END);
  OpenSource directory(kFollowSource, Options().text("path", folder.path()));
  directory.read(4);
  CHECK(directory.error.number == EISDIR);
  OpenSource closed(kFollowSource, Options().integer("fd", 1000).integer("owned", 0));
  closed.read(4);
  CHECK(closed.error.number == EBADF);
  const OpenSource missing(kFollowSource, Options().text("path", folder.path("missing")));
  CHECK(missing.status == -1);
  CHECK(missing.error.number == ENOENT);
}

#ifdef __linux__
TEST_CASE("more successors than are held open are followed by their names") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "");
  Succession succession;
  slipring::platform::File file;
  REQUIRE(succession.open(path.c_str(), 0, 0, true, file) == 0);
  const std::size_t files = Succession::kMostHeld + 20;
  for (std::size_t number = 0; number < files; ++number) {
    std::filesystem::rename(path, path + "." + std::to_string(number));
    append(path, std::to_string(number));
    if (number % 7 == 0) succession.look();
  }
  for (std::size_t number = 0; number < files; ++number) {
    succession.look();
    CHECK(succession.moved_on());
    slipring::platform::File next;
    slipring::Bookmark place;
    REQUIRE(succession.advance(file, next, place));
    char text[8] = {};
    CHECK(next.read(std::as_writable_bytes(std::span(text))).error == 0);
    CHECK(std::string(text) == std::to_string(number));
  }
  succession.look();
  CHECK_FALSE(succession.moved_on());
}

TEST_CASE("what is lost is told where it is missing, at once when nothing comes behind it") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "first");
  OpenSource source(kFollowSource, Options().text("path", path));
  CHECK(source.read(64) == "first");
  std::filesystem::remove(path);
  for (int times = 0; times < 2; ++times) {
    // A link to itself: nobody can open it, however early he looks.
    std::filesystem::create_symlink("log", path);
    std::filesystem::remove(path);
  }
  append(path, "");
  uint64_t lost = 0;
  while (lost < 2) {
    source.read(64);
    REQUIRE(source.result == SLIPRING_NOTHING);
    CHECK((source.chunk.flags & SLIPRING_CHUNK_LOST_FILES) != 0);
    lost += source.chunk.lost;
  }
  CHECK(lost == 2);
  append(path, "last");
  CHECK(source.read(64) == "last");
  CHECK(source.chunk.lost == 0);
}

TEST_CASE("a file that was cut before it was read has lost what was seen in it") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "first");
  Succession succession;
  slipring::platform::File file;
  REQUIRE(succession.open(path.c_str(), 0, 0, true, file) == 0);
  append(path, " and more");
  succession.see_size(file);
  CHECK_FALSE(succession.was_cut());
  std::ofstream(path) << "cut";
  succession.see_size(file);
  CHECK(succession.was_cut());
  CHECK(succession.begin_anew(file, 5) == 9);
  CHECK_FALSE(succession.was_cut());
}

TEST_CASE("a file that was cut and filled with as much, or more, is read from its start") {
  each_way([](const TemporaryFolder&, const std::string& path, const Options& options) {
    OpenSource source(kFollowSource, options);
    CHECK(source.read(64) == "first");
    for (const std::string content : {"other", "another one"}) {
      std::ofstream(path) << content;
      CHECK(source.read(64) == content);
    }
  });
}

TEST_CASE("a file that is shorter than where it is begun is read from its start when it was cut") {
  each_way([](const TemporaryFolder&, const std::string& path, Options options) {
    OpenSource source(kFollowSource, options.integer("start", 5));
    std::string text;
    TestThread reader([&] { text = source.read(64); });
    REQUIRE(reader.falls_asleep());
    std::ofstream(path) << "cut";
    reader.join();
    CHECK(text == "cut");
  });
}

namespace {

// What is read of the next file, from where it was left.
std::string read_next(Succession& succession, slipring::platform::File& file, slipring::Bookmark& place) {
  slipring::platform::File next;
  succession.look();
  if (!succession.advance(file, next, place)) return "none";
  file = std::move(next);
  char text[64] = {};
  const auto bytes = std::as_writable_bytes(std::span(text));
  const auto result = file.read_at(bytes, static_cast<uint64_t>(place.position()));
  place.pass(bytes.first(result.bytes));
  return text;
}

void exchange(const std::string& one, const std::string& other) {
  // With a file between: two renames with a name that nobody else has.
  std::filesystem::rename(one, one + ".between");
  std::filesystem::rename(other, one);
  std::filesystem::rename(one + ".between", other);
}

}  // namespace

TEST_CASE("a file that comes back is read on where it was left, and not before it has something new") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "first");
  Succession succession;
  slipring::platform::File file;
  REQUIRE(succession.open(path.c_str(), 0, 0, true, file) == 0);
  slipring::Bookmark place;
  place.pass(std::as_bytes(std::span("first", 5)));
  const std::string other = folder.file("other", "second");
  exchange(path, other);
  CHECK(read_next(succession, file, place) == "second");
  exchange(path, other);
  succession.look();
  CHECK_FALSE(succession.moved_on());
  append(path, " more");
  CHECK(succession.moved_on());
  CHECK(read_next(succession, file, place) == " more");
  CHECK(succession.take_lost(true) == 0);
}

TEST_CASE("a file that got the number of one that was left is read from its start") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "first");
  Succession succession;
  slipring::platform::File file;
  REQUIRE(succession.open(path.c_str(), 0, 0, true, file) == 0);
  slipring::Bookmark place;
  place.pass(std::as_bytes(std::span("first", 5)));
  for (const std::string content : {"second", "third", "fourth", "fifth", "sixth", "seventh"}) {
    replace(path, content);
    succession.look();
    CHECK(succession.moved_on());
    CHECK(read_next(succession, file, place) == content);
    std::filesystem::remove(path + ".1");
  }
}

TEST_CASE("a file that is moved away and back is not its own successor") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "once");
  Succession succession;
  slipring::platform::File file;
  REQUIRE(succession.open(path.c_str(), 0, 0, true, file) == 0);
  std::filesystem::rename(path, path + ".1");
  std::filesystem::rename(path + ".1", path);
  succession.look();
  CHECK_FALSE(succession.moved_on());
  slipring::platform::File next;
  slipring::Bookmark place;
  CHECK_FALSE(succession.advance(file, next, place));
}

TEST_CASE("after more happened than the system remembers the file at the path is found") {
  std::ifstream setting("/proc/sys/fs/inotify/max_queued_events");
  std::size_t limit = 0;
  setting >> limit;
  if (limit > 100000) return;
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "first");
  Succession succession;
  slipring::platform::File file;
  REQUIRE(succession.open(path.c_str(), 0, 0, true, file) == 0);
  succession.look();
  static_cast<void>(folder.file("a", ""));
  for (std::size_t moves = 0; moves <= limit; moves += 2) {
    std::filesystem::rename(folder.path("a"), folder.path("b"));
    std::filesystem::rename(folder.path("b"), folder.path("a"));
  }
  replace(path, "second");
  succession.look();
  CHECK(succession.moved_on());
}
#endif
