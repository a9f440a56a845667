// The two-way street between the producer thread and the consumer thread: filled slots one way, free slots back.
//
// The consumer is never called per slot. It takes what is ready until nothing is; only then it "listens", and the next
// thing that happens rings the bell once. While it works through the slots the producer rings nothing at all.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/ring/counters.h"
#include "core/ring/index_ring.h"
#include "core/ring/parking.h"
#include "core/ring/slot_table.h"
#include "slipring/source.h"

namespace slipring {

// What wakes the consumer thread. Any thread may ring; it must not block.
class Bell {
 public:
  virtual void ring() noexcept = 0;

 protected:
  ~Bell() = default;
};

struct Outcome {
  enum class Kind : uint8_t { kEnded, kFailed, kOverflowed, kStopped };
  Kind kind = Kind::kEnded;
  slipring_error error{};  // when kFailed
};

class Channel {
 public:
  static constexpr int32_t kNothing = -1;   // nothing is ready; the bell will ring when that changes
  static constexpr int32_t kFinished = -2;  // nothing is ready and nothing will come; see outcome()

  Channel(uint32_t slots, Bell& bell);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // --- Producer's side: the producer thread, or the consumer thread in its place, never both at once (see Pump) ---

  // Tells the consumer that the source is open.
  void opened(int64_t descriptor, const char* name = "") noexcept;
  // A free slot. Nothing when there is none, or the stream is being stopped.
  [[nodiscard]] std::optional<uint32_t> try_acquire() noexcept;
  // Tells the consumer that no slot is free; to be followed by wait_for_slot().
  void begin_wait() noexcept;
  // Takes back the oldest chunk that the consumer has not taken, and counts it as dropped. Its slot is to be filled
  // anew.
  [[nodiscard]] std::optional<uint32_t> reclaim_oldest() noexcept;
  // Counts a chunk that is not handed over, because there is no slot for it.
  void drop(std::size_t length, uint32_t records) noexcept;
  // What is counted when something is lost.
  enum class Lost : uint8_t { kChunks, kRecords, kFiles };
  // Counts what never reached the source, or made no sense there: it is missing before the next chunk. Files are
  // neither chunks nor records.
  void skip(uint64_t lost, uint64_t bytes, Lost what = Lost::kChunks) noexcept;
  // Counts that chunks never reached the source, nobody knows how many: they are missing before the next one.
  void skip_uncounted() noexcept;
  // Counts records that never reached the source, and those that were cut.
  void count_lost(uint64_t lost, uint64_t truncated) noexcept;
  // Counts a chunk that the consumer was given without a slot: it is reading itself, and nothing is ready.
  void pass(std::size_t length, uint32_t records) noexcept { count_produced(length, records); }
  // Hands slot `index` over. Its data, length and metadata are the consumer's from here on. `more`: the next one
  // follows without delay, so the consumer need not be woken for this one alone.
  void publish(uint32_t index, bool more = false) noexcept;
  // The same without a word to the consumer, who does not take it: take_back() follows. Returns when that was.
  uint64_t put(uint32_t index) noexcept;
  // The oldest ready slot, while the consumer takes none. To be followed by keep() or put_back().
  [[nodiscard]] std::optional<uint32_t> take_back() noexcept;
  // Its chunk went elsewhere: try_acquire() returns it.
  void keep(uint32_t index) noexcept;
  // It is the oldest ready one again, without its first bytes.
  void put_back(uint32_t index, std::size_t without) noexcept;
  // Counts what went elsewhere: bytes, and chunks of which these are the last ones.
  void count_written(std::size_t bytes, uint64_t chunks) noexcept;
  // Rings although nothing is ready, if the consumer listens.
  void nudge() noexcept { announce(); }
  // None follows without delay after all: wakes the consumer for what it was not woken for.
  void announce_held_back() noexcept;
  // The last call: nothing will be published any more.
  void finish(const Outcome& outcome) noexcept;

  // --- Producer thread ---

  // After begin_wait(): sleeps until a slot is free, the consumer has called, or the stream is being stopped.
  void wait_for_slot() noexcept;

