// What is left of the files that were at a path, and what came after the one that was read.
#include "sources/follow/traces.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "traces_rig.h"

using slipring::Trace;
using slipring::Traces;
using slipring::test::Left;
using slipring::test::TemporaryFolder;

namespace {

std::string names(const std::vector<Trace>& traces) {
  std::string all;
  for (const Trace& one : traces) {
    all += one.name.substr(one.name.find('g') + 1);
    if (one.lost_before > 0) all.append("<").append(std::to_string(one.lost_before));
    all += ' ';
  }
  return all;
}

void append(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::app) << text; }

struct Log {
  void rotate() const {
    for (int number = 8; number > 0; --number) move(number == 1 ? "" : std::to_string(number - 1), number);
    std::ofstream(path) << "file " << ++files << " of the log\n";
  }
  void copy_and_truncate() const {
    for (int number = 8; number > 1; --number) move(std::to_string(number - 1), number);
    std::filesystem::copy_file(path, path + ".1");
    std::ofstream(path) << "file " << ++files << " of the log\n";
  }
  void move(const std::string& from, int to) const {
    const std::string name = from.empty() ? path : path + '.' + from;
    if (std::filesystem::exists(name)) std::filesystem::rename(name, path + '.' + std::to_string(to));
  }
  void remove(int number) const { std::filesystem::remove(path + '.' + std::to_string(number)); }
  // The one that is found, the later ones, and what is lost, in words.
  [[nodiscard]] std::string resume(const Left& left) const {
    Traces traces(path, left.point());
    traces.sort([&](const auto& status) { return slipring::test::is_at(path, status); });
    std::string text = traces.why_lost() != nullptr ? "! " : traces.target()->name;
    if (traces.why_lost() != nullptr)
      text.append(traces.why_lost()).append(" ");
    else
      text.append(": ");
    text += names(traces.later());
    if (traces.lost() > 0) text.append("lost ").append(std::to_string(traces.lost())).append(" ");
    if (traces.lost_behind() > 0) text.append("behind ").append(std::to_string(traces.lost_behind()));
    return text;
  }
  // The clock goes on: what is written now is younger.
  void tick() const {
    append(folder.path("clock"), "x");
    const auto before = std::filesystem::last_write_time(folder.path("clock"));
    while (std::filesystem::last_write_time(folder.path("clock")) == before) append(folder.path("clock"), "x");
  }

  TemporaryFolder folder;
  std::string path = folder.file("log", "file 0 of the log\n");
  mutable int files = 0;
};

}  // namespace

TEST_CASE("what came after a file that was renamed is later, and nothing after the one at the path") {
  const Log log;
  const Left left(log.path, 18, 18, true);
  CHECK(log.resume(left) == "log: ");
  log.rotate();
  log.rotate();
  log.rotate();
  CHECK(log.resume(left) == "log.3: .2 .1 ");
  CHECK(log.resume(Left(log.path, 5)) == "log: ");
}

TEST_CASE("numbers that count up have what was read before, and it is not read again") {
  const Log log;
  const auto next = [&](int number) {
    log.move("", number);
    log.tick();
    append(log.path, "file " + std::to_string(number) + " of the log\n");
  };
  next(1);
  next(2);
  const Left left(log.path, 18, 18, true);
  next(3);
  CHECK(log.resume(left) == "log.3: ");
  next(4);
  next(5);
  CHECK(log.resume(left) == "log.3: .4 .5 ");
  log.remove(4);
  CHECK(log.resume(left) == "log.3: .5<1 ");
}

TEST_CASE("a file that is older by its birth is not read when the one that was read is gone, whoever wrote to it") {
  const Log log;
  log.tick();
  log.rotate();
  const Left left(log.path, 18, 18, true);
  log.rotate();
  log.remove(1);
  log.tick();
  append(log.path + ".2", "late");
  if (left.point().id().birth() != 0) CHECK(log.resume(left) == "! gone lost 1 ");
}

