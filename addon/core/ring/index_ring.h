// A bounded queue of slot indices between exactly two threads: one pushes, one pops, neither ever waits. The one that
// pushes may also take the oldest back.
//
// The counters run freely and wrap at 2^32; storage is rounded up to a power of two so that a wrap changes nothing,
// while `capacity` keeps the number of items asked for (any number, not only powers of two). Each side keeps a private
// copy of the other side's counter and reads the shared one only when that copy says "full" or "empty": in a steady
// flow the two threads then seldom touch each other's cache line.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace slipring {

// Two lines, because x86 prefetches cache lines in pairs.
inline constexpr std::size_t kCacheLine = 128;

template <template <class> class Atomic = std::atomic>
class IndexRing {
 public:
  // `first` is where the counters start; tests use it to cross the wrap.
  explicit IndexRing(uint32_t capacity, uint32_t first = 0)
      : capacity_(capacity),
        mask_(std::bit_ceil(capacity) - 1),
        items_(std::make_unique<std::atomic<uint32_t>[]>(std::size_t{mask_} + 1)),
        pushed_(first),
        popped_seen_(first),
        popped_(first),
        pushed_seen_(first) {}

  IndexRing(const IndexRing&) = delete;
  IndexRing& operator=(const IndexRing&) = delete;

  // Pushing thread. False when the ring is full.
  [[nodiscard]] bool push(uint32_t index) noexcept {
    const uint32_t pushed = pushed_.load(std::memory_order_relaxed);
    if (pushed - popped_seen_ == capacity_) {
      // Pairs with the release in pop(): the popper has read the item before we overwrite it.
      popped_seen_ = popped_.load(std::memory_order_acquire);
      if (pushed - popped_seen_ == capacity_) return false;
    }
    items_[pushed & mask_].store(index, std::memory_order_relaxed);
    // Pairs with the acquire in pop(): the item, and everything written to its slot before, becomes visible with it.
    pushed_.store(pushed + 1, std::memory_order_release);
    return true;
  }

  // Popping thread. Nothing when the ring is empty.
  [[nodiscard]] std::optional<uint32_t> pop() noexcept {
    uint32_t popped = popped_.load(std::memory_order_relaxed);
    for (;;) {
      if (nothing_between(popped, pushed_seen_)) {
        // Pairs with the release in push().
        pushed_seen_ = pushed_.load(std::memory_order_acquire);
        if (nothing_between(popped, pushed_seen_)) return std::nullopt;
      }
      const uint32_t index = items_[popped & mask_].load(std::memory_order_relaxed);
      // Pairs with the acquire in push(). It fails when take_back() was quicker, and then `popped` is the new value.
      if (popped_.compare_exchange_weak(popped, popped + 1, std::memory_order_release, std::memory_order_relaxed)) {
        return index;
      }
    }
  }

  // Pushing thread. The oldest index, which pop() will then never return. Nothing when the ring is empty.
  [[nodiscard]] std::optional<uint32_t> take_back() noexcept {
    const uint32_t pushed = pushed_.load(std::memory_order_relaxed);
    uint32_t popped = popped_.load(std::memory_order_relaxed);
    while (popped != pushed) {
      const uint32_t index = items_[popped & mask_].load(std::memory_order_relaxed);
      // Relaxed: what we get back is what we ourselves pushed, and nobody else has seen it.
      if (popped_.compare_exchange_weak(popped, popped + 1, std::memory_order_relaxed, std::memory_order_relaxed)) {
        return index;
      }
    }
    return std::nullopt;
  }

  // Any thread. Exact for a thread that is not racing the other side, else a recent value.
  [[nodiscard]] uint32_t size() const noexcept {
    const uint32_t popped = popped_.load(std::memory_order_acquire);
    const uint32_t used = pushed_.load(std::memory_order_acquire) - popped;
    return used < capacity_ ? used : capacity_;
  }

  [[nodiscard]] uint32_t capacity() const noexcept { return capacity_; }

 private:
  // Signed: the pushing thread may have taken back more than the popping one has seen pushed.
  static bool nothing_between(uint32_t popped, uint32_t pushed) noexcept {
    return static_cast<int32_t>(pushed - popped) <= 0;
  }

  const uint32_t capacity_;
  const uint32_t mask_;
  const std::unique_ptr<std::atomic<uint32_t>[]> items_;  // atomic: pop() may look at a place that is pushed to

  alignas(kCacheLine) Atomic<uint32_t> pushed_;  // written by the pushing thread
  uint32_t popped_seen_;                         // pushing thread only
  alignas(kCacheLine) Atomic<uint32_t> popped_;  // written by the popping thread, and by take_back()
  uint32_t pushed_seen_;                         // popping thread only
};

}  // namespace slipring
