// Which file it is, and where somebody has left off in it.
#include "sources/file_id.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include "descriptors.h"
#include "platform/file.h"
#include "traces_rig.h"

using slipring::FileId;
using slipring::ResumePoint;
using slipring::platform::File;
using slipring::test::Left;
using slipring::test::TemporaryFolder;

namespace {

File opened(const std::string& path) {
  File file;
  REQUIRE(file.open(path.c_str(), 0, 0) == 0);
  return file;
}

FileId id_of(const std::string& path, const std::string& read) {
  return FileId(opened(path), 0, std::as_bytes(std::span(read)));
}

}  // namespace

TEST_CASE("a file is the same under another name, and when it has grown") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "first");
  const FileId id = id_of(path, "first");
  std::filesystem::rename(path, path + ".1");
  std::ofstream(path + ".1", std::ios::app) << std::string(1000, 'x');
  CHECK(id.is_of(opened(path + ".1")));
  const FileId later(opened(path + ".1"), 100, {});
  CHECK(later.is_of(opened(path + ".1")));
  CHECK_FALSE(later == id);
}

TEST_CASE("a file with other content is another one, and so is one with the same content") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "first");
  const FileId id = id_of(path, "first");
  CHECK_FALSE(id.is_of(opened(folder.file("other", "first"))));
  for (const std::string content : {"other", "firs", ""}) {
    std::ofstream(path) << content;
    CHECK_FALSE(id.is_of(opened(path)));
    CHECK(id.is_number_of(opened(path)));
  }
}

TEST_CASE("what it begins with counts up to 256 bytes") {
  const TemporaryFolder folder;
  const std::string text(300, 'x');
  const std::string path = folder.file("log", text);
  const FileId id = id_of(path, text);
  for (const std::size_t changed : {0, 255, 256}) {
    CAPTURE(changed);
    std::string other = text;
    other[changed] = 'y';
    std::ofstream(path) << other;
    CHECK(id.is_of(opened(path)) == (changed == 256));
  }
}

TEST_CASE("a file that was cut and begins with the same again is another one for the stream that saw it") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "first");
  const FileId before = id_of(path, "first");
  FileId after = before;
  after.come_after(before);
  CHECK_FALSE(after == before);
  CHECK(after.is_of(opened(path)));
  FileId third = before;
  third.come_after(after);
  CHECK_FALSE(third == after);
  CHECK_FALSE(third == before);
  FileId other = id_of(path, "fir");
  const FileId unchanged = other;
  other.come_after(before);
  CHECK(other == unchanged);
}

TEST_CASE("the text of an id is read as it was written") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "first");
  const Left left(path, 5);
  CHECK(FileId::parse(left.text()) == id_of(path, "first"));
  CHECK(FileId::parse(left.text()).birth() == birth_of(opened(path)));
  CHECK(FileId::parse("") == FileId());
}

TEST_CASE("a place is in a file that has the same bytes before it, and is as long") {
  const TemporaryFolder folder;
  std::string text;
  for (int number = 0; text.size() < 400; ++number) text += std::to_string(number);
  const std::string path = folder.file("log", text);
  const Left unchecked(path, 300);
  const Left left(path, 300, 20);
  CHECK(left.point().is_in(opened(path)));
  CHECK(left.point().is_in_copy(opened(folder.file("copy", text))));
  CHECK_FALSE(unchecked.point().is_in_copy(opened(folder.file("copy", text))));
  CHECK(unchecked.point().may_be_in(opened(folder.file("copy", text))));
  CHECK_FALSE(left.point().is_in_copy(opened(folder.file("copy", text.substr(0, 299)))));
  std::string other = text;
  other[299] = 'x';
  std::ofstream(path) << other;
  CHECK_FALSE(left.point().is_in(opened(path)));
  CHECK(unchecked.point().is_in(opened(path)));
  std::ofstream(path) << text.substr(0, 299);
  CHECK_FALSE(left.point().is_in(opened(path)));
  CHECK_FALSE(unchecked.point().is_in(opened(path)));
}

TEST_CASE("few bytes that are the same are chance") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "0123456789abcdefghij");
  const std::string copy = folder.file("copy", "0123456789abcdefghij");
  CHECK(Left(path, 16, 16).point().is_in_copy(opened(copy)));
  CHECK_FALSE(Left(path, 15, 15).point().is_in_copy(opened(copy)));
  CHECK_FALSE(Left(path, 16, 15).point().is_in_copy(opened(copy)));
}
