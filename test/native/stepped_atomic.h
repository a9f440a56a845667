// An atomic around each of whose accesses a test can let another thread run: so a test tries, one by one, every place
// in a call at which something else may come between, instead of hoping that two threads meet there.
//
// The code under test is compiled with it, after every standard header that it needs:
//
//   #include "stepped_atomic.h"
//   #define atomic stepped_atomic
//   #include "core/ring/parking.h"
//   #undef atomic
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "support.h"

namespace slipring::test {

// While it lives, `action` runs once, at this thread's step number `step`. Access n has two steps: 2n is before it and
// 2n + 1 after it.
class Interruption {
 public:
  Interruption(uint64_t step, std::function<void()> action) : left_(step), action_(std::move(action)) {
    current_ = this;
  }
  ~Interruption() { current_ = nullptr; }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  static void step() {
    if (current_ == nullptr || current_->left_-- > 0) return;
    // What the action itself accesses does not count, and it runs once.
    const std::function<void()> action = std::move(std::exchange(current_, nullptr)->action_);
    action();
  }

 private:
  static inline thread_local Interruption* current_ = nullptr;
  uint64_t left_;
  std::function<void()> action_;
};

template <class T>
class SteppedAtomic {
 public:
  SteppedAtomic() = default;
  constexpr SteppedAtomic(T value) : value_(value) {}

  T load(std::memory_order order) const {
    return access([&] { return value_.load(order); });
  }
  void store(T value, std::memory_order order) {
    access([&] { return value_.store(value, order), true; });
  }
  T exchange(T value, std::memory_order order) {
    return access([&] { return value_.exchange(value, order); });
  }
  T fetch_add(T value, std::memory_order order) {
    return access([&] { return value_.fetch_add(value, order); });
  }
  T fetch_sub(T value, std::memory_order order) {
    return access([&] { return value_.fetch_sub(value, order); });
  }
  T fetch_or(T value, std::memory_order order) {
    return access([&] { return value_.fetch_or(value, order); });
  }
  bool compare_exchange_weak(T& expected, T value, std::memory_order success, std::memory_order failure) {
    return access([&] { return value_.compare_exchange_weak(expected, value, success, failure); });
  }

 private:
  template <class Access>
  static auto access(Access access) {
    Interruption::step();
    const auto result = access();
    Interruption::step();
    return result;
  }

  std::atomic<T> value_;
};

// Runs `outer`, and at its step number `step` begins `inner` on another thread and lets it come as far as it gets: to
// its end or to sleep. If `outer` ends or sleeps before that step, `inner` begins then. Returns when both have ended,
// and so never when one of them has slept through what the other did.
template <class Outer, class Inner>
void interleave(uint64_t step, Outer outer, Inner inner) {
  std::atomic<bool> begun{false};
  std::unique_ptr<TestThread> inner_thread;
  const auto begin_inner = [&] {
    if (begun.exchange(true, std::memory_order_relaxed)) return;
    inner_thread = std::make_unique<TestThread>(inner);
    static_cast<void>(inner_thread->falls_asleep());
  };
  TestThread outer_thread([&] {
    const Interruption interruption(step, begin_inner);
    outer();
  });
  static_cast<void>(outer_thread.falls_asleep());
  begin_inner();
  outer_thread.join();
}

// Runs `sleep` on a thread of its own, and `wake` at its step number `step`; or when it sleeps, or has ended. Ends the
// process when `sleep` does not end.
template <class Sleep, class Wake>
void wake_at(uint64_t step, Sleep sleep, Wake wake) {
  std::atomic<bool> begun{false};
  const auto wake_once = [&] {
    if (!begun.exchange(true, std::memory_order_relaxed)) wake();
  };
  TestThread sleeper([&] {
    const Interruption interruption(step, wake_once);
    sleep();
  });
  static_cast<void>(sleeper.falls_asleep());
  wake_once();
  sleeper.join_awake();
}

// Runs `wake`, and at its step number `step` begins `sleep` on another thread and lets it come as far as it gets. Ends
// the process when `sleep` does not end.
template <class Wake, class Sleep>
void sleep_at(uint64_t step, Wake wake, Sleep sleep) {
  std::unique_ptr<TestThread> sleeper;
  const auto begin = [&] {
    if (sleeper != nullptr) return;
    sleeper = std::make_unique<TestThread>(sleep);
    static_cast<void>(sleeper->falls_asleep());
  };
  {
    const Interruption interruption(step, begin);
    wake();
  }
  begin();
  sleeper->join_awake();
}

// More than any one call has.
inline constexpr uint64_t kSteps = 48;

}  // namespace slipring::test

namespace std {
template <class T>
using stepped_atomic = slipring::test::SteppedAtomic<T>;
}  // namespace std
