// Where threads sleep until something may have changed, without ever missing the change.
//
// The one word `state_` carries a "someone waits" bit and, above it, a count of wake-ups. Both sides change it with
// read-modify-write operations, and those are totally ordered: either the waker's comes second and sees the bit, or
// the waiter's comes second and then, by reading from the waker's, sees what the waker published before it. This is
// why the waiter looks again after it announced itself, and why no fence is needed.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace slipring {

class Parking {
 public:
  Parking() = default;
  Parking(const Parking&) = delete;
  Parking& operator=(const Parking&) = delete;

  // Any thread, any number at once. Returns when `ready()` is true; `ready` is called without a lock.
  template <class Ready>
  void wait(Ready ready) {
    while (!ready()) {
      // Pairs with the compare_exchange in wake_all().
      const uint32_t announced = state_.fetch_or(kWaiting, std::memory_order_acq_rel) | kWaiting;
      if (ready()) return;
      block(announced);
    }
  }

  // Any thread. Wakes every waiter; costs one uncontended read-modify-write when nobody waits.
  void wake_all() noexcept {
    uint32_t state = state_.load(std::memory_order_relaxed);
    // A state with the bit set becomes the next even number: bit cleared, count raised. One without it is written back
    // unchanged, because the write is what orders us before a waiter that announces itself next.
    // Pairs with the fetch_or in wait().
    while (!state_.compare_exchange_weak(state, state + (state & kWaiting), std::memory_order_acq_rel,
                                         std::memory_order_relaxed)) {}
    if ((state & kWaiting) == 0) return;
    // Taking the lock lets a waiter that has checked the state but not yet slept get to sleep first.
    { const std::lock_guard<std::mutex> lock(mutex_); }
    changed_.notify_all();
  }

 private:
  static constexpr uint32_t kWaiting = 1;

  void block(uint32_t announced) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return state_.load(std::memory_order_acquire) != announced; });
  }

  std::atomic<uint32_t> state_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace slipring
