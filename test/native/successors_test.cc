// The names of what comes after a followed file, from the changes that a folder tells of.
#include "sources/successors.h"

#include <doctest/doctest.h>

#include <string>

using slipring::Successors;
using Change = slipring::platform::FolderChange;

namespace {

constexpr auto kCreated = Change::Kind::kCreated;
constexpr auto kMovedAway = Change::Kind::kMovedAway;
constexpr auto kMovedHere = Change::Kind::kMovedHere;
constexpr auto kDeleted = Change::Kind::kDeleted;

struct Folder {
  Folder() { successors.begin("log"); }
  void tell(Change::Kind kind, const char* name, uint32_t cookie = 0) {
    successors.apply({.kind = kind, .cookie = cookie, .name = name});
  }
  void move(const char* from, const char* to) {
    ++cookie;
    tell(kMovedAway, from, cookie);
    tell(kMovedHere, to, cookie);
  }
  // The names from the first to the last one.
  std::string take_all() {
    std::string all;
    while (const Successors::Entry* first = successors.first()) {
      all += std::string(first->name) + " ";
      successors.drop_first();
    }
    return all;
  }
  Successors successors;
  uint32_t cookie = 0;
};

}  // namespace

TEST_CASE("what happens to other names is of no interest") {
  Folder folder;
  folder.tell(kCreated, "other");
  folder.tell(kCreated, "log.1");
  folder.tell(kCreated, "lo");
  folder.move("other", "log.2");
  folder.tell(kDeleted, "log.2");
  folder.move("log", "log.1");
  CHECK(folder.take_all().empty());
}

TEST_CASE("a file that is created under the name is a successor, and so is one that is moved there") {
  Folder folder;
  folder.tell(kCreated, "log");
  CHECK(folder.take_all() == "log ");
  folder.move("new", "log");
  CHECK(folder.take_all() == "log ");
  folder.tell(kMovedHere, "log", 77);  // from another folder
  CHECK(folder.take_all() == "log ");
}

TEST_CASE("successors are followed to the names that they have by now, and come in their order") {
  Folder folder;
  folder.tell(kCreated, "log");
  folder.move("log", "log.1");
  folder.tell(kCreated, "log");
  folder.move("log.1", "log.2");
  folder.move("log", "log.1");
  folder.tell(kCreated, "log");
  CHECK(folder.take_all() == "log.2 log.1 log ");
}

TEST_CASE("a successor that was deleted, overwritten or moved to another folder is gone") {
  Folder folder;
  folder.tell(kCreated, "log");
  folder.tell(kDeleted, "log");
  CHECK(folder.take_all().empty());

  folder.tell(kCreated, "log");
  folder.move("new", "log");
  CHECK(folder.take_all() == "log ");

  folder.tell(kCreated, "log");
  folder.move("log", "log.1");
  folder.move("other", "log.1");
  CHECK(folder.take_all().empty());

  folder.tell(kCreated, "log");
  folder.tell(kMovedAway, "log", 99);
  folder.tell(kCreated, "log");
  CHECK(folder.take_all() == "log ");
}

TEST_CASE("a successor that is on its way has no name, but its place") {
  Folder folder;
  folder.tell(kCreated, "log");
  const uint64_t id = folder.successors.first()->id;
  folder.tell(kMovedAway, "log", 5);
  CHECK(folder.successors.first() == nullptr);
  CHECK(folder.successors.count() == 1);
  folder.tell(Change::Kind::kWritten, "");
  folder.tell(kMovedHere, "log.1", 5);
  REQUIRE(folder.successors.first() != nullptr);
  CHECK(folder.successors.first()->id == id);
  CHECK(folder.take_all() == "log.1 ");
}

TEST_CASE("who opens a successor sees that it was moved meanwhile, even back") {
  Folder folder;
  folder.tell(kCreated, "log");
  const Successors::Entry before = *folder.successors.first();
  folder.move("log", "log.1");
  folder.move("log.1", "log");
  REQUIRE(folder.successors.has(before.id));
  CHECK(folder.successors.first()->stamp != before.stamp);
  folder.tell(kDeleted, "log");
  CHECK_FALSE(folder.successors.has(before.id));
}

TEST_CASE("when something was missed no name is trusted any more") {
  Folder folder;
  folder.tell(kCreated, "log");
  folder.tell(Change::Kind::kUnknown, "");
  CHECK(folder.take_all().empty());
  folder.successors.found();
  CHECK(folder.take_all() == "log ");
}
