// Where one thread sleeps until another has something for it. Waking takes no lock and no memory, and makes a system
// call only when the other one sleeps: a real-time thread may do it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <semaphore>

namespace slipring {

// Before it sleeps, the sleeper says so and then looks again; the waker first publishes and then looks whether somebody
// said so. Both are sequentially consistent, so one of the two sees the other. What is published has to be, too.
class Nap {
 public:
  Nap() = default;
  Nap(const Nap&) = delete;
  Nap& operator=(const Nap&) = delete;

  // The sleeper. Returns when woken, or at once when ready() is true.
  template <class Ready>
  void sleep(Ready ready) {
    state_.store(State::kAsleep, std::memory_order_seq_cst);  // pairs with the load in wake()
    if (!ready() || was_woken()) woken_.acquire();
  }

  // The sleeper. The same, but only what is urgent wakes it, and it does not sleep for longer than `longest`.
  template <class Ready>
  void doze(std::chrono::microseconds longest, Ready ready) {
    state_.store(State::kDozing, std::memory_order_seq_cst);  // pairs with the load in wake()
    if (!ready() && woken_.try_acquire_for(longest)) return;
    if (was_woken()) woken_.acquire();
  }

  // Any thread, after it has published what ready() looks at.
  void wake(bool urgent = true) noexcept {
    const State state = state_.load(std::memory_order_seq_cst);  // pairs with the stores above
    if (state == State::kAwake || (state == State::kDozing && !urgent)) return;
    if (was_woken()) return;
    woken_.release();
  }

 private:
  enum class State : uint8_t { kAwake, kAsleep, kDozing };

  // Whether somebody else was quicker to end the sleep: it has released the semaphore, or is about to.
  bool was_woken() noexcept { return state_.exchange(State::kAwake, std::memory_order_acq_rel) == State::kAwake; }

  std::atomic<State> state_{State::kAwake};
  std::binary_semaphore woken_{0};
};

}  // namespace slipring
