// What a source pushes is what the host reads: joined or not, with what was lost, to its end. All on one thread.
#include "sources/push/sink.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "push_rig.h"
#include "sources/plugin/table.h"

using slipring::PluginFault;
using slipring::PushSink;
using slipring::test::about;
using slipring::test::SinkRig;
using WhenFull = PushSink::WhenFull;

namespace {

bool has_more(const SinkRig& rig) { return (rig.chunk.flags & SLIPRING_CHUNK_MORE) != 0; }

bool was_misused(SinkRig& rig) {
  rig.read();
  return rig.result == SLIPRING_FAILED && rig.error.number == static_cast<int32_t>(PluginFault::kResult);
}

slipring_error error_of(int32_t number, const char* text) {
  slipring_error error{};
  error.struct_size = sizeof error;
  error.number = number;
  std::strncpy(error.text, text, sizeof error.text - 1);
  return error;
}

}  // namespace

TEST_CASE("a source learns how much it can acquire, and has nothing to say at first") {
  SinkRig rig(100);
  REQUIRE(rig.status == 0);
  CHECK(rig.source.struct_size == sizeof(slipring_sink));
  CHECK(rig.source.max_size == 100);
  CHECK(rig.read().empty());
  CHECK(rig.result == SLIPRING_NOTHING);
}

TEST_CASE("room is aligned to 64 and a copy of the sink is as good as the sink") {
  SinkRig rig(100);
  const slipring_sink copy = rig.source;
  rig.source = {};
  for (std::size_t size = 1; size <= 100; ++size) {
    void* const room = copy.acquire(&copy, size);
    REQUIRE(room != nullptr);
    CHECK(reinterpret_cast<uintptr_t>(room) % 64 == 0);
    std::memset(room, 1, size);
    CHECK(copy.commit(&copy, size, nullptr) == 0);
  }
}

TEST_CASE("who has less room than was pushed at once gets it in parts, and hears of a loss with the first") {
  SinkRig rig(10);
  const slipring_chunk lossy = about(2, 20);
  CHECK(rig.push("abcdefgh", &lossy) == 0);
  CHECK(rig.push("ij") == 0);
  CHECK(rig.read(3) == "abc");
  CHECK(rig.chunk.lost == 2);
  CHECK(has_more(rig));
  CHECK(rig.read(3) == "def");
  CHECK(rig.chunk.lost == 0);
  CHECK(rig.read(3) == "gh");
  CHECK(has_more(rig));
  CHECK(rig.read(3) == "ij");
  CHECK_FALSE(has_more(rig));
  CHECK(rig.read().empty());
}

TEST_CASE("bytes are joined up to the size and what is left says that there is more") {
  SinkRig rig(10);
  for (const char* text : {"abc", "defg", "hij", "k", "lmnopqrst", "uv"}) CHECK(rig.push(text) == 0);
  CHECK(rig.read() == "abcdefghij");
  CHECK(has_more(rig));
  CHECK(rig.read() == "klmnopqrst");
  CHECK(has_more(rig));
  CHECK(rig.read() == "uv");
  CHECK_FALSE(has_more(rig));
  CHECK(rig.read().empty());
  CHECK(rig.result == SLIPRING_NOTHING);
}

TEST_CASE("bytes that do not fit behind others are not split") {
  SinkRig rig(10);
  for (const char* text : {"abcdef", "ghijk", "l"}) CHECK(rig.push(text) == 0);
  CHECK(rig.read() == "abcdef");
  CHECK(rig.read() == "ghijkl");
}

TEST_CASE("a chunk is joined with nothing before it and nothing behind it") {
  SinkRig rig(10);
  const slipring_chunk chunk = about();
  CHECK(rig.push("a") == 0);
  CHECK(rig.push("B", &chunk) == 0);
  CHECK(rig.push("C", &chunk) == 0);
  CHECK(rig.push("d") == 0);
  CHECK(rig.push("e") == 0);
  for (const char* text : {"a", "B", "C", "de"}) CHECK(rig.read() == text);
}

