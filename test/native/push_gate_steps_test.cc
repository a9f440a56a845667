// A gate that is shut, closed, or used again at every step of an entrance.
#include <doctest/doctest.h>

#include <chrono>
#include <new>
#include <semaphore>
#include <thread>
#include <utility>

#include "stepped_atomic.h"

#define atomic stepped_atomic
#include "sources/push/gate.cc"
#undef atomic

namespace slipring {
class PushSink {};
}  // namespace slipring

using slipring::PushGate;
using slipring::PushSink;
using slipring::test::Interruption;
using slipring::test::kSteps;
using Room = PushGate::Room;

TEST_CASE("nobody gets in when the gate was shut at any step of the entrance, but who brings something back") {
  for (const Room has : {Room::kNone, Room::kAcquired}) {
    for (uint64_t step = 0; step < kSteps; step += 2) {  // before each access
      CAPTURE(step);
      PushSink sink;
      PushGate* const gate = PushGate::take(sink);
      REQUIRE(gate->enter(gate->ticket(), Room::kNone));
      gate->leave(has);
      bool shut = false;
      bool entered = false;
      {
        const Interruption interruption(step, [&] {
          gate->shut();
          shut = true;
        });
        entered = gate->enter(gate->ticket(), has);
      }
      CHECK(entered == (has == Room::kAcquired || !shut));
      CHECK_FALSE(gate->was_misused());
      if (entered) gate->leave(Room::kNone);
      CHECK(gate->close() == Room::kNone);
      PushGate::give_back(gate);
    }
  }
}

TEST_CASE("nobody gets in when the gate was closed and is another's at any step of the entrance") {
  for (const Room has : {Room::kNone, Room::kAcquired}) {
    for (uint64_t step = 0; step < kSteps; step += 2) {  // before each access
      CAPTURE(step);
      PushSink sink;
      PushSink next;
      PushGate* const gate = PushGate::take(sink);
      const uint64_t ticket = gate->ticket();
      REQUIRE(gate->enter(ticket, Room::kNone));
      gate->leave(has);
      bool taken = false;
      bool entered = false;
      {
        const Interruption interruption(step, [&] {
          CHECK(gate->close() == has);
          PushGate::give_back(gate);
          REQUIRE(PushGate::take(next) == gate);
          taken = true;
        });
        entered = gate->enter(ticket, has);
      }
      CHECK(entered != taken);
      CHECK_FALSE(gate->is_shut());
      if (entered) gate->leave(Room::kNone);
      CHECK(gate->close() == Room::kNone);
      PushGate::give_back(gate);
    }
  }
}

TEST_CASE("whoever is second at any step of an entrance is kept out, and both from then on") {
  for (const Room has : {Room::kNone, Room::kAcquired}) {
    for (uint64_t step = 0; step < kSteps; ++step) {
      CAPTURE(step);
      PushSink sink;
      PushGate* const gate = PushGate::take(sink);
      const uint64_t ticket = gate->ticket();
      int inside = 0;
      {
        const Interruption interruption(step, [&] { inside += gate->enter(ticket, has) ? 1 : 0; });
        inside += gate->enter(ticket, Room::kNone) ? 1 : 0;
      }
      if (has == Room::kNone && step < 4) CHECK(gate->was_misused());
      CHECK(inside <= 1);
      if (inside == 1) gate->leave(Room::kNone);
      if (gate->was_misused()) CHECK_FALSE(gate->enter(ticket, Room::kNone));
      CHECK(gate->close() == Room::kNone);
      PushGate::give_back(gate);
    }
  }
}

TEST_CASE("a gate that is shut at any step of the way out stays shut, and its source has what it has") {
  for (const Room room : {Room::kNone, Room::kAcquired}) {
    for (uint64_t step = 0; step < kSteps; ++step) {
      CAPTURE(step);
      PushSink sink;
      PushGate* const gate = PushGate::take(sink);
      const uint64_t ticket = gate->ticket();
      REQUIRE(gate->enter(ticket, Room::kNone));
      {
        const Interruption interruption(step, [&] { gate->shut(); });
        gate->leave(room);
      }
      gate->shut();
      CHECK_FALSE(gate->enter(ticket, Room::kNone));
      CHECK_FALSE(gate->was_misused());
      CHECK(gate->close() == room);
      PushGate::give_back(gate);
    }
  }
}

TEST_CASE("two who take a gate at the same time get two") {
  for (const uint64_t step : {0u, 4u}) {  // before the list is locked, and when it no longer is
    CAPTURE(step);
    PushSink sink;
    PushSink other;
    PushGate* second = nullptr;
    PushGate* first = nullptr;
    {
      const Interruption interruption(step, [&] { second = PushGate::take(other); });
      first = PushGate::take(sink);
    }
    if (second == nullptr) second = PushGate::take(other);
    CHECK(first != second);
    CHECK((&first->sink() == &sink));
    CHECK((&second->sink() == &other));
    for (PushGate* const gate : {first, second}) {
      gate->close();
      PushGate::give_back(gate);
    }
  }
}
