// The consumer thread reads in the producer's place, when it knows that there is data.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "channel_rig.h"
#include "core/pump.h"
#include "scripted_source.h"
#include "support.h"

using slipring::Channel;
using slipring::Outcome;
using slipring::Pump;
using slipring::test::ChannelRig;
using slipring::test::kThreadSanitizer;
using slipring::test::Options;
using slipring::test::ScriptedSource;
using slipring::test::Tally;
using slipring::test::TestThread;

namespace {

// A source that can wait, of bytes that the test puts into it, and the pump on its thread.
class Stage {
 public:
  explicit Stage(uint32_t slots = 4, std::size_t slot_size = 16)
      : rig(slots, slot_size), pump(source.table, rig.channel) {
    source.can_wait();
    source.table.flags = SLIPRING_SOURCE_READ_ANYWHERE;
    source.on_wait = [this](slipring_error*) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [&] { return cancelled_ || woken_ || endless_ || (!items_.empty() && !hidden_); });
      woken_ = false;
      waits_over.add();
      return cancelled_ ? -1 : 0;
    };
    source.on_read = [this](std::span<std::byte> into, slipring_chunk*, slipring_error*) -> int64_t {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (cancelled_) return SLIPRING_FAILED;
      if (items_.empty() && !endless_) return SLIPRING_NOTHING;
      const int item = items_.empty() ? 0 : items_.front();
      if (!items_.empty()) items_.pop_front();
      if (item < 0) return SLIPRING_END;
      into[0] = static_cast<std::byte>(item);
      return length;
    };
    source.on_cancel = [this] {
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        cancelled_ = true;
      }
      changed_.notify_all();
    };
    rig.arm_all();
    thread = std::make_unique<TestThread>([this] {
      Options options = source.options();
      pump.run(options.view());
    });
  }
  ~Stage() {
    pump.request_stop();
    thread->join();
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // Negative: the end. `hidden`: the producer thread does not notice.
  void put(int item, bool hidden = true) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      items_.push_back(item);
      hidden_ = hidden;
    }
    changed_.notify_all();
  }
  // From now on there is always something.
  void flow() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      endless_ = true;
    }
    changed_.notify_all();
  }
  // The producer thread wakes up, whether or not there is something.
  void wake() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      woken_ = true;
    }
    changed_.notify_all();
  }
  // The consumer waits, as it does before anything helps.
  void listen() { CHECK(rig.channel.take() == Channel::kNothing); }
  int take() {
    const int32_t index = rig.channel.take();
    if (index < 0) return index;
    const int item = static_cast<int>(rig.channel.slot(static_cast<uint32_t>(index)).data[0]);
    rig.arm(static_cast<uint32_t>(index));
    return item;
  }

  ScriptedSource source;
  ChannelRig rig;
  Pump pump;
  std::unique_ptr<TestThread> thread;
  int64_t length = 1;  // of each chunk
  Tally waits_over;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> items_;
  bool hidden_ = false;
  bool woken_ = false;
  bool endless_ = false;
  bool cancelled_ = false;
};

}  // namespace

TEST_CASE("help publishes what there is and rings no bell") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  const uint64_t rings = stage.rig.bell.count();
  stage.put(7);
  const Pump::Help help = stage.pump.help();
  CHECK(help.published);
  CHECK(help.useful);
  CHECK(stage.rig.bell.count() == rings);
  CHECK(stage.take() == 7);
  CHECK(stage.take() == Channel::kNothing);
}

TEST_CASE("help without data changes nothing and the bell still rings for the producer") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  const Pump::Help help = stage.pump.help();
  CHECK_FALSE(help.published);
  CHECK_FALSE(help.useful);
  const uint64_t rings = stage.rig.bell.count();
  stage.put(7, false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take() == 7);
}

TEST_CASE("a chunk that fits into the place that help was given needs no slot") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  const uint64_t rings = stage.rig.bell.count();
  std::array<std::byte, 4> place{};
  stage.put(7);
  const Pump::Help help = stage.pump.help(place);
  CHECK(help.message == 1);
  CHECK(help.useful);
  CHECK_FALSE(help.published);
  CHECK(place[0] == std::byte{7});
  CHECK(stage.rig.channel.counters().chunks_produced.get() == 1);
  CHECK(stage.rig.channel.counters().bytes_produced.get() == 1);
  CHECK(stage.rig.bell.count() == rings);
  // The bell still rings for the next one, which knows what came before.
  stage.put(8, false);
  stage.rig.bell.await(rings + 1);
  const int32_t index = stage.rig.channel.take();
  REQUIRE(index >= 0);
  CHECK(stage.rig.channel.slot(static_cast<uint32_t>(index)).position.chunks == 1);
  CHECK(stage.rig.channel.slot(static_cast<uint32_t>(index)).position.bytes == 1);
}

TEST_CASE("a chunk that does not fit into the place that help was given comes in a slot") {
  Stage stage;
  stage.length = 5;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::array<std::byte, 4> place{};
  stage.put(7);
  const Pump::Help help = stage.pump.help(place);
  CHECK(help.message == 0);
  CHECK(help.published);
  CHECK(stage.take() == 7);
}

TEST_CASE("a long chunk comes in a slot although it fits into the place that help was given") {
  constexpr std::size_t kLongest = std::size_t{16} * 1024;
  Stage stage(4, kLongest + 1);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::vector<std::byte> place(kLongest + 1);
  stage.length = kLongest;
  stage.put(1);
  CHECK(stage.pump.help(place).message == kLongest);
  stage.length = kLongest + 1;
  stage.put(2);
  CHECK(stage.pump.help(place).message == 0);
  CHECK(stage.take() == 2);
}

