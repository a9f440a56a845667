// Who may use a sink. The variables that are not atomic are for ThreadSanitizer: the gate is all that orders the
// threads.
#include "sources/push/gate.h"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <utility>

#include "sources/push/sink.h"
#include "support.h"

using slipring::PushGate;
using slipring::PushSink;
using slipring::test::Hint;
using slipring::test::kThreadSanitizer;
using slipring::test::Tally;
using slipring::test::TestThread;
using slipring::test::Watched;
using Room = PushGate::Room;

namespace {

// Whether it got in.
bool enter_and_leave(PushGate& gate, uint64_t ticket, Room has, Room leaves_with = Room::kNone) {
  if (!gate.enter(ticket, has)) return false;
  gate.leave(leaves_with);
  return true;
}

class Gate {
 public:
  ~Gate() { close(); }
  Gate() = default;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  [[nodiscard]] bool enter(Room has) { return gate_->enter(ticket, has); }
  bool call(Room has, Room leaves_with) { return enter_and_leave(*gate_, ticket, has, leaves_with); }
  Room close() {
    if (gate_ == nullptr) return Room::kNone;
    PushGate* const gate = std::exchange(gate_, nullptr);
    const Room room = gate->close();
    PushGate::give_back(gate);
    return room;
  }
  PushGate* operator->() const { return gate_; }
  [[nodiscard]] PushGate* get() const { return gate_; }

 private:
  PushSink sink_;
  PushGate* gate_ = PushGate::take(sink_);

 public:
  const uint64_t ticket = gate_->ticket();
};

}  // namespace

TEST_CASE("who has nothing acquires and who has acquired commits, again and again") {
  Gate gate;
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(gate.call(Room::kNone, Room::kAcquired));
    REQUIRE(gate.call(Room::kAcquired, Room::kNone));
  }
  CHECK(gate.call(Room::kNone, Room::kNone));  // there was no room
  CHECK(gate.call(Room::kNone, Room::kNone));
  CHECK_FALSE(gate->is_shut());
  CHECK(gate.close() == Room::kNone);
}

TEST_CASE("whoever comes in a wrong order shuts the gate for ever") {
  for (const Room has : {Room::kNone, Room::kAcquired}) {
    Gate gate;
    if (has == Room::kNone) REQUIRE(gate.call(Room::kNone, Room::kAcquired));
    CHECK_FALSE(gate.call(has, Room::kNone));
    CHECK(gate->was_misused());
    CHECK(gate->is_shut());
    CHECK_FALSE(gate.call(Room::kNone, Room::kNone));
    // What was acquired may still be brought back, once.
    CHECK(gate.call(Room::kAcquired, Room::kNone) == (has == Room::kNone));
    CHECK_FALSE(gate.call(Room::kAcquired, Room::kNone));
    CHECK_FALSE(gate.call(Room::kNone, Room::kNone));
  }
}

TEST_CASE("whoever comes while somebody is inside shuts the gate for ever and the one inside gets out") {
  for (const Room first : {Room::kNone, Room::kAcquired}) {
    for (const Room second : {Room::kNone, Room::kAcquired}) {
      Gate gate;
      if (first == Room::kAcquired) REQUIRE(gate.call(Room::kNone, Room::kAcquired));
      REQUIRE(gate.enter(first));
      CHECK_FALSE(gate.enter(second));
      CHECK(gate->was_misused());
      gate->leave(Room::kNone);
      CHECK(gate->is_shut());
      CHECK_FALSE(gate.call(Room::kNone, Room::kNone));
      CHECK_FALSE(gate.call(Room::kAcquired, Room::kNone));
      CHECK(gate.close() == Room::kNone);
    }
  }
}

TEST_CASE("whoever comes at a wrong time wakes the producer") {
  Gate gate;
  TestThread producer([&] { gate->producer().sleep([&] { return gate->was_misused(); }); });
  REQUIRE(producer.falls_asleep());
  CHECK_FALSE(gate.call(Room::kAcquired, Room::kNone));
  producer.join_awake();
}

TEST_CASE("a gate that was shut lets in only who brings something back, which is no misuse") {
  Gate gate;
  REQUIRE(gate.call(Room::kNone, Room::kAcquired));
  gate->shut();
  gate->shut();
  CHECK_FALSE(gate.call(Room::kNone, Room::kNone));
  CHECK(gate.call(Room::kAcquired, Room::kNone));
  CHECK_FALSE(gate.call(Room::kAcquired, Room::kNone));
  CHECK_FALSE(gate.call(Room::kNone, Room::kNone));
  CHECK(gate->is_shut());
  CHECK_FALSE(gate->was_misused());
}

