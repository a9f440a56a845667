// Whether what a source gets comes so close together that it pays to wait until some has gathered: waking two threads
// for each few costs several times what handling them does.
#pragma once

#include <chrono>
#include <cstdint>

namespace slipring {

// Producer thread.
class Pace {
 public:
  // So many were handed on since the last call.
  void count(uint64_t handed_on) noexcept {
    const Clock::time_point now = Clock::now();
    busy_ = now - counted_ < static_cast<int64_t>(handed_on) * kSparse;
    counted_ = now;
  }
  [[nodiscard]] bool busy() const noexcept { return busy_; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kSparse = std::chrono::microseconds(20);  // between two: too far to wait for the next

  Clock::time_point counted_;
  bool busy_ = false;
};

}  // namespace slipring
