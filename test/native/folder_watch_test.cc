// What the system tells of a folder and its files, and that whoever waits for it can be woken.
#include "platform/folder_watch.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "descriptors.h"
#include "platform/file_status.h"
#include "support.h"

using slipring::platform::File;
using slipring::platform::FileStatus;
using slipring::platform::FolderChange;
using slipring::platform::FolderWatch;
using slipring::test::TemporaryFolder;
using slipring::test::TestThread;

namespace {

constexpr int kForEver = 1 << 30;

}  // namespace

TEST_CASE("signal ends a wait and all later ones") {
  for (const bool notified : {true, false}) {
    FolderWatch watch;
    REQUIRE(watch.open(notified) == 0);
    TestThread waiting([&] { CHECK_FALSE(watch.wait(kForEver)); });
    REQUIRE(waiting.falls_asleep());
    watch.signal();
    waiting.join();
    CHECK_FALSE(watch.wait(kForEver));
  }
}

TEST_CASE("a wait ends when its time is over") {
  FolderWatch watch;
  REQUIRE(watch.open(false) == 0);
  CHECK(watch.wait(1));
}

TEST_CASE("without notification there is no folder and nothing is told") {
  const TemporaryFolder folder;
  FolderWatch watch;
  REQUIRE(watch.open(false) == 0);
  CHECK(watch.watch_folder_of(folder.path("log").c_str()) == ENOSYS);
  CHECK_FALSE(watch.has_folder());
  FolderChange change;
  CHECK_FALSE(watch.next(change));
}

#ifdef __linux__
TEST_CASE("when the system has nothing left to tell with there is no folder either") {
  const TemporaryFolder folder;
  FolderWatch watch;
  {
    const slipring::test::DescriptorLimit limit(1);
    REQUIRE(watch.open(true) == 0);
  }
  CHECK(watch.watch_folder_of(folder.path("log").c_str()) == ENOSYS);
  CHECK(watch.wait(1));
}

TEST_CASE("what happens to names is told in its order") {
  const TemporaryFolder folder;
  FolderWatch watch;
  REQUIRE(watch.open(true) == 0);
  REQUIRE(watch.watch_folder_of(folder.path("log").c_str()) == 0);
  CHECK(std::string(watch.name()) == "log");
  static_cast<void>(folder.file("log", "x"));
  std::filesystem::rename(folder.path("log"), folder.path("log.1"));
  std::filesystem::remove(folder.path("log.1"));
  CHECK(watch.wait(kForEver));
  FolderChange change;
  REQUIRE(watch.next(change));
  CHECK(change.kind == FolderChange::Kind::kCreated);
  CHECK(change.name == "log");
  REQUIRE(watch.next(change));
  CHECK(change.kind == FolderChange::Kind::kMovedAway);
  const uint32_t cookie = change.cookie;
  REQUIRE(watch.next(change));
  CHECK(change.kind == FolderChange::Kind::kMovedHere);
  CHECK(change.cookie == cookie);
  CHECK(change.name == "log.1");
  REQUIRE(watch.next(change));
  CHECK(change.kind == FolderChange::Kind::kDeleted);
  CHECK_FALSE(watch.next(change));
}

TEST_CASE("of a link its own folder is watched, and that of the file, whose names begin with a slash") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("real"));
  static_cast<void>(folder.file("real/log", "x"));
  std::filesystem::create_symlink("real/log", folder.path("link"));
  FolderWatch watch;
  REQUIRE(watch.open(true) == 0);
  REQUIRE(watch.watch_folder_of(folder.path("link").c_str()) == 0);
  CHECK(std::string(watch.name()) == "link");
  CHECK(std::string(watch.target()) == "/log");
  CHECK(watch.is_link("link"));
  CHECK_FALSE(watch.is_link("/log"));
  File file;
  CHECK(watch.open_file("/log", file) == 0);
  CHECK(watch.open_file("link", file) == 0);
  CHECK(watch.open_file("log", file) == ENOENT);
  std::filesystem::remove(folder.path("real/log"));
  std::filesystem::remove(folder.path("link"));
  FolderChange change;
  REQUIRE(watch.next(change));
  CHECK(change.name == "/log");
  REQUIRE(watch.next(change));
  CHECK(change.name == "link");
}

TEST_CASE("a link to a file in its folder needs only one, whose names are as they are") {
  const TemporaryFolder folder;
  static_cast<void>(folder.file("log", "x"));
  std::filesystem::create_symlink("log", folder.path("link"));
  FolderWatch watch;
  REQUIRE(watch.open(true) == 0);
  REQUIRE(watch.watch_folder_of(folder.path("link").c_str()) == 0);
  CHECK(std::string(watch.target()) == "log");
  REQUIRE(watch.watch_folder_of(folder.path("log").c_str()) == 0);
  CHECK(std::string(watch.target()).empty());
  std::filesystem::remove(folder.path("link"));
  FolderChange change;
  REQUIRE(watch.next(change));
  CHECK(change.name == "link");
}

TEST_CASE("of folders in the folder nothing is told") {
  const TemporaryFolder folder;
  FolderWatch watch;
  REQUIRE(watch.open(true) == 0);
  REQUIRE(watch.watch_folder_of(folder.path("log").c_str()) == 0);
  std::filesystem::create_directory(folder.path("log"));
  std::filesystem::rename(folder.path("log"), folder.path("log.1"));
  FolderChange change;
  CHECK_FALSE(watch.next(change));
}

