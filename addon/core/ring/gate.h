// Lets calls through until it is closed, and lets the closer wait until the calls that got through have returned.
// It stands before the thread-safe function (Rule 2): after close() no thread is inside it and none will enter.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace slipring {

class Gate {
 public:
  Gate() = default;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Any thread. True when the caller may go on; it must then call leave().
  [[nodiscard]] bool enter() noexcept {
    // Pairs with the fetch_or in shut(): whoever comes second sees the other.
    if ((word_.fetch_add(kOneCall, std::memory_order_acquire) & kClosed) == 0) return true;
    leave();
    return false;
  }

  // Any thread, once for each successful enter().
  void leave() noexcept {
    // Pairs with the acquire in close(): what the call did is over for the closer.
    word_.fetch_sub(kOneCall, std::memory_order_release);
  }

  // Any thread, also from inside: no call enters from now on. Does not wait.
  void shut() noexcept { word_.fetch_or(kClosed, std::memory_order_acq_rel); }

  // Any thread but not from inside: shuts, then waits for the calls in flight, which are short and never block.
  void close() noexcept {
    shut();
    while ((word_.load(std::memory_order_acquire) & ~kClosed) != 0) std::this_thread::yield();
  }

 private:
  static constexpr uint32_t kClosed = 1;
  static constexpr uint32_t kOneCall = 2;
  std::atomic<uint32_t> word_{0};  // closed bit, and above it the number of calls inside
};

}  // namespace slipring