TEST_CASE("a file is found under a name that says nothing") {
  const Log log;
  const Left left(log.path, 18);
  log.rotate();
  std::filesystem::rename(log.path + ".1", log.folder.path("elsewhere"));
  CHECK(log.resume(left) == "elsewhere: ");
}

TEST_CASE("numbers that are missing are lost, before a file or at the end") {
  const Log log;
  const Left left(log.path, 18, 18, true);
  for (int times = 0; times < 5; ++times) log.rotate();
  log.remove(4);
  log.remove(3);
  CHECK(log.resume(left) == "log.5: .2<2 .1 ");
  log.remove(1);
  CHECK(log.resume(left) == "log.5: .2<2 behind 1");
}

TEST_CASE("a file that is gone leaves those that were written to later, and one that was compressed says so") {
  const Log log;
  const Left left(log.path, 18, 18, true);
  log.tick();
  for (int times = 0; times < 3; ++times) log.rotate();
  log.remove(3);
  CHECK(log.resume(left) == "! gone .2 .1 lost 1 ");
  append(log.path + ".3.gz", "z");
  CHECK(log.resume(left) == "! compressed .2 .1 lost 1 ");
}

TEST_CASE(
    "what was written to before a file was read is not later when that is gone, nor is a late copy with its time") {
  const Log log;
  log.rotate();
  log.tick();
  append(log.path, "more");
  const Left left(log.path, 18, 18, true);
  log.rotate();
  const std::string older = log.path + ".2";
  const std::string copy = log.path + ".3";
  std::filesystem::copy_file(older, copy);
  std::filesystem::last_write_time(copy, std::filesystem::last_write_time(older));
  log.remove(1);
  CHECK(log.resume(left) == "! gone lost 1 ");
}

TEST_CASE("what was compressed before a file was read is not that file") {
  const Log log;
  append(log.path + ".7.gz", "z");
  log.tick();
  append(log.path, "more");
  const Left left(log.path, 18, 18, true);
  log.rotate();
  log.remove(1);
  CHECK(log.resume(left) == "! gone lost 1 ");
}

TEST_CASE("without a time the birth says which files came later") {
  const Log log;
  const Left left(log.path, 18);
  const bool knows_births = left.point().id().birth() != 0;
  log.tick();
  for (int times = 0; times < 2; ++times) log.rotate();
  log.remove(2);
  CHECK(log.resume(left) == (knows_births ? "! gone .1 lost 1 " : "! gone lost 1 "));
}

TEST_CASE("a file that was cut is read on in its copy, and then in those that were copied later") {
  const Log log;
  const Left left(log.path, 18, 18, true);
  log.copy_and_truncate();
  log.copy_and_truncate();
  CHECK(log.resume(left) == "log.2: .1 ");
  log.remove(2);
  log.tick();
  CHECK(log.resume(left).starts_with("! cut "));
}

TEST_CASE("copies of what was read are not read after it") {
  const Log log;
  const Left left(log.path, 18, 18, true);
  log.tick();
  std::filesystem::copy_file(log.path, log.path + ".1");
  CHECK(log.resume(left) == "log: ");
  std::filesystem::remove(log.path);
  append(log.path, "file 1 of the log\n");
  CHECK(log.resume(left) == "log.1: ");
  const Left unchecked(log.path, 18, 0, true);
  log.tick();
  std::filesystem::copy_file(log.path, log.path + ".2");
  std::filesystem::remove(log.path);
  append(log.path, "file 2 of the log\n");
  CHECK(log.resume(unchecked) == "! gone lost 1 ");
}

TEST_CASE("a file that was cut and renamed is later than what was read of it") {
  const Log log;
  const Left left(log.path, 18, 18, true);
  std::ofstream(log.path) << "cut";
  log.rotate();
  CHECK(log.resume(left) == "! cut .1 lost 1 ");
}