TEST_CASE("what can be seen in the folder is told after a settle") {
  const TemporaryFolder folder;
  FolderWatch watch;
  REQUIRE(watch.open(true) == 0);
  REQUIRE(watch.watch_folder_of(folder.path("log").c_str()) == 0);
  TestThread creating([&] {
    for (int number = 0; number < 2000; ++number) static_cast<void>(folder.file(std::to_string(number), ""));
  });
  int told = 0;
  for (int number = 0; number < 2000; ++number) {
    while (!std::filesystem::exists(folder.path(std::to_string(number)))) {}
    REQUIRE(watch.settle());
    FolderChange change;
    while (watch.next(change)) ++told;
    REQUIRE(told > number);
  }
  creating.join();
}

TEST_CASE("a write is told of once") {
  const TemporaryFolder folder;
  File file;
  REQUIRE(file.open(folder.file("log", "x").c_str(), 0, 0) == 0);
  FolderWatch watch;
  REQUIRE(watch.open(true) == 0);
  REQUIRE(watch.watch_once(file) != -1);
  std::ofstream(folder.path("log"), std::ios::app) << "y";
  CHECK(watch.wait(kForEver));
  FolderChange change;
  REQUIRE(watch.next(change));
  CHECK(change.kind == FolderChange::Kind::kWritten);
  std::ofstream(folder.path("log"), std::ios::app) << "z";
  CHECK_FALSE(watch.next(change));
}

TEST_CASE("of a file that is not watched any more nothing is told") {
  const TemporaryFolder folder;
  File file;
  REQUIRE(file.open(folder.file("log", "x").c_str(), 0, 0) == 0);
  FolderWatch watch;
  REQUIRE(watch.open(true) == 0);
  watch.unwatch(watch.watch_once(file));
  std::ofstream(folder.path("log"), std::ios::app) << "y";
  FolderChange change;
  CHECK_FALSE(watch.next(change));
}

TEST_CASE("a folder that is moved away is not watched any more") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("logs"));
  FolderWatch watch;
  REQUIRE(watch.open(true) == 0);
  REQUIRE(watch.watch_folder_of(folder.path("logs/log").c_str()) == 0);
  std::filesystem::rename(folder.path("logs"), folder.path("old"));
  static_cast<void>(folder.file("old/log", "x"));
  FolderChange change;
  REQUIRE(watch.next(change));
  CHECK(change.kind == FolderChange::Kind::kUnknown);
  CHECK_FALSE(watch.has_folder());
  CHECK_FALSE(watch.next(change));
}

TEST_CASE("when more happened than the system remembers it says so") {
  std::ifstream setting("/proc/sys/fs/inotify/max_queued_events");
  std::size_t limit = 0;
  setting >> limit;
  REQUIRE(limit > 0);
  if (limit > 100000) return;
  const TemporaryFolder folder;
  FolderWatch watch;
  REQUIRE(watch.open(true) == 0);
  REQUIRE(watch.watch_folder_of(folder.path("log").c_str()) == 0);
  static_cast<void>(folder.file("a", ""));
  for (std::size_t moves = 0; moves <= limit; moves += 2) {
    std::filesystem::rename(folder.path("a"), folder.path("b"));
    std::filesystem::rename(folder.path("b"), folder.path("a"));
  }
  FolderChange change;
  auto last = FolderChange::Kind::kCreated;
  while (watch.next(change)) last = change.kind;
  CHECK(last == FolderChange::Kind::kUnknown);
  CHECK(watch.has_folder());
}

TEST_CASE("its descriptors are not inherited, and closed") {
  const TemporaryFolder folder;
  const auto before = slipring::test::open_descriptors();
  {
    FolderWatch watch;
    REQUIRE(watch.open(true) == 0);
    REQUIRE(watch.watch_folder_of(folder.path("log").c_str()) == 0);
    const auto opened = slipring::test::opened_since(before);
    CHECK(opened.size() == 3);
    for (const int descriptor : opened) CHECK(slipring::test::closes_on_exec(descriptor));
  }
  CHECK(slipring::test::opened_since(before).empty());
}
#endif

TEST_CASE("a file is known again after it was renamed, and others are not taken for it") {
  const TemporaryFolder folder;
  File file;
  REQUIRE(file.open(folder.file("log", "1234").c_str(), 0, 0) == 0);
  FileStatus open;
  REQUIRE(status_of(file, open) == 0);
  CHECK(open.regular);
  CHECK(open.size == 4);
  std::filesystem::rename(folder.path("log"), folder.path("log.1"));
  FileStatus renamed;
  REQUIRE(slipring::platform::status_of(folder.path("log.1").c_str(), renamed) == 0);
  CHECK(renamed.same_file(open));
  FileStatus other;
  REQUIRE(slipring::platform::status_of(folder.file("log", "1234").c_str(), other) == 0);
  CHECK_FALSE(other.same_file(open));
  REQUIRE(slipring::platform::status_of(folder.path().c_str(), other) == 0);
  CHECK_FALSE(other.regular);
  CHECK(slipring::platform::status_of(folder.path("missing").c_str(), other) == ENOENT);
}