TEST_CASE("bytes are not joined over what was lost between them") {
  SinkRig rig(10);
  const slipring_chunk lost = about(2, 20);
  CHECK(rig.push("a") == 0);
  CHECK(rig.push("b") == 0);
  CHECK(rig.push("", &lost) == 0);
  CHECK(rig.push("c") == 0);
  CHECK(rig.push("d") == 0);
  CHECK(rig.read() == "ab");
  CHECK(rig.chunk.lost == 0);
  CHECK(has_more(rig));
  CHECK(rig.read() == "cd");
  CHECK(rig.chunk.lost == 2);
  CHECK(rig.chunk.lost_bytes == 20);
}

TEST_CASE("what is committed with no bytes is given back and sends nothing") {
  SinkRig rig(10);
  CHECK(rig.push("") == 0);
  CHECK(rig.read().empty());
  CHECK(rig.result == SLIPRING_NOTHING);
  const slipring_chunk chunk = about();
  CHECK(rig.push("", &chunk) == 0);
  CHECK(rig.read().empty());
  CHECK(rig.result == SLIPRING_NOTHING);
  CHECK(rig.push("a") == 0);
  CHECK(rig.read() == "a");
}

TEST_CASE("what a source says about a chunk is passed on and the next one starts anew") {
  SinkRig rig(64);
  slipring_chunk said = about(3, 30);
  said.timestamp = 1;
  said.user = 2;
  said.record_count = 4;
  said.record_size = 5;
  said.truncated = 6;
  REQUIRE(rig.try_acquire(28) != nullptr);
  CHECK(rig.commit(2, &said) == 0);  // 2 bytes, and 20 behind the next multiple of 8
  CHECK(rig.push("b") == 0);
  rig.read();
  CHECK(rig.result == 2);
  CHECK(rig.chunk.lost == 3);
  CHECK(rig.chunk.lost_bytes == 30);
  CHECK(rig.chunk.timestamp == 1);
  CHECK(rig.chunk.user == 2);
  CHECK(rig.chunk.record_count == 4);
  CHECK(rig.chunk.record_size == 5);
  CHECK(rig.chunk.truncated == 6);
  CHECK(rig.read() == "b");
  CHECK(rig.chunk.lost == 0);
  CHECK(rig.chunk.user == 0);
  CHECK(rig.chunk.record_count == 0);
}

TEST_CASE("without room a chunk is lost and told of at its place, whether it was tried or acquired") {
  for (const bool tries : {true, false}) {
    SinkRig rig(1000, tries ? WhenFull::kWait : WhenFull::kLose);
    const uint64_t pushed = rig.fill_up();  // which lost one
    const auto acquire = tries ? rig.source.try_acquire : rig.source.acquire;
    CHECK(acquire(&rig.source, 1000) == nullptr);
    for (uint64_t n = 0; n < pushed; ++n) {
      CHECK(rig.read().size() == 1000);
      CHECK(rig.chunk.lost == 0);
      if (n == 0) CHECK(rig.push("after") == 0);
    }
    CHECK(rig.read() == "after");
    CHECK(rig.chunk.lost == 2);
    CHECK(rig.chunk.lost_bytes == 2000);
    CHECK(rig.read().empty());
    CHECK(rig.chunk.lost == 0);
  }
}

TEST_CASE("the end comes after all that was committed, with what was lost since, and once") {
  SinkRig rig(1000, WhenFull::kLose);
  const uint64_t pushed = rig.fill_up();
  rig.finish();
  CHECK(rig.try_acquire() == nullptr);
  uint64_t bytes = 0;
  for (std::string part = rig.read(); !part.empty(); part = rig.read()) {
    bytes += part.size();
    CHECK(rig.chunk.lost == 0);
  }
  CHECK(bytes == 1000 * pushed);
  CHECK(rig.result == SLIPRING_END);
  CHECK(rig.chunk.lost == 1);
  CHECK(rig.chunk.lost_bytes == 1000);
  rig.read();
  CHECK(rig.result == SLIPRING_END);
  CHECK(rig.chunk.lost == 0);
}

