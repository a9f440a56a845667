// A source's thread and a producer thread, as fast as they can: every byte arrives, or is told to be missing.
#include <doctest/doctest.h>

#include <cerrno>
#include <random>
#include <string>

#include "push_rig.h"
#include "support.h"

using slipring::PushRing;
using slipring::PushSink;
using slipring::test::about;
using slipring::test::fill;
using slipring::test::Hint;
using slipring::test::kLeastRing;
using slipring::test::kThreadSanitizer;
using slipring::test::random_size;
using slipring::test::SinkRig;
using slipring::test::Tally;
using slipring::test::TestThread;
using slipring::test::wrong_bytes;
using WhenFull = PushSink::WhenFull;

namespace {

// So many bytes are pushed in a round.
constexpr std::size_t bytes_for(std::size_t largest) {
  return (largest < 1000 ? 1 : 16) * kLeastRing / (kThreadSanitizer ? 4 : 1);
}

}  // namespace

TEST_CASE("two threads carry every byte and every loss through the ring") {
  for (const std::size_t largest : {std::size_t{40}, std::size_t{5000}, kLeastRing / 2 - 64}) {
    for (uint32_t seed = 1; seed <= 2; ++seed) {
      CAPTURE(largest);
      CAPTURE(seed);
      PushRing ring;
      REQUIRE(ring.allocate(largest));
      const std::size_t bytes = bytes_for(largest);
      Tally pushed;
      Tally lost;
      TestThread source([&] {
        std::mt19937 random(seed);
        for (std::size_t left = bytes; left > 0;) {
          const std::size_t size = random_size(random, largest);
          const bool is_lost = random() % 16 == 0;
          if (is_lost) {
            ring.add_lost(1, size);
            lost.add();
          } else {
            const std::size_t length = 1 + random() % size;
            void* room = ring.reserve(size);
            for (; room == nullptr; room = ring.reserve(size)) std::this_thread::yield();
            fill(room, pushed.get(), length);
            ring.commit(length, nullptr);
            pushed.add();
          }
          left -= std::min(left, size);
        }
      });
      // The same numbers tell what should come.
      std::mt19937 random(seed);
      uint64_t popped = 0;
      uint64_t wrong = 0;
      uint64_t told = 0;
      uint64_t lost_since = 0;
      for (std::size_t left = bytes; left > 0;) {
        const std::size_t size = random_size(random, largest);
        left -= std::min(left, size);
        if (random() % 16 == 0) {
          ++lost_since;
          continue;
        }
        const std::size_t length = 1 + random() % size;
        const PushRing::Entry* entry = ring.front();
        for (; entry == nullptr; entry = ring.front()) std::this_thread::yield();
        wrong += wrong_bytes(entry->data(), popped++, entry->length);
        wrong += entry->length != length;
        wrong += entry->lost != lost_since;
        told += entry->lost;
        lost_since = 0;
        ring.pop();
      }
      source.join();
      CHECK(wrong == 0);
      CHECK(popped == pushed.get());
      CHECK(ring.front() == nullptr);
      CHECK(told + ring.untold().chunks == lost.get());
    }
  }
}

