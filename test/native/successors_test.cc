// The names of what comes after a followed file, from the changes that a folder tells of.
#include "sources/follow/successors.h"

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
  // Both have to be there.
  void exchange(const char* from, const char* to) {
    move(from, to);
    move(to, from);
  }
  // The names from the first to the last one, with the number of those that were lost before and between them, if any.
  std::string take_all() {
    std::string all;
    successors.settle();
    for (;;) {
      if (const uint64_t lost = successors.take_lost(); lost > 0) {
        all.append("-").append(std::to_string(lost)).append(" ");
      }
      const Successors::Entry* first = successors.first();
      if (first == nullptr) return all;
      all.append(first->name).append(" ");
      successors.drop_first();
    }
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

TEST_CASE("a successor that was deleted, overwritten or moved to another folder is lost") {
  Folder folder;
  folder.tell(kCreated, "log");
  folder.tell(kDeleted, "log");
  CHECK(folder.take_all() == "-1 ");

  folder.tell(kCreated, "log");
  folder.move("new", "log");
  CHECK(folder.take_all() == "-1 log ");

  folder.tell(kCreated, "log");
  folder.move("log", "log.1");
  folder.move("other", "log.1");
  CHECK(folder.take_all() == "-1 ");

  folder.tell(kCreated, "log");
  folder.tell(kMovedAway, "log", 99);
  folder.tell(kCreated, "log");
  CHECK(folder.successors.first() != nullptr);
  CHECK(folder.take_all() == "-1 log ");

  folder.tell(kCreated, "log");
  folder.tell(kMovedAway, "log", 100);
  CHECK(folder.take_all() == "-1 ");
}

TEST_CASE("what is lost has its place between the others, and is told once") {
  Folder folder;
  for (const char* kept : {"log.a", "log.b"}) {
    folder.tell(kCreated, "log");
    folder.tell(kDeleted, "log");
    folder.tell(kCreated, "log");
    folder.move("new", "log");
    folder.move("log", kept);
  }
  folder.tell(kCreated, "log");
  folder.tell(kDeleted, "log.a");
  folder.tell(kDeleted, "log");
  CHECK(folder.take_all() == "-5 log.b -1 ");
  CHECK(folder.take_all().empty());
}

TEST_CASE("the first one may be lost by who opens it, and one that is gone may have been opened in time") {
  Folder folder;
  folder.tell(kCreated, "log");
  folder.successors.lose_first();
  CHECK(folder.take_all() == "-1 ");
  folder.tell(kCreated, "log");
  folder.tell(kDeleted, "log");
  folder.successors.was_not_lost();
  CHECK(folder.take_all().empty());
}

TEST_CASE("two files that change places are both where they are by then") {
  Folder folder;
  // The one that is followed was opened long ago: what comes is a successor.
  folder.exchange("new", "log");
  CHECK(folder.take_all() == "log ");
  folder.exchange("log", "new");
  CHECK(folder.take_all() == "log ");
  // It was not opened yet.
  folder.tell(kCreated, "log");
  folder.exchange("new", "log");
  CHECK(folder.take_all() == "new log ");
  folder.tell(kCreated, "log");
  folder.exchange("log", "new");
  CHECK(folder.take_all() == "new log ");
  // Neither is the one that is followed.
  folder.tell(kCreated, "log");
  folder.move("log", "log.1");
  folder.exchange("other", "log.1");
  CHECK(folder.take_all() == "other ");
}

TEST_CASE("what looks like the beginning of an exchange may be something else") {
  Folder folder;
  folder.tell(kCreated, "log");
  folder.move("new", "log");
  folder.move("log", "log.1");
  CHECK(folder.take_all() == "-1 log.1 ");
  folder.tell(kCreated, "log");
  folder.move("new", "log");
  CHECK(folder.successors.unsettled());
  folder.tell(kMovedAway, "log", 77);
  CHECK(folder.successors.unsettled());
  CHECK(folder.take_all() == "-2 ");
  CHECK_FALSE(folder.successors.unsettled());
}

TEST_CASE("a successor that is moved away and back may be the one that comes") {
  Folder folder;
  folder.tell(kCreated, "log");
  folder.move("log", "log.1");
  folder.move("log.1", "log");
  REQUIRE(folder.successors.first() != nullptr);
  CHECK(folder.successors.first()->perhaps_later);
  CHECK(folder.take_all() == "log.1 log ");
}

TEST_CASE("a file that is moved there and back was not exchanged when nothing has the name then") {
  Folder folder;
  folder.move("old", "log");
  folder.move("log", "old");
  folder.successors.settle();
  REQUIRE(std::string(folder.successors.first()->name) == "log");
  folder.successors.miss_first();
  CHECK(folder.take_all() == "old ");
  folder.move("old", "log");
  folder.move("log", "old");
  folder.tell(kCreated, "log");
  CHECK(folder.take_all() == "old log ");
  folder.move("old", "log");
  folder.move("log", "old");
  folder.tell(kDeleted, "log");
  CHECK(folder.take_all() == "-1 ");
  // The other way.
  folder.tell(kCreated, "log");
  folder.move("log", "new");
  folder.move("new", "log");
  folder.successors.settle();
  folder.successors.miss_first();
  CHECK(folder.take_all() == "log ");
}

TEST_CASE("a successor with a second name that begins with the first one is there when it is replaced") {
  Folder folder;
  folder.tell(kCreated, "log");
  folder.tell(kCreated, "other");
  folder.tell(kCreated, "log.1");
  folder.tell(kCreated, "log.new");
  folder.move("log.new", "log");
  CHECK(folder.take_all() == "log.1 log ");

  folder.tell(kCreated, "log");
  folder.tell(kCreated, "log.1");
  folder.move("log.1", "log.2");
  folder.tell(kDeleted, "log");
  CHECK(folder.take_all() == "log.2 ");

  folder.tell(kCreated, "log");
  folder.tell(kCreated, "log.1");
  folder.tell(kDeleted, "log.1");
  folder.tell(kDeleted, "log");
  CHECK(folder.take_all() == "-1 ");

  folder.tell(kCreated, "log");
  folder.tell(kCreated, "other");
  folder.tell(kDeleted, "log");
  CHECK(folder.take_all() == "-1 ");
}

TEST_CASE("with a link, what comes to it is a successor, and what comes to the name that it leads to") {
  Folder folder;
  folder.successors.begin("log", "/target");
  folder.tell(kCreated, "/target");
  CHECK(folder.take_all() == "/target ");
  folder.move("new", "log");
  // Where it leads to now, nobody knows so far.
  folder.tell(kCreated, "/target");
  CHECK(folder.take_all() == "log ");
  folder.successors.lead_to("/next");
  folder.tell(kCreated, "/target");
  folder.tell(kCreated, "/next");
  CHECK(folder.take_all() == "/next ");
  // It is another one already.
  folder.move("new", "log");
  folder.successors.lead_to("/next");
  folder.tell(kCreated, "/next");
  CHECK(folder.take_all() == "log ");
}

TEST_CASE("with a link, the files it leads to one after the other are no second names of each other") {
  Folder folder;
  folder.successors.begin("log", "log.0");
  folder.tell(kCreated, "log.1");
  folder.move("log.new", "log");
  folder.tell(kCreated, "log.2");
  folder.move("log.new", "log");
  CHECK(folder.take_all() == "-1 log ");
}

TEST_CASE("a successor that is on its way has no name, but its place") {
  Folder folder;
  folder.tell(kCreated, "log");
  const uint64_t id = folder.successors.first()->id;
  folder.tell(kMovedAway, "log", 5);
  CHECK(folder.successors.unsettled());
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
  folder.move("log.1", "log.2");
  folder.move("log.2", "log");
  REQUIRE(folder.successors.has(before.id));
  CHECK(folder.successors.first()->stamp != before.stamp);
  folder.tell(kDeleted, "log");
  CHECK_FALSE(folder.successors.has(before.id));
}

TEST_CASE("when something was missed no name is trusted any more") {
  Folder folder;
  folder.tell(kCreated, "log");
  folder.move("log", "log.1");
  folder.tell(kCreated, "log");
  folder.tell(Change::Kind::kUnknown, "");
  CHECK(folder.take_all() == "-1 ");  // the one that has the name will be found
  folder.successors.found();
  CHECK(folder.take_all() == "log ");
}