TEST_CASE("a failure comes after all that was committed, and cannot be taken for one of the host's") {
  for (const int32_t number : {EIO, -3}) {
    SinkRig rig(10);
    CHECK(rig.push("a") == 0);
    slipring_error error = error_of(number, "unplugged");
    std::memset(error.syscall, 'x', sizeof error.syscall);  // without an end
    rig.finish(&error);
    error = {};
    CHECK(rig.read() == "a");
    rig.read();
    CHECK(rig.result == SLIPRING_FAILED);
    CHECK(rig.error.number == (number > 0 ? number : 0));
    CHECK(rig.error.text == std::string("unplugged"));
    CHECK(rig.error.syscall == std::string(sizeof error.syscall - 1, 'x'));
  }
}

TEST_CASE("after the end nothing is taken and nothing changes it") {
  SinkRig rig(10);
  rig.finish();
  const slipring_error error = error_of(EIO, "late");
  rig.finish(&error);
  CHECK(rig.push("a") == -2);
  CHECK(rig.commit(1) == -1);
  rig.read();
  CHECK(rig.result == SLIPRING_END);
}

TEST_CASE("strict ends the stream after what there was room for, and the end tells of what was not") {
  SinkRig rig(1000, WhenFull::kFail);
  uint64_t pushed = 0;
  while (rig.push(std::string(1000, 'x')) == 0) ++pushed;
  CHECK(pushed > 1000);
  CHECK(rig.push("a") == -2);
  uint64_t bytes = 0;
  for (std::string part = rig.read(); !part.empty(); part = rig.read()) bytes += part.size();
  CHECK(bytes == 1000 * pushed);
  CHECK(rig.push("a") == -2);
  CHECK(rig.result == SLIPRING_END);
  CHECK(rig.chunk.lost == 1);
  CHECK(rig.chunk.lost_bytes == 1000);
}

TEST_CASE("whatever a source may not do ends its stream with a fault of the plugin") {
  const slipring_chunk chunk = about();
  slipring_chunk records = about();
  records.record_count = 1;
  records.record_size = 8;
  slipring_chunk many = about();
  many.record_count = many.record_size = UINT32_MAX;
  const std::vector<std::function<void(SinkRig&)>> faults{
      [](SinkRig& rig) { CHECK(rig.try_acquire(0) == nullptr); },
      [](SinkRig& rig) { CHECK(rig.try_acquire(11) == nullptr); },
      [](SinkRig& rig) { CHECK(rig.try_acquire(SIZE_MAX) == nullptr); },
      [](SinkRig& rig) { CHECK(rig.commit(1) == -1); },
      [](SinkRig& rig) {
        CHECK(rig.try_acquire(10) != nullptr);
        CHECK(rig.try_acquire(1) == nullptr);
      },
      [](SinkRig& rig) {
        CHECK(rig.try_acquire(10) != nullptr);
        rig.finish();
      },
      [](SinkRig& rig) {
        CHECK(rig.try_acquire(5) != nullptr);
        CHECK(rig.commit(6) == -1);
      },
      [&](SinkRig& rig) {
        CHECK(rig.try_acquire(5) != nullptr);
        CHECK(rig.commit(SIZE_MAX, &chunk) == -1);
      },
      [&](SinkRig& rig) {
        CHECK(rig.try_acquire(8) != nullptr);
        CHECK(rig.commit(1, &records) == -1);
      },
      [&](SinkRig& rig) {
        CHECK(rig.try_acquire(10) != nullptr);
        CHECK(rig.commit(0, &many) == -1);
      },
  };
  for (std::size_t n = 0; n < faults.size(); ++n) {
    CAPTURE(n);
    SinkRig rig(10);
    CHECK(rig.push("a") == 0);
    faults[n](rig);
    CHECK(was_misused(rig));
    CHECK(rig.error.text[0] != '\0');
    CHECK(rig.try_acquire() == nullptr);
    CHECK(was_misused(rig));
    rig.commit(0);  // what was acquired is brought back, or its memory would never be freed
  }
}

TEST_CASE("a sink that was never filled in is refused") {
  SinkRig rig(10);
  slipring_sink empty = rig.source;
  empty.host = nullptr;
  CHECK(empty.acquire(&empty, 1) == nullptr);
  CHECK(empty.try_acquire(&empty, 1) == nullptr);
  CHECK(empty.commit(&empty, 1, nullptr) == -1);
  empty.finish(&empty, nullptr);
  CHECK(rig.push("a") == 0);
}