TEST_CASE("close returns what the source has and lets nobody in") {
  Gate gate;
  PushGate* const same = gate.get();
  REQUIRE(gate.call(Room::kNone, Room::kAcquired));
  CHECK(gate.close() == Room::kAcquired);
  for (const Room has : {Room::kNone, Room::kAcquired}) {
    CHECK_FALSE(enter_and_leave(*same, gate.ticket, has));
    CHECK_FALSE(enter_and_leave(*same, 0, has));  // of a struct that was never filled
  }
}

TEST_CASE("close waits for the one inside and sees what it wrote") {
  for (const Room room : {Room::kNone, Room::kAcquired}) {
    Gate gate;
    Hint inside;
    Tally left;
    Watched written = 0;
    TestThread call([&] {
      if (!gate.enter(Room::kNone)) return;
      PushGate* const same = gate.get();
      inside.give();
      while (!same->is_shut()) std::this_thread::yield();
      // A closer that did not wait would be past close() long before this is through.
      for (int turn = 0; turn < 2000; ++turn) std::this_thread::yield();
      written = 1;
      left.add();
      same->leave(room);
    });
    inside.await();
    gate->shut();
    CHECK(gate->close() == room);
    REQUIRE(left.get() == 1);
    CHECK(written == 1);
  }
}

TEST_CASE("a ticket of before never enters and does no harm to who has the gate now") {
  std::set<std::pair<PushGate*, uint64_t>> seen;
  for (int round = 0; round < 100; ++round) {
    Gate gate;
    CHECK(seen.insert({gate.get(), gate.ticket}).second);
    if (round % 2 == 1) REQUIRE(gate.call(Room::kNone, Room::kAcquired));
    for (const auto& [old, ticket] : seen) {
      if (ticket == gate.ticket) continue;
      CHECK_FALSE(enter_and_leave(*old, ticket, Room::kNone));
      CHECK_FALSE(enter_and_leave(*old, ticket, Room::kAcquired));
    }
    CHECK_FALSE(gate->is_shut());
  }
}

TEST_CASE("gates are used again and there are never more than there are sinks") {
  std::set<PushGate*> gates;
  for (int round = 0; round < 100; ++round) {
    std::array<Gate, 3> three;
    for (const Gate& gate : three) gates.insert(gate.get());
  }
  CHECK(gates.size() == 3);
}

TEST_CASE("threads that take and give back at the same time have a gate to themselves each") {
  constexpr int kRounds = kThreadSanitizer ? 2000 : 20'000;
  std::array<uint64_t, 3> wrong{};
  {
    const auto take = [&](std::size_t n) {
      return [&, n] {
        for (int round = 0; round < kRounds; ++round) {
          PushSink sink;
          PushGate* const gate = PushGate::take(sink);
          const bool mine = gate->enter(gate->ticket(), Room::kNone) && &gate->sink() == &sink;
          if (!mine) ++wrong.at(n);
          gate->leave(Room::kNone);
          gate->close();
          PushGate::give_back(gate);
        }
      };
    };
    const TestThread first(take(0));
    const TestThread second(take(1));
    const TestThread third(take(2));
  }
  CHECK(wrong == std::array<uint64_t, 3>{});
}

TEST_CASE("the next thread sees what the one before it wrote inside") {
  Gate gate;
  Watched written = 0;
  Hint left;
  TestThread first([&] {
    if (!gate.enter(Room::kNone)) return;
    written = 1;
    gate->leave(Room::kAcquired);
    left.give();
  });
  left.await();
  REQUIRE(gate.enter(Room::kAcquired));
  CHECK(written == 1);
  gate->leave(Room::kNone);
}

TEST_CASE("two threads are never inside together, and the gate is shut as soon as they try") {
  constexpr int kRounds = 300;
  constexpr int kCalls = 2000;
  for (int round = 0; round < kRounds; ++round) {
    Gate gate;
    int inside = 0;
    std::array<int, 2> calls{};
    std::array<int, 2> wrong{};
    {
      const auto call = [&](std::size_t n) {
        return [&, n] {
          for (; calls.at(n) < kCalls && gate.enter(Room::kNone); ++calls.at(n)) {
            if (++inside != 1) ++wrong.at(n);
            --inside;
            gate->leave(Room::kNone);
          }
        };
      };
      const TestThread first(call(0));
      const TestThread second(call(1));
    }
    CHECK(inside == 0);
    CHECK(wrong == std::array<int, 2>{});
    const bool met = calls[0] < kCalls || calls[1] < kCalls;
    CHECK(gate->was_misused() == met);
    CHECK(gate.call(Room::kNone, Room::kNone) != met);
  }
}
