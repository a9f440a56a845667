// What reading a file leaves in the page cache, both ways. On a file system that keeps its files in memory anyway there
// is nothing to see: then these tests say so and end.
#include "sources/cache_trace.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "descriptors.h"
#include "platform/page_cache.h"
#include "source_rig.h"
#include "sources/registry.h"

using slipring::CacheTrace;
using slipring::kFileSource;
using slipring::kFollowSource;
using slipring::platform::File;
using slipring::platform::find_cached;
using slipring::platform::forget_cached;
using slipring::platform::page_size;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::TemporaryFolder;

namespace {

constexpr std::size_t kPages = 22000;  // more than the trace looks at in advance

// A file on a disk, none of which is cached.
class ColdFile {
 public:
  explicit ColdFile(std::size_t pages, std::size_t odd_bytes = 0)
      : pages_(pages + (odd_bytes > 0 ? 1 : 0)), path_(folder_.file("file", "")) {
    const std::vector<char> content(page_size(), 'x');
    // Written, not only made longer: a hole is nowhere on the disk.
    std::ofstream out(path_, std::ios::binary);
    for (std::size_t i = 0; i < pages; ++i) out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.write(content.data(), static_cast<std::streamsize>(odd_bytes));
    out.close();
    if (file_.open(path_.c_str(), O_RDONLY, 0) != 0) ::abort();
    ::fsync(file_.descriptor());
    forget_cached(file_, 0, pages_);
  }

