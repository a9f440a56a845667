// Who waits for whom: the source for room, the host for news, and what ends it.
#include <doctest/doctest.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "push_rig.h"
#include "sources/plugin/table.h"
#include "support.h"

using slipring::PluginFault;
using slipring::PushGate;
using slipring::PushSink;
using slipring::test::Hint;
using slipring::test::SinkRig;
using slipring::test::Tally;
using slipring::test::TestThread;
using WhenFull = PushSink::WhenFull;

namespace {

// A rig whose ring is full, and its source's thread, which waits in acquire.
struct Waiting {
  explicit Waiting(std::size_t size = 1000) : rig(1000) {
    pushed = rig.fill_up();
    thread = std::make_unique<TestThread>([this, size] {
      room = rig.source.acquire(&rig.source, size);
      if (room != nullptr) std::memset(room, 'y', size);
      returned.give();
    });
    asleep = thread->falls_asleep();
  }

  SinkRig rig;
  uint64_t pushed = 0;
  void* room = nullptr;
  Hint returned;
  bool asleep = false;
  std::unique_ptr<TestThread> thread;  // ends before what it uses
};

}  // namespace

TEST_CASE("acquire waits for room, and is not woken before half of the ring is free") {
  Waiting waiting;
  REQUIRE(waiting.asleep);
  uint64_t reads = 0;
  while (!waiting.returned.given() && reads < waiting.pushed / 4) {
    CHECK(waiting.rig.read().size() == 1000);
    ++reads;
  }
  CHECK(waiting.thread->falls_asleep());
  while (reads < waiting.pushed / 2 + 2) {
    CHECK(waiting.rig.read().size() == 1000);
    ++reads;
  }
  waiting.thread->join_awake();
  REQUIRE(waiting.room != nullptr);
  CHECK(waiting.rig.commit(1000) == 0);
}

TEST_CASE("a cancel ends an acquire that waits, without room, and is no misuse") {
  Waiting waiting;
  REQUIRE(waiting.asleep);
  waiting.rig.sink.cancel();
  waiting.thread->join_awake();
  CHECK(waiting.room == nullptr);
  waiting.rig.read();
  CHECK(waiting.rig.result == SLIPRING_FAILED);
  CHECK(waiting.rig.error.number == ECANCELED);
}

TEST_CASE("close ends an acquire that waits") {
  Waiting waiting;
  REQUIRE(waiting.asleep);
  TestThread closer([&] { waiting.rig.sink.close(); });
  closer.join_awake();
  waiting.thread->join_awake();
  CHECK(waiting.room == nullptr);
}

TEST_CASE("a call beside an acquire that waits is a misuse, and close ends both") {
  Waiting waiting;
  REQUIRE(waiting.asleep);
  CHECK(waiting.rig.try_acquire() == nullptr);
  waiting.rig.read();
  CHECK(waiting.rig.error.number == static_cast<int32_t>(PluginFault::kResult));
  waiting.rig.sink.close();
  waiting.thread->join_awake();
  CHECK(waiting.room == nullptr);
}

TEST_CASE("a source that waits on the host's own thread is refused instead") {
  TestThread host([] {
    SinkRig rig(1000);
    rig.fill_up();
    CHECK(rig.source.acquire(&rig.source, 1000) == nullptr);
    rig.read();
    CHECK(rig.result == SLIPRING_FAILED);
    CHECK(rig.error.number == static_cast<int32_t>(PluginFault::kResult));
  });
  host.join_awake();
}

TEST_CASE("the host waits until something is committed") {
  SinkRig rig(10);
  Tally waited;
  std::string text;
  TestThread host([&] {
    while (rig.result >= 0 && text.empty()) {
      rig.sink.wait();
      text = rig.read();
      waited.add();
      if (rig.result == SLIPRING_NOTHING) rig.result = 0;
    }
  });
  REQUIRE(host.falls_asleep());
  void* const room = rig.try_acquire(2);
  REQUIRE(room != nullptr);
  std::memcpy(room, "ab", 2);
  CHECK(host.falls_asleep());  // what is acquired is not there
  CHECK(rig.commit(2) == 0);
  host.join_awake();
  CHECK(text == "ab");
}

