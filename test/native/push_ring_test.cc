// Entries of any size, in order and complete, through memory that is used round and round.
#include "sources/push/ring.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <utility>
#include <vector>

#include "push_rig.h"
#include "support.h"

using slipring::PushRing;
using slipring::test::about;
using slipring::test::fill;
using slipring::test::kLeastRing;
using slipring::test::kThreadSanitizer;
using slipring::test::random_size;
using slipring::test::wrong_bytes;

namespace {

std::size_t wrong_bytes_of(const PushRing::Entry& entry, uint64_t number) {
  return wrong_bytes(entry.data(), number, entry.used());
}

bool push(PushRing& ring, uint64_t number, std::size_t size, std::size_t length) {
  void* const room = ring.reserve(size);
  if (room == nullptr) return false;
  fill(room, number, length);
  ring.commit(length, nullptr);
  return true;
}

// Moves on by so many bytes, a multiple of 64 of which the head is one.
bool advance(PushRing& ring, std::size_t bytes) {
  if (ring.reserve(bytes - sizeof(PushRing::Entry)) == nullptr) return false;
  ring.commit(bytes - sizeof(PushRing::Entry), nullptr);
  if (ring.front() == nullptr) return false;
  ring.pop();
  return true;
}

bool is(PushRing::Lost lost, uint64_t chunks, uint64_t bytes) { return lost.chunks == chunks && lost.bytes == bytes; }

}  // namespace

