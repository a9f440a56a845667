// Who may use a sink: one thread at a time, in the right order, and nobody after it was closed. A plugin's threads call
// whenever they like, also long after their stream is gone; so gates are never freed, but used again (see
// gate.cc), and a ticket tells the calls of one stream from those of an earlier one.
#pragma once

#include <atomic>
#include <cstdint>

#include "sources/push/nap.h"

namespace slipring {

class PushSink;

class PushGate {
 public:
  enum class Room : uint8_t { kNone = 0, kAcquired = 2 };  // what the source has, between two calls

  // Any thread. A gate that nobody uses, for `sink`; it stands until give_back(). Null when there is no memory.
  static PushGate* take(PushSink& sink) noexcept;
  static void give_back(PushGate* gate) noexcept;

  // Who took the gate.
  [[nodiscard]] uint64_t ticket() const noexcept { return ticket_; }

  // Any thread. With true the caller has the sink to itself until leave(), and what the one before it did is over. A
  // gate that is shut lets in only who brings back what he has. Who comes while somebody is inside, or in another
  // order, makes it shut for ever.
  [[nodiscard]] bool enter(uint64_t ticket, Room has) noexcept;
  // After enter(). Only the gate may be used from here on: the sink may be gone.
  void leave(Room room) noexcept;
  // Between enter() and leave().
  [[nodiscard]] PushSink& sink() const noexcept { return *sink_; }

  // Who took the gate, or is inside; any number of times. Nobody enters from now on, but to bring something back.
  void shut() noexcept { word_.fetch_or(kShut, std::memory_order_acq_rel); }
  [[nodiscard]] bool is_shut() const noexcept { return (word_.load(std::memory_order_acquire) & kShut) != 0; }
  // Whether it is shut because of who came in the wrong moment.
  [[nodiscard]] bool was_misused() const noexcept {
    return (word_.load(std::memory_order_acquire) & kMisused) != 0;  // pairs with the exchange in enter()
  }

  // Who took the gate: nobody enters from now on, and nobody is inside any more. That must not wait for anything by
  // then. Returns what the source had: with kAcquired it may still write there.
  Room close() noexcept;

  // Where the producer thread sleeps. It is here so that a thread may wake it that is not inside, or not any more.
  [[nodiscard]] Nap& producer() noexcept { return producer_; }

 private:
  class Unused;
  PushGate() = default;

  // The word: a Room or kBusy, two flags, and above them the ticket of who may enter.
  static constexpr uint64_t kBusy = 1;  // somebody is inside
  static constexpr uint64_t kStateMask = 3;
  static constexpr uint64_t kShut = 4;
  static constexpr uint64_t kMisused = 8;
  static constexpr uint32_t kTicketShift = 4;

  std::atomic<uint64_t> word_{kShut};
  uint64_t ticket_ = 0;       // who took it only
  PushSink* sink_ = nullptr;  // changes only while nobody can enter
  PushGate* next_ = nullptr;  // of those that nobody uses
  Nap producer_;
};

}  // namespace slipring