// Bytes are joined, so only the whole is known: each byte's place in the stream tells its value.
TEST_CASE("with 'block' every byte of two threads that never pause arrives in order, and then the end") {
  for (const std::size_t largest : {std::size_t{7}, std::size_t{5000}, std::size_t{200'000}}) {
    for (uint32_t seed = 1; seed <= 2; ++seed) {
      CAPTURE(largest);
      CAPTURE(seed);
      SinkRig rig(largest);
      uint64_t pushed = 0;
      TestThread source([&] {
        std::mt19937 random(seed);
        while (pushed < bytes_for(largest)) {
          const std::size_t size = random_size(random, largest);
          auto* const room = static_cast<std::byte*>(rig.source.acquire(&rig.source, size));
          if (room == nullptr) return;
          const std::size_t length = random() % (size + 1);
          for (std::size_t i = 0; i < length; ++i) room[i] = slipring::test::content(0, pushed + i);
          if (rig.commit(length) != 0) return;
          pushed += length;
        }
        rig.finish();
      });
      uint64_t arrived = 0;
      uint64_t wrong = 0;
      uint64_t lost = 0;
      for (;;) {
        const std::string part = rig.read();
        lost += rig.chunk.lost;
        if (rig.result == SLIPRING_NOTHING) {
          rig.sink.wait();
          continue;
        }
        if (rig.result <= 0) break;
        wrong += wrong_bytes(reinterpret_cast<const std::byte*>(part.data()), 0, part.size(), arrived);
        arrived += part.size();
      }
      source.join_awake();
      CHECK(rig.result == SLIPRING_END);
      CHECK(rig.error.text == std::string());
      CHECK(arrived == pushed);
      CHECK(wrong == 0);
      CHECK(lost == 0);
    }
  }
}

TEST_CASE("without waiting every chunk of two threads that never pause arrives, or is told to be missing") {
  constexpr std::size_t kLargest = 100'000;
  const uint64_t chunks = kThreadSanitizer ? 2000 : 10'000;
  for (const bool tries : {false, true}) {
    CAPTURE(tries);
    SinkRig rig(kLargest, tries ? WhenFull::kWait : WhenFull::kLose);
    uint64_t lost_here = 0;
    uint64_t bytes_lost_here = 0;
    TestThread source([&] {
      std::mt19937 random(7);
      for (uint64_t n = 0; n < chunks; ++n) {
        const std::size_t size = 8 + random_size(random, kLargest - 8);
        void* const room = tries ? rig.source.try_acquire(&rig.source, size) : rig.source.acquire(&rig.source, size);
        if (room == nullptr) {
          ++lost_here;
          bytes_lost_here += size;
          continue;
        }
        fill(room, n, size);
        slipring_chunk chunk = about();
        chunk.user = n;
        rig.commit(size, &chunk);
      }
      rig.finish();
    });
    uint64_t next = 0;
    uint64_t lost = 0;
    uint64_t bytes_lost = 0;
    uint64_t wrong = 0;
    for (;;) {
      const std::string chunk = rig.read();
      lost += rig.chunk.lost;
      bytes_lost += rig.chunk.lost_bytes;
      next += rig.chunk.lost;
      if (rig.result == SLIPRING_NOTHING) {
        rig.sink.wait();
        continue;
      }
      if (rig.result <= 0) break;
      wrong += rig.chunk.user != next;
      wrong += wrong_bytes(reinterpret_cast<const std::byte*>(chunk.data()), next++, chunk.size());
    }
    source.join_awake();
    CHECK(rig.result == SLIPRING_END);
    CHECK(wrong == 0);
    CHECK(next == chunks);
    CHECK(lost == lost_here);
    CHECK(bytes_lost == bytes_lost_here);
  }
}

TEST_CASE("a cancel at any time ends both threads, and what was not told as lost is told then") {
  for (uint64_t round = 0; round < 60; ++round) {
    CAPTURE(round);
    SinkRig rig(64, round % 2 == 0 ? WhenFull::kWait : WhenFull::kLose);
    Tally pushes;
    TestThread source([&] {
      for (;;) {
        void* const room = rig.source.acquire(&rig.source, 64);
        pushes.add();
        if (room == nullptr) {
          if (round % 2 == 0 || pushes.get() > 10'000) return;
          continue;
        }
        fill(room, 0, 64);
        if (rig.commit(64) != 0) return;
      }
    });
    TestThread producer([&] {
      do {
        rig.read();
        if (rig.result == SLIPRING_NOTHING) rig.sink.wait();
      } while (rig.result != SLIPRING_FAILED);
    });
    pushes.await(round * 20);
    rig.sink.cancel();
    source.join_awake();
    producer.join_awake();
    CHECK(rig.error.number == ECANCELED);
    CHECK(rig.try_acquire() == nullptr);
  }
}