TEST_CASE("entries of any size come out in order and complete however full the ring is") {
  uint64_t refused = 0;
  for (const std::size_t largest : {std::size_t{100}, std::size_t{70'001}, kLeastRing / 2 - 64, kLeastRing}) {
    for (uint32_t seed = 1; seed <= 3; ++seed) {
      CAPTURE(largest);
      CAPTURE(seed);
      std::mt19937 random(seed);
      PushRing ring;
      REQUIRE(ring.allocate(largest));
      std::deque<std::size_t> inside;
      uint64_t pushed = 0;
      uint64_t popped = 0;
      uint64_t wrong = 0;
      std::size_t left = kThreadSanitizer ? 3 * kLeastRing : 20 * kLeastRing;
      while (left > 0) {
        // Now it tends to be full, now empty.
        const bool fills = random() % 4 != (left / kLeastRing) % 2 * 3;
        if (fills) {
          const std::size_t size = random_size(random, largest);
          const std::size_t length = 1 + random() % size;
          if (push(ring, pushed, size, length)) {
            inside.push_back(length);
            ++pushed;
          } else {
            ++refused;
            REQUIRE_FALSE(inside.empty());  // or it would wait for ever
          }
          left -= std::min(left, size);
        } else {
          const PushRing::Entry* const entry = ring.front();
          REQUIRE((entry == nullptr) == inside.empty());
          if (entry == nullptr) continue;
          REQUIRE(entry->length == inside.front());
          wrong += wrong_bytes_of(*entry, popped++);
          inside.pop_front();
          ring.pop();
        }
      }
      CHECK(wrong == 0);
      CHECK(pushed > 20);
    }
  }
  CHECK(refused > 0);
}

TEST_CASE("a ring that is full to the last byte has room for one more when one was taken out") {
  constexpr std::size_t kRoom = 1024;
  constexpr std::size_t kSize = kRoom - sizeof(PushRing::Entry);
  PushRing ring;
  REQUIRE(ring.allocate(kSize));
  uint64_t pushed = 0;
  for (; pushed < kLeastRing / kRoom; ++pushed) REQUIRE(push(ring, pushed, kSize, kSize));
  for (uint64_t popped = 0; popped < 3 * kLeastRing / kRoom; ++popped) {
    REQUIRE_FALSE(push(ring, pushed, kSize, kSize));
    REQUIRE(ring.front() != nullptr);
    REQUIRE(wrong_bytes_of(*ring.front(), popped) == 0);
    ring.pop();
    REQUIRE(push(ring, pushed++, kSize, kSize));
  }
}

TEST_CASE("an entry takes the room that it was committed with and not what was reserved") {
  PushRing ring;
  REQUIRE(ring.allocate(1000));
  uint64_t pushed = 0;
  while (push(ring, pushed, 1000, 1)) ++pushed;
  CHECK(pushed > kLeastRing / 128 - 1024 / 64);
}

TEST_CASE("the largest entry fits into an empty ring wherever the last one ended") {
  for (const std::size_t largest : {std::size_t{100}, kLeastRing / 2 - 64, kLeastRing / 2, 3 * kLeastRing / 2 + 1}) {
    CAPTURE(largest);
    const std::size_t size = std::max(kLeastRing, 2 * (64 + (largest + 63) / 64 * 64));
    uint64_t refused = 0;
    uint64_t misaligned = 0;
    for (std::size_t phase = 0; phase < 3; ++phase) {  // so every multiple of 64 is met
      PushRing ring;
      REQUIRE(ring.allocate(largest));
      for (std::size_t n = 0; n < phase; ++n) refused += !advance(ring, 128);
      for (std::size_t at = phase * 128; at < size; at += 192) {
        void* const room = ring.reserve(largest);
        refused += room == nullptr;
        misaligned += reinterpret_cast<uintptr_t>(room) % PushRing::kAlignment != 0;
        ring.commit(0, nullptr);
        refused += !advance(ring, 192);
      }
    }
    CHECK(refused == 0);
    CHECK(misaligned == 0);
  }
}

TEST_CASE("what is given back can be reserved again and nothing of it comes out") {
  PushRing ring;
  REQUIRE(ring.allocate(kLeastRing / 2 - 64));
  REQUIRE(push(ring, 1, kLeastRing / 2 - 128, kLeastRing / 2 - 128));
  REQUIRE(push(ring, 2, 100, 100));
  REQUIRE(ring.front() != nullptr);
  ring.pop();
  // Too large for what is left before the end, and given back: so the end is not skipped.
  void* const room = ring.reserve(kLeastRing / 2 - 128);
  REQUIRE(room != nullptr);
  CHECK(ring.reserved() == kLeastRing / 2 - 128);
  ring.commit(0, nullptr);
  CHECK(ring.reserved() == 0);
  CHECK(wrong_bytes_of(*ring.front(), 2) == 0);
  ring.pop();
  CHECK(ring.front() == nullptr);
  void* const smaller = ring.reserve(1000);
  CHECK(smaller > room);
  fill(smaller, 3, 1000);
  ring.commit(1000, nullptr);
  REQUIRE(ring.front() != nullptr);
  CHECK(ring.front()->length == 1000);
  CHECK(wrong_bytes_of(*ring.front(), 3) == 0);
  ring.pop();
  CHECK(ring.front() == nullptr);
}

TEST_CASE("what was lost is told once, by the entry after it or at the end") {
  PushRing ring;
  REQUIRE(ring.allocate(64));
  CHECK(is(ring.untold(), 0, 0));
  REQUIRE(push(ring, 0, 1, 1));
  ring.add_lost(2, 20);
  ring.add_lost(1, 5);
  REQUIRE(ring.reserve(1) != nullptr);
  ring.commit(0, nullptr);  // nothing is there to tell of it
  REQUIRE(push(ring, 1, 1, 1));
  REQUIRE(ring.reserve(1) != nullptr);
  const slipring_chunk told_by_source = about(4, 40);
  ring.commit(1, &told_by_source);
  REQUIRE(ring.reserve(1) != nullptr);
  const slipring_chunk nothing_else = about(7, 70);
  ring.commit(0, &nothing_else);
  REQUIRE(push(ring, 3, 1, 1));
  ring.add_lost(1, 1);
  const std::vector<std::pair<uint64_t, uint64_t>> expected{{0, 0}, {3, 25}, {4, 40}, {7, 70}};
  for (const auto& [chunks, bytes] : expected) {
    REQUIRE(ring.front() != nullptr);
    CHECK(ring.front()->lost == chunks);
    CHECK(ring.front()->lost_bytes == bytes);
    ring.pop();
  }
  CHECK(is(ring.untold(), 1, 1));
  CHECK(is(ring.untold(), 0, 0));
}

TEST_CASE("what entries tell that nobody takes out any more is not lost") {
  PushRing ring;
  REQUIRE(ring.allocate(64));
  for (uint64_t n = 0; n < 3; ++n) {
    ring.add_lost(1, 10);
    REQUIRE(push(ring, n, 1, 1));
  }
  REQUIRE(ring.front() != nullptr);
  ring.pop();
  CHECK(is(ring.untold(), 2, 20));
}

TEST_CASE("a chunk keeps what was said about it, and its table of records") {
  PushRing ring;
  REQUIRE(ring.allocate(1000));
  slipring_chunk chunk = about();
  chunk.timestamp = 11;
  chunk.user = 22;
  chunk.record_count = 5;
  chunk.record_size = 24;
  chunk.truncated = 33;
  constexpr std::size_t kUsed = 104 + 5 * 24;
  for (uint64_t n = 0; n < 3 * kLeastRing / 256; ++n) {
    void* const room = ring.reserve(1000);
    REQUIRE(room != nullptr);
    fill(room, n, kUsed);
    ring.commit(101, &chunk);
    REQUIRE(push(ring, n, 1, 1));  // behind the table, and not over it
    const PushRing::Entry* const entry = ring.front();
    REQUIRE(entry != nullptr);
    CHECK(entry->length == 101);
    CHECK(entry->used() == kUsed);
    CHECK(entry->is_chunk == 1);
    CHECK(entry->timestamp == 11);
    CHECK(entry->user == 22);
    CHECK(entry->record_count == 5);
    CHECK(entry->record_size == 24);
    CHECK(entry->truncated == 33);
    CHECK(wrong_bytes_of(*entry, n) == 0);
    ring.pop();
    REQUIRE(ring.front() != nullptr);
    CHECK(ring.front()->is_chunk == 0);
    CHECK(ring.front()->timestamp == 0);
    CHECK(ring.front()->record_count == 0);
    ring.pop();
  }
}

TEST_CASE("a chunk of records without data is one") {
  PushRing ring;
  REQUIRE(ring.allocate(64));
  slipring_chunk chunk = about();
  chunk.record_count = 1;
  REQUIRE(ring.reserve(1) != nullptr);
  ring.commit(0, &chunk);
  REQUIRE(ring.front() != nullptr);
  CHECK(ring.front()->length == 0);
  CHECK(ring.front()->record_count == 1);
}