TEST_CASE("an end, a failure, a misuse, too little room and a cancel each end the host's wait") {
  const std::vector<void (*)(SinkRig&)> ends{
      [](SinkRig& rig) { rig.finish(); },
      [](SinkRig& rig) {
        const slipring_error error{};
        rig.finish(&error);
      },
      [](SinkRig& rig) { rig.commit(1); },
      [](SinkRig& rig) { rig.try_acquire(1001); },
      [](SinkRig& rig) {
        rig.try_acquire(5);
        rig.commit(6);
      },
      [](SinkRig& rig) { rig.sink.cancel(); },
  };
  for (std::size_t n = 0; n < ends.size(); ++n) {
    CAPTURE(n);
    SinkRig rig(1000);
    TestThread host([&] {
      do {
        rig.sink.wait();
        rig.read();
      } while (rig.result == SLIPRING_NOTHING);
    });
    REQUIRE(host.falls_asleep());
    ends[n](rig);
    host.join_awake();
    CHECK(rig.result <= 0);
  }
}

TEST_CASE("there is no wait for what is there already") {
  SinkRig rig(10);
  CHECK(rig.push("a") == 0);
  TestThread host([&] { rig.sink.wait(); });
  host.join_awake();
}

TEST_CASE("a cancel is for good, and what was acquired before it is given back and not sent") {
  SinkRig rig(10);
  CHECK(rig.push("a") == 0);
  REQUIRE(rig.try_acquire(5) != nullptr);
  rig.sink.cancel();
  rig.sink.cancel();
  CHECK(rig.commit(5) == -1);
  CHECK(rig.try_acquire() == nullptr);
  CHECK(rig.source.acquire(&rig.source, 1) == nullptr);
  rig.finish();
  for (int i = 0; i < 2; ++i) {
    rig.read();
    CHECK(rig.result == SLIPRING_FAILED);
    CHECK(rig.error.number == ECANCELED);
    rig.sink.wait();
  }
}

TEST_CASE("a commit after a cancel gives back what was acquired") {
  for (const bool commits : {true, false}) {
    SinkRig rig(10);
    REQUIRE(rig.try_acquire(5) != nullptr);
    rig.sink.cancel();
    if (commits) CHECK(rig.commit(5) == -1);
    const PushGate::Room has = static_cast<PushGate*>(rig.source.host)->close();
    CHECK((has == (commits ? PushGate::Room::kNone : PushGate::Room::kAcquired)));
  }
}

TEST_CASE("a cancel tells of what was lost, once") {
  SinkRig rig(1000, WhenFull::kLose);
  rig.fill_up();
  rig.sink.cancel();
  rig.read();
  CHECK(rig.error.number == ECANCELED);
  CHECK(rig.chunk.lost == 1);
  CHECK(rig.chunk.lost_bytes == 1000);
  rig.read();
  CHECK(rig.chunk.lost == 0);
}

TEST_CASE("who calls after close is refused, also when the sink is gone and its gate is another's") {
  slipring_sink stale{};
  {
    SinkRig rig(10);
    stale = rig.source;
    rig.sink.close();
    CHECK(rig.try_acquire() == nullptr);
    CHECK(rig.commit(1) == -1);
  }
  const auto use = [&] {
    CHECK(stale.acquire(&stale, 1) == nullptr);
    CHECK(stale.try_acquire(&stale, 1) == nullptr);
    CHECK(stale.commit(&stale, 1, nullptr) == -1);
    stale.finish(&stale, nullptr);
  };
  use();
  SinkRig next(10);
  CHECK(next.source.host == stale.host);
  use();
  REQUIRE(next.try_acquire() != nullptr);
  use();
  CHECK(next.commit(1) == 0);
  CHECK(next.read().size() == 1);
}

TEST_CASE("what was acquired and never committed can be written to for ever") {
  static std::byte* room = nullptr;  // where LeakSanitizer finds it
  {
    SinkRig rig(1000);
    room = static_cast<std::byte*>(rig.try_acquire(1000));
    REQUIRE(room != nullptr);
  }
  std::memset(room, 1, 1000);
  const SinkRig next(1000);
  std::memset(room, 2, 1000);
  CHECK(room[999] == std::byte{2});
}
