// Where the last lines of a file begin.
#include "sources/follow/last_lines.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "descriptors.h"
#include "platform/file.h"

namespace {

std::string last_lines(const std::string& content, int64_t count) {
  const slipring::test::TemporaryFolder folder;
  slipring::platform::File file;
  REQUIRE(file.open(folder.file("log", content).c_str(), 0, 0) == 0);
  const auto size = static_cast<int64_t>(content.size());
  return content.substr(static_cast<std::size_t>(slipring::begin_of_last_lines(file, size, count)));
}

}  // namespace

TEST_CASE("the last lines are counted as tail does") {
  CHECK(last_lines("1\n2\n3\n", 1) == "3\n");
  CHECK(last_lines("1\n2\n3", 1) == "3");
  CHECK(last_lines("1\n2\n3", 2) == "2\n3");
  CHECK(last_lines("\n\n", 1) == "\n");
  CHECK(last_lines("1\n2\n", 2) == "1\n2\n");
  CHECK(last_lines("1\n2\n", 100) == "1\n2\n");
  CHECK(last_lines("1\n", 0).empty());
  CHECK(last_lines("", 1).empty());
}

TEST_CASE("lines may begin anywhere in the pieces that are looked at") {
  for (const std::size_t length : {16382, 16383, 16384, 16385, 32767, 32768, 50000}) {
    CAPTURE(length);
    const std::string line = std::string(length, 'x') + '\n';
    CHECK(last_lines(line + line, 1) == line);
    CHECK(last_lines("a\n" + line + "b\n", 2) == line + "b\n");
  }
}

TEST_CASE("a file that is shorter by now is read from its start") {
  const slipring::test::TemporaryFolder folder;
  slipring::platform::File file;
  REQUIRE(file.open(folder.file("log", "1\n2\n").c_str(), 0, 0) == 0);
  CHECK(slipring::begin_of_last_lines(file, 100, 1) == 0);
}
