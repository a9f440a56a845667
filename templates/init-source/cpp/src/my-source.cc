// Gives a line of text every so many milliseconds. The config is [interval, count], both whole numbers: how long to
// wait before each line, and after how many lines to end, 0 for never.
//
// The functions are in the order in which they are called; slipring/source.h says by which thread, and what they may
// do. The destructor is its `close`. What is thrown becomes the stream's error.
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

#include "slipring/source.hpp"

namespace {

class Ticker {
 public:
  explicit Ticker(const slipring::Options& options) {
    const std::string config(options.config());
    long interval = 0;
    char end = '\0';
    if (std::sscanf(config.c_str(), "[%9ld,%9ld%c", &interval, &count_, &end) != 3 || end != ']' || interval < 0 ||
        count_ < 0) {
      throw slipring::Failure(EINVAL, "open", "interval and count must be whole numbers, and not negative");
    }
    interval_ = std::chrono::milliseconds(interval);
  }

  int64_t read(void* data, size_t size, slipring_chunk& chunk) {
    if (count_ != 0 && given_ == count_) return SLIPRING_END;
    wait_for_next();
    ++given_;
    chunk.user = static_cast<uint64_t>(given_);  // slot.user in JavaScript
    const int length = std::snprintf(static_cast<char*>(data), size, "tick %ld\n", given_);
    if (static_cast<size_t>(length) >= size) throw slipring::Failure(EMSGSIZE, "read", "a line needs a larger slot");
    return length;
  }

  void cancel() noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
  }

 private:
  // Until the next line is due.
  void wait_for_next() {
    next_ += interval_;
    std::unique_lock<std::mutex> lock(mutex_);
    if (changed_.wait_until(lock, next_, [this] { return cancelled_; })) throw slipring::Failure(ECANCELED, "read");
  }

  std::chrono::milliseconds interval_{};
  long count_ = 0;
  long given_ = 0;
  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now();  // when the next line is due
  std::mutex mutex_;
  std::condition_variable changed_;
  bool cancelled_ = false;  // under mutex_
};

}  // namespace

const slipring_source slipring_source_v1 = slipring::make_source<Ticker>();
