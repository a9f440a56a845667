// "Look again": how one thread wakes another that has found nothing to do, and how anybody stops it for good.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace slipring {

class News {
 public:
  News() = default;
  News(const News&) = delete;
  News& operator=(const News&) = delete;

  // Any thread. How often something was announced.
  [[nodiscard]] uint64_t count() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return count_;
  }

  // Any thread.
  void announce() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ++count_;
    }
    changed_.notify_all();
  }

  // The waiting thread. Blocks until more was announced than the `seen` times, or cancel().
  void wait_beyond(uint64_t seen) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return cancelled_ || count_ != seen; });
  }

  // Any thread. Sticky.
  void cancel() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      cancelled_ = true;
    }
    changed_.notify_all();
  }

  // Any thread.
  [[nodiscard]] bool cancelled() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return cancelled_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t count_ = 0;
  bool cancelled_ = false;
};

}  // namespace slipring
