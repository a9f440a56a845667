// The consumer thread reads in the producer's place, when it knows that there is data.
#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

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
using slipring::test::TestThread;

namespace {

// A source that can wait, of bytes that the test puts into it, and the pump on its thread.
class Stage {
 public:
  explicit Stage(uint32_t slots = 4) : rig(slots), pump(source.table, rig.channel) {
    source.can_wait();
    source.table.flags = SLIPRING_SOURCE_READ_ANYWHERE;
    source.on_wait = [this](slipring_error*) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [&] { return cancelled_ || woken_ || (!items_.empty() && !hidden_); });
      woken_ = false;
      return cancelled_ ? -1 : 0;
    };
    source.on_read = [this](std::span<std::byte> into, slipring_chunk*, slipring_error*) -> int64_t {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (cancelled_) return SLIPRING_FAILED;
      if (items_.empty()) return SLIPRING_NOTHING;
      const int item = items_.front();
      items_.pop_front();
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

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> items_;
  bool hidden_ = false;
  bool woken_ = false;
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
  CHECK(help.useful);
  const uint64_t rings = stage.rig.bell.count();
  stage.put(7, false);
  stage.rig.bell.await(rings + 1);
  CHECK(stage.take() == 7);
}

TEST_CASE("the producer goes on by itself when help does not come any more") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
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

TEST_CASE("a stop ends the rest of a producer that was helped") {
  Stage stage;
  REQUIRE(stage.thread->falls_asleep());
  stage.listen();
  stage.put(1);
  CHECK(stage.pump.help().published);
  // Wakes the producer, which finds that somebody was quicker, and rests.
  stage.wake();
  REQUIRE(stage.thread->falls_asleep());
  stage.pump.request_stop();
  stage.thread->join();
  CHECK(stage.rig.channel.outcome().kind == Outcome::Kind::kStopped);
}

TEST_CASE("every byte arrives once and in order whoever reads it") {
  constexpr int kItems = kThreadSanitizer ? 20'000 : 200'000;
  Stage stage;
  TestThread writer([&] {
    for (int i = 0; i < kItems; ++i) stage.put(i % 251, false);
    stage.put(-1, false);
  });
  int received = 0;
  int wrong = 0;
  for (;;) {
    const int item = stage.take();
    if (item == Channel::kFinished) break;
    if (item == Channel::kNothing) {
      static_cast<void>(stage.pump.help());
      continue;
    }
    if (item != received++ % 251) ++wrong;
  }
  writer.join();
  CHECK(received == kItems);
  CHECK(wrong == 0);
}