  // --- Consumer thread ---

  // Gives slot `index` memory to be filled next.
  void arm(uint32_t index, std::byte* data, std::size_t size) noexcept;
  // The oldest ready slot's index, kNothing or kFinished.
  [[nodiscard]] int32_t take() noexcept;
  // Whether the bell will ring for the next thing that happens. In the producer's place, it can be told not to, and
  // again to do so.
  [[nodiscard]] bool listens() const noexcept { return listening_.load(std::memory_order_relaxed); }
  void listen(bool listening) noexcept { listening_.store(listening, std::memory_order_relaxed); }
  // Ends its wait for a slot, although there may be none: there is something else to do.
  void call_producer() noexcept;
  // Whether finish() was called; if not, the bell will ring when it is.
  [[nodiscard]] bool listen_for_finish() noexcept;
  // When the producer is gone, and nothing will be armed or taken: the slots' memory is freed, the counters stay.
  void let_go_of_slots() noexcept { slots_.let_go(); }
  // After take() returned kFinished or listen_for_finish() true.
  [[nodiscard]] const Outcome& outcome() const noexcept { return outcome_; }
  // Whether opened() was called.
  [[nodiscard]] bool is_open() const noexcept { return open_.load(std::memory_order_acquire); }
  // Whether the source failed before opened() was called.
  [[nodiscard]] bool open_failed() const noexcept;
  // After is_open() returned true.
  [[nodiscard]] int64_t descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] const char* name() const noexcept { return name_; }
  // After take() returned kFinished: where the stream ended.
  [[nodiscard]] const Position& end() const noexcept { return end_; }
  // Whether the producer thread waits for a slot; if not, and take() has just returned kNothing, the bell will ring
  // when it has to wait for the very first one.
  [[nodiscard]] bool producer_waits() const noexcept { return counters_.waiting_since_ns.get() != 0; }

  // --- Any thread ---

  // Makes try_acquire() return nothing, now and from now on, and ends every wait.
  void stop() noexcept;
  [[nodiscard]] bool stopping() const noexcept { return stop_.load(std::memory_order_acquire); }
  [[nodiscard]] uint32_t ready_count() const noexcept { return ready_.size(); }
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

  // The thread that owns slot `index`.
  [[nodiscard]] Slot& slot(uint32_t index) noexcept { return slots_[index]; }

 private:
  void count_produced(std::size_t length, uint32_t records) noexcept;
  void announce() noexcept;
  void wake_producer() noexcept;

  // Waking a thread costs several times what filling a small slot does. Neither side is woken for less than half of the
  // slots, or a good many, while the other goes on working; both are as soon as it would wait itself.
  // What it is: half of the slots that have memory, kLargestBatch at most. Relaxed: nothing depends on its order.
  std::atomic<uint32_t> batch_{1};
  SlotTable slots_;
  IndexRing<> free_;
  IndexRing<> ready_;
  Parking slot_freed_;
  Counters counters_;
  Bell& bell_;

  std::atomic<bool> stop_{false};
  std::atomic<bool> called_{false};
  // Set by the consumer before it stops looking, cleared by whoever rings: at most one ring is under way.
  std::atomic<bool> listening_{true};
  std::atomic<bool> open_{false};  // its release carries descriptor_ and name_
  int64_t descriptor_ = -1;
  char name_[128] = {};
  std::atomic<bool> finished_{false};  // its release carries outcome_ and end_
  Outcome outcome_;
  Position end_;                  // producer's side only until it has finished
  std::vector<uint32_t> kept_;    // producer's side only: slots whose chunks went elsewhere
  uint64_t announced_at_ns_ = 0;  // producer's side only: when a publish last announced
  bool held_back_ = false;        // producer's side only: the last publish did not announce
  uint32_t armed_ = 0;            // consumer thread only: how many slots have memory
  bool starved_ = true;           // consumer thread only: the last take() found nothing
  bool wake_owed_ = false;        // consumer thread only: slots were armed that the producer was not woken for
};

}  // namespace slipring
