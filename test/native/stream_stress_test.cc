// The whole path at full speed: every byte of every chunk in order, slots released in any order, stops at any moment.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "sources/pattern.h"
#include "sources/registry.h"
#include "stream_rig.h"
#include "support.h"

using slipring::Channel;
using slipring::fill_pattern;
using slipring::kPatternSource;
using slipring::Outcome;
using slipring::test::kThreadSanitizer;
using slipring::test::Options;
using slipring::test::StreamRig;

namespace {

constexpr std::size_t kSlotSize = 12;
constexpr uint32_t kSeed = 77;

// Compares what was filled with what should have been.
class Verifier {
 public:
  void check(const slipring::Slot& slot) {
    fill_pattern(std::span(expected_).first(slot.length), kSeed, offset_);
    const bool right =
        slot.position.chunks == sequence_++ &&
        std::equal(expected_.begin(), expected_.begin() + static_cast<std::ptrdiff_t>(slot.length), slot.data);
    if (!right) ++wrong;
    offset_ += slot.length;
  }
  [[nodiscard]] uint64_t bytes() const { return offset_; }

  uint64_t wrong = 0;

 private:
  std::vector<std::byte> expected_ = std::vector<std::byte>(kSlotSize);
  uint64_t offset_ = 0;
  uint64_t sequence_ = 0;
};

// Takes until the end, holds on to at most `most_held` slots, and releases them in random order.
uint64_t consume(StreamRig& stream, Verifier& verifier, uint32_t most_held, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<uint32_t> held;
  uint64_t chunks = 0;
  for (int32_t index = stream.rig.take(); index >= 0; index = stream.rig.take()) {
    verifier.check(stream.rig.channel.slot(static_cast<uint32_t>(index)));
    ++chunks;
    held.push_back(static_cast<uint32_t>(index));
    if (held.size() < most_held && random() % 4 != 0) continue;
    std::shuffle(held.begin(), held.end(), random);
    const std::size_t kept = random() % held.size();
    for (; held.size() > kept; held.pop_back()) stream.rig.arm(held.back());
  }
  return chunks;
}

}  // namespace

TEST_CASE("every chunk arrives once and in order whatever the ring's size and the order of release") {
  constexpr uint64_t kChunks = kThreadSanitizer ? 1 << 14 : 1 << 17;
  for (const uint32_t slots : {1u, 2u, 3u, 7u, 64u}) {
    CAPTURE(slots);
    const int64_t length = static_cast<int64_t>(kChunks * kSlotSize) - 5;
    StreamRig stream(kPatternSource, Options().integer("seed", kSeed).integer("length", length), slots, kSlotSize);
    REQUIRE(stream.start() == 0);
    stream.rig.arm_all();
    Verifier verifier;
    CHECK(consume(stream, verifier, slots, slots) == kChunks);
    CHECK(verifier.wrong == 0);
    CHECK(verifier.bytes() == static_cast<uint64_t>(length));
    CHECK(stream.rig.channel.outcome().kind == Outcome::Kind::kEnded);
    CHECK(stream.rig.channel.counters().chunks_produced.get() == kChunks);
    CHECK(stream.rig.channel.counters().wakeups.get() <= kChunks + 2);
    stream.join();
  }
}

TEST_CASE("a stop while the ring is full or empty or filling ends the stream and what was ready is right") {
  constexpr uint32_t kRounds = kThreadSanitizer ? 600 : 3000;
  uint64_t wrong = 0;
  for (uint32_t round = 0; round < kRounds; ++round) {
    const uint32_t slots = 1 + round % 5;
    StreamRig stream(kPatternSource, Options().integer("seed", kSeed), slots, kSlotSize);
    REQUIRE(stream.start() == 0);
    Verifier verifier;
    if (round % 3 != 0) stream.rig.arm_all();                 // else it is empty: nothing can be filled
    const uint32_t chunks = round % 3 == 1 ? 0 : round % 17;  // none taken: it runs full
    for (uint32_t i = 0; round % 3 != 0 && i < chunks; ++i) {
      const int32_t index = stream.rig.take();
      REQUIRE(index >= 0);
      verifier.check(stream.rig.channel.slot(static_cast<uint32_t>(index)));
      stream.rig.arm(static_cast<uint32_t>(index));
    }
    if (round % 3 == 1) {
      while (round % 2 == 0 && stream.rig.channel.ready_count() < slots) std::this_thread::yield();
    }
    stream.stop();
    static_cast<void>(consume(stream, verifier, slots, round));
    wrong += verifier.wrong;
    wrong += stream.rig.channel.outcome().kind != Outcome::Kind::kStopped;
    wrong += stream.rig.channel.take() != Channel::kFinished;
  }
  CHECK(wrong == 0);
}
