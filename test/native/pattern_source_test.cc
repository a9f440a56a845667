#include <doctest/doctest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "core/clock.h"
#include "source_rig.h"
#include "sources/pattern.h"
#include "sources/registry.h"
#include "support.h"

using slipring::fill_pattern;
using slipring::kPatternSource;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::TestThread;

namespace {

std::string pattern(std::size_t length, uint32_t seed, uint64_t offset) {
  std::vector<std::byte> bytes(length);
  fill_pattern(bytes, seed, offset);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("without options it is the pattern of seed 0 from its beginning and without end") {
  OpenSource source(kPatternSource, Options());
  REQUIRE(source.status == 0);
  std::string all;
  for (int i = 0; i < 50; ++i) all += source.read(1001);
  CHECK(all == pattern(50 * 1001, 0, 0));
}

TEST_CASE("seed and start and length choose the bytes") {
  constexpr int64_t kStart = (int64_t{4} << 32) - 5;
  OpenSource source(kPatternSource,
                    Options().integer("seed", 0xFFFFFFFF).integer("start", kStart).integer("length", 1000));
  REQUIRE(source.status == 0);
  CHECK(source.read_all(64) == pattern(1000, 0xFFFFFFFFu, static_cast<uint64_t>(kStart)));
  CHECK(source.result == 0);
  source.read(64);
  CHECK(source.result == 0);
}

TEST_CASE("a read is as long as its memory but for the last one") {
  OpenSource source(kPatternSource, Options().integer("length", 100));
  CHECK(source.read(64).size() == 64);
  CHECK(source.read(64).size() == 36);
  CHECK(source.read(64).empty());
  CHECK(source.result == 0);
}

TEST_CASE("a length of 0 is an empty stream") {
  OpenSource source(kPatternSource, Options().integer("length", 0));
  source.read(64);
  CHECK(source.result == 0);
}

TEST_CASE("after a cancel every read fails at once") {
  for (const int64_t rate : {0, 1}) {
    OpenSource source(kPatternSource, Options().integer("rate", rate));
    source.cancel();
    source.cancel();
    for (int i = 0; i < 3; ++i) {
      source.read(64);
      CHECK(source.result == -1);
      CHECK(source.error.number == ECANCELED);
      CHECK(std::string(source.error.syscall) == "read");
    }
  }
}

TEST_CASE("a rate splits the bytes into a hundred chunks a second and takes its time") {
  constexpr int64_t kRate = 100000;
  OpenSource source(kPatternSource, Options().integer("rate", kRate).integer("seed", 3).integer("length", 5000));
  const uint64_t before = slipring::monotonic_ns();
  std::string all;
  for (int i = 0; i < 5; ++i) {
    all += source.read(4096);
    CHECK(source.result == kRate / 100);
  }
  CHECK(slipring::monotonic_ns() - before >= 49000000);  // 5,000 bytes at 100,000 a second
  CHECK(all == pattern(5000, 3, 0));
  source.read(4096);
  CHECK(source.result == 0);
}

TEST_CASE("a rate does not make reads longer than their memory and never makes them empty") {
  OpenSource large(kPatternSource, Options().integer("rate", 1000000000));
  CHECK(large.read(64).size() == 64);
  OpenSource small(kPatternSource, Options().integer("rate", 50));
  CHECK(small.read(64).size() == 1);
}

TEST_CASE("a read that waits for its turn ends with a cancel from another thread") {
  OpenSource source(kPatternSource, Options().integer("rate", 1));
  uint64_t lasted = 0;
  TestThread reader([&] {
    while (source.result >= 0) {
      const uint64_t began = slipring::monotonic_ns();
      source.read(64);
      lasted = slipring::monotonic_ns() - began;
    }
  });
  REQUIRE(reader.falls_asleep());
  source.cancel();
  reader.join();
  CHECK(source.result == -1);
  CHECK(source.error.number == ECANCELED);
  CHECK(lasted < 1000000000);  // which is when its turn would have come
}

TEST_CASE("a slot that is filled in several pieces has the same bytes") {
  constexpr std::size_t kSize = (std::size_t{5} << 20) / 2 + 3;
  OpenSource source(kPatternSource, Options().integer("seed", 9).integer("start", 1).integer("length", 2 * kSize));
  CHECK(source.read_all(kSize) == pattern(2 * kSize, 9, 1));
}