  [[nodiscard]] std::vector<unsigned char> cached() const {
    std::vector<unsigned char> pages(pages_);
    find_cached(file_, 0, pages);
    return pages;
  }
  [[nodiscard]] std::size_t count() const {
    std::size_t count = 0;
    for (const unsigned char is_cached : cached()) count += is_cached;
    return count;
  }
  // As another program would. Of what the system reads ahead for that nothing is kept.
  void cache(std::size_t page) const {
    ::posix_fadvise(file_.descriptor(), 0, 0, POSIX_FADV_RANDOM);
    std::vector<std::byte> content(page_size());
    REQUIRE(file_.read_at(content, page * page_size()).bytes > 0);
  }
  [[nodiscard]] const File& file() const { return file_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::size_t pages_;
  std::string path_;
  File file_;
};

bool in_memory_only(const ColdFile& file) {
  if (file.count() == 0) return false;
  MESSAGE("the folder for temporary files is in memory: nothing is tested here");
  return true;
}

// Both ways: the kernel's, where it has it, and the other one.
constexpr std::array<int64_t, 2> kWays = {0, 1};

}  // namespace

TEST_CASE("a file that was not cached is not cached after it was read") {
  const ColdFile file(kPages, 100);
  if (in_memory_only(file)) return;
  for (const int64_t by_kernel : kWays) {
    CAPTURE(by_kernel);
    OpenSource source(kFileSource,
                      Options().text("path", file.path()).integer("cache", 0).integer("by_kernel", by_kernel));
    REQUIRE(source.status == 0);
    std::size_t most = 0;
    std::size_t bytes = 0;
    // Reads that end in the middle of the groups in which the system keeps pages.
    for (int64_t reads = 0; !source.read(1'000'003).empty(); ++reads) {
      bytes += static_cast<std::size_t>(source.result);
      if (reads % 8 == 0) most = std::max(most, file.count());
    }
    source.close();
    CHECK(bytes == kPages * page_size() + 100);
    CHECK(file.count() == 0);
    // What was read ahead, and what waits to be forgotten.
    CHECK(most <= 16384);
  }
}

// A system may take pages back at any time, for reasons of its own: of one file of several none is missing.
TEST_CASE("what was cached before stays") {
  std::vector<std::size_t> pages = {0, 1, 2, 100, 20000, kPages - 1};
  for (std::size_t i = 0; i < 777; ++i) pages.push_back(5000 + i);
  for (const int64_t by_kernel : kWays) {
    CAPTURE(by_kernel);
    std::size_t most = 0;
    for (int files = 0; files < 4 && most < pages.size(); ++files) {
      const ColdFile file(kPages);
      if (in_memory_only(file)) return;
      for (const std::size_t page : pages) file.cache(page);
      OpenSource source(kFileSource,
                        Options().text("path", file.path()).integer("cache", 0).integer("by_kernel", by_kernel));
      CHECK(source.read_all(std::size_t{1} << 20).size() == kPages * page_size());
      source.close();
      const auto cached = file.cached();
      std::size_t kept = 0;
      for (const std::size_t page : pages) kept += cached[page];
      CHECK(file.count() == kept);
      most = std::max(most, kept);
    }
    CHECK(most == pages.size());
  }
}

TEST_CASE("without the option what was read stays") {
  const ColdFile file(1000);
  if (in_memory_only(file)) return;
  OpenSource source(kFileSource, Options().text("path", file.path()));
  source.read_all(std::size_t{1} << 20);
  source.close();
  CHECK(file.count() > 0);
}

// What is on its way from the disk meanwhile cannot be forgotten yet.
TEST_CASE("nothing of what was read stays when the reader stops in the middle") {
  const ColdFile file(kPages);
  if (in_memory_only(file)) return;
  OpenSource source(kFileSource, Options().text("path", file.path()).integer("cache", 0).integer("by_kernel", 0));
  constexpr std::size_t kRead = std::size_t{1} << 20;
  for (int i = 0; i < 20; ++i) REQUIRE(source.read(kRead).size() == kRead);
  source.close();
  const auto cached = file.cached();
  CHECK(std::count(cached.begin(), cached.begin() + 20 * kRead / page_size(), 1) == 0);
}

// What is on its way from the disk behind it cannot be forgotten yet.
TEST_CASE("a part of a file is read without a trace, at an offset") {
  constexpr std::size_t kStart = 4095;
  constexpr std::size_t kLength = 4'000'000;
  for (const int64_t by_kernel : kWays) {
    CAPTURE(by_kernel);
    const ColdFile file(2000);
    if (in_memory_only(file)) return;
    OpenSource part(kFileSource, Options()
                                     .text("path", file.path())
                                     .integer("start", kStart)
                                     .integer("length", kLength)
                                     .integer("cache", 0)
                                     .integer("by_kernel", by_kernel));
    CHECK(part.read_all(100'000).size() == kLength);
    part.close();
    const auto cached = file.cached();
    CHECK(std::count(cached.begin(), cached.begin() + (kStart + kLength) / page_size(), 1) == 0);
  }
}

TEST_CASE("a file is read without a trace from the descriptor's position on") {
  for (const int64_t by_kernel : kWays) {
    CAPTURE(by_kernel);
    const ColdFile file(2000, 10);
    if (in_memory_only(file)) return;
    ::lseek(file.file().descriptor(), 4097, SEEK_SET);
    OpenSource rest(kFileSource, Options()
                                     .integer("fd", file.file().descriptor())
                                     .integer("owned", 0)
                                     .integer("cache", 0)
                                     .integer("by_kernel", by_kernel));
    CHECK(rest.read_all(100'000).size() == 2000 * page_size() + 10 - 4097);
    rest.close();
    CHECK(file.count() == 0);
  }
}

TEST_CASE("a file that is followed is read without a trace, and what is appended meanwhile stays") {
  const ColdFile file(2000);
  if (in_memory_only(file)) return;
  OpenSource source(kFollowSource,
                    Options().text("path", file.path()).integer("cache", 0).integer("length", 2001 * page_size()));
  REQUIRE(source.status == 0);
  std::size_t bytes = 0;
  while (bytes < 2000 * page_size()) bytes += source.read(std::size_t{1} << 20).size();
  std::ofstream(file.path(), std::ios::binary | std::ios::app) << std::string(page_size(), 'y');
  CHECK(source.read_all(std::size_t{1} << 20).size() == page_size());
  source.close();
  CHECK(file.count() == 0);
  std::array<unsigned char, 1> appended{};
  find_cached(file.file(), 2000, appended);
  CHECK(appended[0] == 1);
}

TEST_CASE("what comes to the file after the trace has looked stays") {
  const ColdFile file(10);
  if (in_memory_only(file)) return;
  {
    CacheTrace trace(file.file());
    trace.look(0);
    std::ofstream(file.path(), std::ios::binary | std::ios::app) << std::string(page_size(), 'y');
    ::fsync(file.file().descriptor());
    trace.look(10 * page_size());
    trace.wipe(11 * page_size());
  }
  std::array<unsigned char, 1> appended{};
  find_cached(file.file(), 10, appended);
  CHECK(appended[0] == 1);
}

TEST_CASE("a reader that begins again elsewhere leaves no trace in either place") {
  const ColdFile file(kPages);
  if (in_memory_only(file)) return;
  {
    CacheTrace trace(file.file());
    std::vector<std::byte> into(std::size_t{1} << 20);
    for (const std::size_t page : {std::size_t{21000}, std::size_t{7}, std::size_t{20000}}) {
      trace.look(page * page_size());
      CHECK(file.file().read_at(into, page * page_size()).bytes == into.size());
      trace.wipe(page * page_size() + into.size());
    }
  }
  CHECK(file.count() == 0);
}

#ifdef __linux__
TEST_CASE("no addresses are taken by what was looked at") {
  const ColdFile file(1000);
  { CacheTrace(file.file()).look(0); }
  std::ifstream maps("/proc/self/maps");
  const std::string text{std::istreambuf_iterator<char>(maps), {}};
  CHECK(text.find(file.path()) == std::string::npos);
}
#endif

// The kernel forgets groups of up to 2 MiB, as soon as any page of one was read.
TEST_CASE("reads end where a group of pages may, if there is room for one") {
  const ColdFile file(2000);
  if (in_memory_only(file)) return;
  OpenSource source(kFileSource, Options().text("path", file.path()).integer("start", 100).integer("cache", 0));
  constexpr std::size_t kGroup = std::size_t{2} << 20;
  std::byte one{};
  if (slipring::platform::read_uncached(file.file(), {&one, 1}, 0).error != 0) return;  // it has no such way here
  source.read(kGroup);
  CHECK(source.result == static_cast<int64_t>(kGroup) - 100);
  source.read(kGroup);
  CHECK(source.result == static_cast<int64_t>(kGroup));
  source.read(1000);
  CHECK(source.result == 1000);
}

TEST_CASE("what the kernel makes up, and what fails, is as without the option") {
  OpenSource made_up(kFileSource, Options().text("path", "/proc/version").integer("cache", 0));
  CHECK(made_up.read_all(100).starts_with("Linux"));
  OpenSource folder(kFileSource, Options().text("path", "/").integer("cache", 0));
  CHECK(folder.read(10).empty());
  CHECK(folder.error.number == EISDIR);
  CHECK(std::string(folder.error.syscall) == "read");
}