TEST_CASE("help lets no chunk pass one that is ready") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  std::array<std::byte, 4> place{};
  stage.put(1);
  CHECK(stage.pump.help().published);
  stage.put(2);
  CHECK(stage.pump.help(place).message == 0);
  CHECK(stage.take() == 1);
  CHECK(stage.take() == 2);
}

TEST_CASE("the producer thread leaves what comes to a consumer that has promised to help") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.pump.promise_help();
  const uint64_t rings = stage.rig.bell.count();
  std::array<std::byte, 4> place{};
  // Time is short, but longer than it takes a thread to read.
  stage.put(7, false);
  stage.waits_over.await(1);
  REQUIRE(stage.thread->falls_asleep());
  CHECK(stage.pump.help(place).message == 1);
  CHECK(stage.rig.bell.count() == rings);
}

TEST_CASE("the producer thread does not wait for ever for a consumer that has promised to help") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.pump.promise_help();
  const uint64_t rings = stage.rig.bell.count();
  stage.put(7, false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take() == 7);
}

TEST_CASE("the producer thread makes way in the middle of a flow for a consumer that promises to help") {
  Stage stage;
  stage.flow();
  std::array<std::byte, 4> place{};
  // Now and then the thread gives up a promise that a slow machine is late to keep.
  for (int in_a_row = 0; in_a_row < 10;) {
    stage.pump.promise_help();
    while (stage.take() != Channel::kNothing) {}
    REQUIRE(stage.thread->falls_asleep());
    in_a_row = stage.pump.help(place).message == 1 ? in_a_row + 1 : 0;
  }
}

TEST_CASE("the producer thread reads on in the middle of a flow when promised help does not come") {
  Stage stage;
  stage.pump.promise_help();
  stage.flow();
  while (!stage.rig.channel.producer_waits()) std::this_thread::yield();
  CHECK(stage.rig.channel.ready_count() == 4);
}

TEST_CASE("the producer goes on by itself when help does not come any more") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.pump.promise_help();
  stage.put(1);
  CHECK(stage.pump.help().published);
  CHECK(stage.take() == 1);
  CHECK(stage.take() == Channel::kNothing);
  const uint64_t rings = stage.rig.bell.count();
  stage.put(2, false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take() == 2);
}

TEST_CASE("help that meets the end lets the producer finish") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.put(-1);
  const Pump::Help help = stage.pump.help();
  CHECK_FALSE(help.published);
  CHECK_FALSE(help.useful);
  stage.thread->join();
  CHECK(stage.take() == Channel::kFinished);
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kEnded);
  CHECK_FALSE(stage.pump.help().useful);
}

TEST_CASE("help is of no use when no slot is free") {
  Stage stage(1);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.put(1);
  CHECK(stage.pump.help().published);
  stage.put(2);
  const Pump::Help help = stage.pump.help();
  CHECK(help.published);  // still the first one
  CHECK_FALSE(help.useful);
  CHECK(stage.take() == 1);
}

TEST_CASE("help leaves a slot to the producer that sleeps until there is one") {
  Stage stage(1);
  stage.put(1, false);
  stage.put(2, false);
  while (!stage.rig.channel.producer_waits()) std::this_thread::yield();
  CHECK_FALSE(stage.pump.help().was_needed);
  CHECK(stage.take() == 1);
  CHECK(stage.rig.take() == 0);
}

TEST_CASE("the producer does not sleep for want of a slot that help has found") {
  Stage stage(1);
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  uint64_t rings = stage.rig.bell.count();
  stage.put(1, false);
  stage.rig.bell.await(rings + 1);
  REQUIRE(stage.thread->falls_asleep());  // it had no slot, but waits for data first
  CHECK(stage.take() == 1);
  stage.listen();
  std::array<std::byte, 4> place{};
  stage.put(2);
  CHECK(stage.pump.help(place).message == 1);
  rings = stage.rig.bell.count();
  stage.put(3, false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take() == 3);
}

TEST_CASE("help is of no use for a while when there is one large chunk after the other") {
  Stage stage;
  stage.length = 8;  // half a slot
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  int chunks = 0;
  bool useful = true;
  // A slow machine may need more than one try for so many in a row.
  while (useful) {
    stage.put(1);
    useful = stage.pump.help().useful;
    CHECK(stage.take() == 1);
    ++chunks;
  }
  CHECK(chunks > 8);
}

TEST_CASE("a stop ends the rest of a producer that was promised help") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.pump.promise_help();
  stage.wake();
  stage.waits_over.await(1);
  REQUIRE(stage.thread->falls_asleep());
  stage.pump.request_stop();
  stage.thread->join();
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
}

TEST_CASE("every byte arrives once and in order whoever reads it") {
  constexpr int kItems = kThreadSanitizer ? 20'000 : 200'000;
  Stage stage;
  stage.pump.promise_help();
  TestThread writer([&] {
    for (int i = 0; i < kItems; ++i) stage.put(i % 251, false);
    stage.put(-1, false);
  });
  int received = 0;
  int wrong = 0;
  std::array<std::byte, 1> place{};
  for (;;) {
    const int item = stage.take();
    if (item == Channel::kFinished) break;
    if (item == Channel::kNothing) {
      // Now with a place of its own, now without.
      const Pump::Help help = stage.pump.help(received % 3 == 0 ? std::span<std::byte>() : std::span(place));
      if (help.message > 0 && static_cast<int>(place[0]) != received++ % 251) ++wrong;
      continue;
    }
    if (item != received++ % 251) ++wrong;
  }
  writer.join();
  CHECK(received == kItems);
  CHECK(wrong == 0);
}
