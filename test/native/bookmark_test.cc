// Whether a file is still the one that was read, and what is known to be lost when it is not.
#include "sources/follow/bookmark.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <span>
#include <string>

#include "descriptors.h"
#include "platform/file.h"
#include "platform/file_status.h"
#include "sources/follow/seen_sizes.h"

using slipring::Bookmark;
using slipring::SeenSizes;
using slipring::platform::File;
using slipring::test::TemporaryFolder;

namespace {

void pass(Bookmark& place, const std::string& text) { place.pass(std::as_bytes(std::span(text))); }

bool fits(const Bookmark& place, const std::string& content) {
  const TemporaryFolder folder;
  File file;
  REQUIRE(file.open(folder.file("log", content).c_str(), 0, 0) == 0);
  return place.is_in(file);
}

}  // namespace

TEST_CASE("a bookmark is in a file that has the last bytes before it, whatever comes before and after those") {
  for (const std::size_t step : {1, 7, 63, 64, 65, 200}) {
    CAPTURE(step);
    std::string text;
    for (int number = 0; text.size() < 200; ++number) text += std::to_string(number);
    text.resize(200);
    Bookmark place;
    for (std::size_t at = 0; at < text.size(); at += step) pass(place, text.substr(at, step));
    CHECK(place.position() == 200);
    CHECK(fits(place, text));
    CHECK(fits(place, text + "more"));
    CHECK_FALSE(fits(place, text.substr(0, 199)));
    CHECK_FALSE(fits(place, ""));
    for (const std::size_t changed : {136, 160, 199}) {
      std::string other = text;
      other[changed] = 'x';
      CHECK_FALSE(fits(place, other));
    }
    std::string far = text;
    far[135] = 'x';
    CHECK(fits(place, far));
  }
}

TEST_CASE(
    "before anything was read a bookmark is in every file, and what was read before it was made is not compared") {
  CHECK(fits(Bookmark(), ""));
  CHECK(fits(Bookmark(100), "short"));
  Bookmark place(4);
  pass(place, "45");
  CHECK(fits(place, "012345"));
  CHECK(fits(place, "xxxx45"));
  CHECK_FALSE(fits(place, "012344"));
}

TEST_CASE("what was seen in a file that was cut, and not read, is lost") {
  SeenSizes sizes;
  sizes.see(100);
  sizes.see(300);
  CHECK_FALSE(sizes.cut());
  sizes.see(50);
  CHECK(sizes.cut());
  sizes.see(80);
  sizes.see(0);
  CHECK(sizes.begin(120) == 180 + 80);
  CHECK_FALSE(sizes.cut());
}

TEST_CASE("what was read before it was cut is not lost") {
  SeenSizes sizes;
  sizes.see(100);
  sizes.see(0);
  CHECK(sizes.begin(100) == 0);
  sizes.see(100);
  sizes.see(0);
  CHECK(sizes.begin(150) == 0);
}

TEST_CASE("what was seen before it was begun anew does not count any more") {
  SeenSizes sizes;
  sizes.see(100);
  CHECK(sizes.begin(0) == 0);
  sizes.see(50);
  CHECK_FALSE(sizes.cut());
}

#ifdef __linux__
TEST_CASE("a file that was deleted has no name, and one that comes later was not born with it") {
  const TemporaryFolder folder;
  File file;
  REQUIRE(file.open(folder.file("log", "x").c_str(), 0, 0) == 0);
  slipring::platform::FileStatus status;
  REQUIRE(status_of(file, status) == 0);
  CHECK(status.has_name);
  CHECK(birth_of(file) == birth_of(file));
  std::filesystem::remove(folder.path("log"));
  REQUIRE(status_of(file, status) == 0);
  CHECK_FALSE(status.has_name);
}
#endif
