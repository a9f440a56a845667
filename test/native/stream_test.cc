// The parts together: sources, pump, channel and thread, from the opening to the end, an error or a stop.
#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "descriptors.h"
#include "sources/registry.h"
#include "stream_rig.h"

using slipring::Channel;
using slipring::kFileSource;
using slipring::kPatternSource;
using slipring::Outcome;
using slipring::test::open_descriptors;
using slipring::test::Options;
using slipring::test::Pipe;
using slipring::test::StreamRig;
using slipring::test::TemporaryFolder;

namespace {

// Takes and returns slots until the end.
std::string consume(StreamRig& stream) {
  std::string all;
  for (int32_t index = stream.rig.take(); index >= 0; index = stream.rig.take()) {
    const slipring::Slot& slot = stream.rig.channel.slot(static_cast<uint32_t>(index));
    all.append(reinterpret_cast<const char*>(slot.data), slot.length);
    stream.rig.arm(static_cast<uint32_t>(index));
  }
  return all;
}

}  // namespace

TEST_CASE("a file streams through rings of any size") {
  const TemporaryFolder folder;
  std::string content;
  for (int i = 0; i < 20000; ++i) content += static_cast<char>(i * 7 + i / 256);
  const std::string path = folder.file("file", content);
  for (const uint32_t slots : {1u, 2u, 3u, 7u, 64u}) {
    CAPTURE(slots);
    StreamRig stream(kFileSource, Options().text("path", path), slots, 100);
    REQUIRE(stream.start() == 0);
    stream.rig.arm_all();
    CHECK(consume(stream) == content);
    CHECK(stream.rig.channel.outcome().kind == Outcome::Kind::kEnded);
    CHECK(stream.rig.channel.counters().bytes_produced.get() == content.size());
  }
}

TEST_CASE("a file that is missing ends the stream with its error before it was open") {
  StreamRig stream(kFileSource, Options().text("path", "/nowhere/at/all"), 2, 16);
  REQUIRE(stream.start() == 0);
  CHECK(stream.rig.take() == Channel::kFinished);
  CHECK(stream.rig.channel.open_failed());
  CHECK(stream.rig.channel.outcome().kind == Outcome::Kind::kFailed);
  CHECK(stream.rig.channel.outcome().error.number == ENOENT);
}

TEST_CASE("a stream on a silent pipe is stopped at once and leaves no descriptor open") {
  const Pipe pipe;
  const auto before = open_descriptors();
  for (int round = 0; round < 200; ++round) {
    StreamRig stream(kFileSource, Options().integer("fd", pipe.read_end).integer("duplicate", 1), 2, 16);
    REQUIRE(stream.start() == 0);
    stream.rig.arm_all();
    // Every other time it is stopped wherever it is, else when it is open.
    while (round % 2 == 0 && !stream.rig.channel.is_open()) std::this_thread::yield();
    stream.stop();
    CHECK(stream.rig.take() == Channel::kFinished);
    CHECK(stream.rig.channel.outcome().kind == Outcome::Kind::kStopped);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a stream without a single slot armed can be stopped") {
  StreamRig stream(kPatternSource, Options(), 2, 16);
  REQUIRE(stream.start() == 0);
  stream.stop();
  CHECK(stream.rig.take() == Channel::kFinished);
  CHECK(stream.rig.channel.outcome().kind == Outcome::Kind::kStopped);
}

TEST_CASE("bytes that were written to a pipe arrive although nobody asked for them yet") {
  Pipe pipe;
  StreamRig stream(kFileSource, Options().integer("fd", pipe.read_end).integer("owned", 0), 3, 16);
  REQUIRE(stream.start() == 0);
  stream.rig.arm_all();
  std::string expected;
  for (int i = 0; i < 500; ++i) {
    const std::string line = std::to_string(i) + '\n';
    expected += line;
    REQUIRE(pipe.write(line));
  }
  pipe.close_write_end();
  CHECK(consume(stream) == expected);
  CHECK(stream.rig.channel.outcome().kind == Outcome::Kind::kEnded);
}
