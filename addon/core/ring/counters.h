// What the producer side counts. One thread writes each counter, any thread may read it at any time. Of what belongs
// together chunks are counted before their bytes: who reads bytes first never finds more of them than the chunks hold.
#pragma once

#include <atomic>
#include <cstdint>

namespace slipring {

class Counter {
 public:
  // The counter's one writing thread: a load and a store, since nobody else adds. The store pairs with get().
  void add(uint64_t amount) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_release);
  }
  // The counter's one writing thread.
  void set(uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  // Any thread. Pairs with add(): what was counted before is seen by what is read after.
  [[nodiscard]] uint64_t get() const noexcept { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<uint64_t> value_{0};
};

// All are written by the producer's side of the channel.
struct Counters {
  Counter bytes_produced;    // with what was dropped
  Counter chunks_produced;   // with what was dropped
  Counter records_produced;  // with what was dropped
  Counter written_bytes;     // by the producer thread itself, past the consumer
  Counter written_chunks;    // the same
  Counter dropped_bytes;     // because no slot was free
  Counter dropped_chunks;
  Counter uncounted_losses;  // how often something was lost before it reached the source, nobody knows how much
  Counter dropped_records;
  Counter lost_records;       // before they reached the source
  Counter truncated_records;  // longer than there was room for
  Counter lost_files;         // before they reached the source
  Counter producer_waits;     // times no slot was free
  Counter producer_wait_ns;   // time spent so, without a wait that still lasts
  Counter waiting_since_ns;   // when the wait that still lasts began, 0 when there is none
  Counter wakeups;            // rings of the doorbell
};

}  // namespace slipring
