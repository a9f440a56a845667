#include "sources/push/gate.h"

#include <new>
#include <thread>
#include <utility>

namespace slipring {

// All gates that nobody uses: as many as there were sinks at one time, at most. It has no destructor (Rule 6), and is
// locked for two assignments.
class PushGate::Unused {
 public:
  void push(PushGate* gate) noexcept {
    lock();
    gate->next_ = std::exchange(first_, gate);
    unlock();
  }
  PushGate* pop() noexcept {
    lock();
    PushGate* const gate = first_;
    if (gate != nullptr) first_ = gate->next_;
    unlock();
    return gate;
  }
  static Unused& all() noexcept {
    static constinit Unused unused;
    return unused;
  }

 private:
  constexpr Unused() = default;
  void lock() noexcept {
    while (locked_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();  // pairs with unlock()
  }
  void unlock() noexcept { locked_.store(false, std::memory_order_release); }

  std::atomic<bool> locked_{false};
  PushGate* first_ = nullptr;
};

PushGate* PushGate::take(PushSink& sink) noexcept {
  PushGate* gate = Unused::all().pop();
  if (gate == nullptr) gate = new (std::nothrow) PushGate;
  if (gate == nullptr) return nullptr;
  gate->sink_ = &sink;
  ++gate->ticket_;
  // Pairs with the exchange in enter(): who has the ticket sees the sink.
  gate->word_.store(gate->ticket_ << kTicketShift, std::memory_order_release);
  return gate;
}

void PushGate::give_back(PushGate* gate) noexcept { Unused::all().push(gate); }

bool PushGate::enter(uint64_t ticket, Room has) noexcept {
  uint64_t word = word_.load(std::memory_order_relaxed);
  for (;;) {
    if (word >> kTicketShift != ticket) return false;
    const bool shut = (word & kShut) != 0;
    const bool in_order = (word & kStateMask) == static_cast<uint64_t>(has);
    if (shut && !(in_order && has == Room::kAcquired)) return false;
    const uint64_t next = in_order ? (word & ~kStateMask) | kBusy : word | kShut | kMisused;
    // Pairs with leave() and with itself: whoever comes second sees what the first one did.
    if (!word_.compare_exchange_weak(word, next, std::memory_order_acq_rel, std::memory_order_relaxed)) continue;
    if (!in_order) producer_.wake();
    return in_order;
  }
}

void PushGate::leave(Room room) noexcept {
  // Pairs with enter() and close(). The flags stay as they are.
  word_.fetch_add(static_cast<uint64_t>(room) - kBusy, std::memory_order_release);
}

PushGate::Room PushGate::close() noexcept {
  uint64_t word = word_.load(std::memory_order_relaxed);
  for (;;) {
    if ((word & kStateMask) == kBusy) {
      std::this_thread::yield();
      word = word_.load(std::memory_order_relaxed);
      continue;
    }
    // Pairs with leave(). The ticket is no longer valid.
    if (word_.compare_exchange_weak(word, kShut, std::memory_order_acquire, std::memory_order_relaxed)) break;
  }
  return static_cast<Room>(word & kStateMask);
}

}  // namespace slipring
