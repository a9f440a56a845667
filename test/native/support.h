// What many native tests need: a signal between threads that orders nothing, and a thread that can be seen to sleep.
//
// No test sleeps to let something happen. It waits for the thing itself, and the test runner's timeout ends what hangs.
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace slipring::test {

// It makes everything ten times slower.
#ifdef SLIPRING_SANITIZES_THREADS
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = false;
#endif

// Under a sanitizer millions of rounds reach no memory that thousands do not. What happens once in millions of times,
// two threads that meet at the wrong moment, is for what is shipped.
#ifdef SLIPRING_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// Tells another thread that something happened and orders nothing else. So whatever ThreadSanitizer accepts between
// the two threads was ordered by the code under test, and a relaxed in the place of a release is reported.
class Hint {
 public:
  void give() noexcept { given_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool given() const noexcept { return given_.load(std::memory_order_relaxed); }
  void await() const noexcept {
    while (!given()) std::this_thread::yield();
  }

 private:
  std::atomic<bool> given_{false};
};

// What one thread writes and another reads for ThreadSanitizer to watch. It fills eight bytes alone: of each eight the
// last few accesses are remembered, and those to a neighbour can push the one that matters out.
using Watched = uint64_t;

// A number that orders nothing, for the same reason.
class Tally {
 public:
  void add() noexcept { value_.fetch_add(1, std::memory_order_relaxed); }
  [[nodiscard]] uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }
  void await(uint64_t at_least) const noexcept {
    while (get() < at_least) std::this_thread::yield();
  }

 private:
  std::atomic<uint64_t> value_{0};
};

// Passes a little time, so that two threads meet at another point.
inline void spin(uint64_t turns) noexcept {
  for (volatile uint64_t turn = 0; turn < turns;) turn = turn + 1;
}

// A std::thread that joins itself and can be watched.
class TestThread {
 public:
  template <class Body>
  explicit TestThread(Body body)
      : thread_([this, body = std::move(body)]() mutable {
          id_.store(current_id(), std::memory_order_relaxed);
          body();
        }) {}
  ~TestThread() { join(); }
  TestThread(const TestThread&) = delete;
  TestThread& operator=(const TestThread&) = delete;

  void join() {
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] std::thread::native_handle_type native_handle() { return thread_.native_handle(); }

  // True as soon as the kernel says that the thread sleeps, false when it has ended instead. It says so several times
  // in a row, since a thread may also sleep for a moment inside of malloc or a sanitizer.
  [[nodiscard]] bool falls_asleep() const {
    for (int times_asleep = 0; times_asleep < 5;) {
      const char state = kernel_state();
      if (state == '\0') return false;
      times_asleep = state == 'S' ? times_asleep + 1 : 0;
      if (times_asleep == 0) std::this_thread::yield();
    }
    return true;
  }

  // Waits for its end. When it sleeps instead, and goes on to, nobody is left to wake it: that ends the process, which
  // says as much as a test that hangs, and sooner.
  void join_awake() {
    int times_asleep = 0;
    while (falls_asleep()) {
      if (++times_asleep == 500) std::abort();
    }
    join();
  }

 private:
#ifdef __linux__
  static long current_id() noexcept { return ::syscall(SYS_gettid); }

  // The third field of the thread's stat file; the second one is a name in parentheses. 0 when the thread has ended,
  // which may also be between the opening and the read.
  [[nodiscard]] char kernel_state() const {
    long id = id_.load(std::memory_order_relaxed);
    for (; id == 0; id = id_.load(std::memory_order_relaxed)) std::this_thread::yield();
    const std::string path = "/proc/self/task/" + std::to_string(id) + "/stat";
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    char stat[256];
    const ssize_t length = file == -1 ? -1 : ::read(file, stat, sizeof stat);
    if (file != -1) ::close(file);
    if (length <= 0) return '\0';
    const std::string_view text(stat, static_cast<std::size_t>(length));
    return text.at(text.rfind(')') + 2);
  }
#else
  // Nowhere else is there a way to ask. The tests then only meet sleeping threads less often.
  static long current_id() noexcept { return 1; }
  [[nodiscard]] char kernel_state() const {
    for (int i = 0; i < 10000; ++i) std::this_thread::yield();
    return 'S';
  }
#endif

  std::atomic<long> id_{0};
  std::thread thread_;
};

}  // namespace slipring::test
