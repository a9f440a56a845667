#include "core/ring/channel.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "core/clock.h"

namespace slipring {

namespace {

// A chunk that may be followed without delay is not held back for longer: the source may be a slow disk.
constexpr uint64_t kLongestHoldBackNs = 1'000'000;

// More slots at once make nothing cheaper, and while a producer waits for them the system may drop what it would read.
constexpr uint32_t kLargestBatch = 16;

}  // namespace

Channel::Channel(uint32_t slots, Bell& bell) : slots_(slots), free_(slots), ready_(slots), bell_(bell) {
  kept_.reserve(slots);
}

// Producer's side.
void Channel::opened(int64_t descriptor, const char* name) noexcept {
  descriptor_ = descriptor;
  std::strncpy(name_, name, sizeof name_ - 1);
  open_.store(true, std::memory_order_release);  // pairs with is_open()
  announce();
}

// Producer's side.
std::optional<uint32_t> Channel::try_acquire() noexcept {
  if (stopping()) return std::nullopt;
  if (!kept_.empty()) {
    const uint32_t kept = kept_.back();  // the one in the cache
    kept_.pop_back();
    return kept;
  }
  const std::optional<uint32_t> index = free_.pop();
  if (index) slots_[*index].move_to(SlotState::kFree, SlotState::kFilling);
  return index;
}

// Producer's side.
std::optional<uint32_t> Channel::reclaim_oldest() noexcept {
  const std::optional<uint32_t> index = take_back();
  if (!index) return index;
  const Slot& slot = slots_[*index];
  counters_.dropped_chunks.add(1);
  counters_.dropped_bytes.add(slot.length);
  counters_.dropped_records.add(slot.record_count);
  return index;
}

// Producer's side.
void Channel::drop(std::size_t length, uint32_t records) noexcept {
  count_produced(length, records);
  counters_.dropped_chunks.add(1);
  counters_.dropped_bytes.add(length);
  counters_.dropped_records.add(records);
}

// Producer's side.
void Channel::count_produced(std::size_t length, uint32_t records) noexcept {
  end_.chunks += 1;
  end_.bytes += length;
  end_.records += records;
  counters_.chunks_produced.add(1);
  counters_.bytes_produced.add(length);
  counters_.records_produced.add(records);
}

// Producer's side.
void Channel::skip(uint64_t lost, uint64_t bytes, Lost what) noexcept {
  const uint64_t chunks = what == Lost::kChunks ? lost : 0;
  const uint64_t records = what == Lost::kRecords ? lost : 0;
  const uint64_t files = what == Lost::kFiles ? lost : 0;
  end_.files += files;
  end_.chunks += chunks;
  end_.records += records;
  end_.bytes += bytes;
  counters_.lost_files.add(files);
  counters_.lost_records.add(records);
  counters_.chunks_produced.add(chunks);
  counters_.bytes_produced.add(bytes);
  counters_.dropped_chunks.add(chunks);
  counters_.dropped_bytes.add(bytes);
}

// Producer's side.
void Channel::skip_uncounted() noexcept {
  end_.uncounted_losses += 1;
  counters_.uncounted_losses.add(1);
}

// Producer's side.
void Channel::count_lost(uint64_t lost, uint64_t truncated) noexcept {
  counters_.lost_records.add(lost);
  counters_.truncated_records.add(truncated);
}

// Producer's side.
void Channel::begin_wait() noexcept {
  counters_.producer_waits.add(1);
  counters_.waiting_since_ns.set(monotonic_ns());
  // We are about to wait for the consumer, who gives no slot any memory before the first chunk.
  if (held_back_ || end_.chunks == 0) announce();
}

// Producer thread.
void Channel::wait_for_slot() noexcept {
  // Relaxed: Parking carries it.
  slot_freed_.wait([&] { return called_.load(std::memory_order_relaxed) || stopping() || free_.size() > 0; });
  called_.store(false, std::memory_order_relaxed);
  const uint64_t began = counters_.waiting_since_ns.get();
  counters_.waiting_since_ns.set(0);
  counters_.producer_wait_ns.add(monotonic_ns() - began);
}

// Producer's side.
uint64_t Channel::put(uint32_t index) noexcept {
  const uint64_t now = monotonic_ns();
  Slot& slot = slots_[index];
  slot.position = end_;
  if (slot.timestamp == 0) slot.timestamp = now;
  slot.ready_since = now;  // the clock is read in any case
  slot.move_to(SlotState::kFilling, SlotState::kReady);
  count_produced(slot.length, slot.record_count);
  [[maybe_unused]] const bool pushed = ready_.push(index);
  assert(pushed);  // the ring has room for every slot there is
  return now;
}

// Producer's side.
void Channel::publish(uint32_t index, bool more) noexcept {
  const uint64_t now = put(index);
  const uint32_t batch = batch_.load(std::memory_order_relaxed);
  held_back_ = more && ready_.size() < batch && now - announced_at_ns_ < kLongestHoldBackNs;
  if (held_back_) return;
  announced_at_ns_ = now;
  announce();
}

// Producer's side.
std::optional<uint32_t> Channel::take_back() noexcept {
  const std::optional<uint32_t> index = ready_.take_back();
  if (index) slots_[*index].move_to(SlotState::kReady, SlotState::kFilling);
  return index;
}

// Producer's side.
void Channel::keep(uint32_t index) noexcept { kept_.push_back(index); }

// Producer's side. Those that are ready go round once, so that they are behind it.
void Channel::put_back(uint32_t index, std::size_t without) noexcept {
  Slot& slot = slots_[index];
  slot.length -= without;
  std::memmove(slot.data, slot.data + without, slot.length);
  slot.position.bytes += without;
  slot.origin.offset += without;
  slot.move_to(SlotState::kFilling, SlotState::kReady);
  uint32_t others = ready_.size();
  for (std::optional<uint32_t> next = index; next; next = others-- > 0 ? ready_.take_back() : std::nullopt) {
    [[maybe_unused]] const bool pushed = ready_.push(*next);
    assert(pushed);
  }
}

// Producer's side.
void Channel::count_written(std::size_t bytes, uint64_t chunks) noexcept {
  counters_.written_chunks.add(chunks);
  counters_.written_bytes.add(bytes);
}

// Producer's side.
void Channel::announce_held_back() noexcept {
  if (std::exchange(held_back_, false)) announce();
}

// Producer's side.
void Channel::finish(const Outcome& outcome) noexcept {
  outcome_ = outcome;
  finished_.store(true, std::memory_order_release);  // pairs with take() and listen_for_finish()
  announce();
}

// Producer's side.
void Channel::announce() noexcept {
  // Pairs with the exchanges in take() and listen_for_finish(): either we see that the consumer listens, or it sees
  // what we published when it looks again after it began to listen.
  if (!listening_.exchange(false, std::memory_order_acq_rel)) return;
  counters_.wakeups.add(1);
  bell_.ring();
}

// Consumer thread.
void Channel::arm(uint32_t index, std::byte* data, std::size_t size) noexcept {
  Slot& slot = slots_[index];
  if (slot.data == nullptr) batch_.store(std::clamp(++armed_ / 2, 1u, kLargestBatch), std::memory_order_relaxed);
  slot.data = data;
  slot.size = size;
  slot.move_to(SlotState::kLent, SlotState::kFree);
  [[maybe_unused]] const bool pushed = free_.push(index);
  assert(pushed);
  wake_owed_ = true;
  if (starved_ || free_.size() >= batch_.load(std::memory_order_relaxed)) wake_producer();
}

// Consumer thread.
void Channel::wake_producer() noexcept {
  if (!wake_owed_) return;
  wake_owed_ = false;
  slot_freed_.wake_all();
}

// Consumer thread.
void Channel::call_producer() noexcept {
  called_.store(true, std::memory_order_relaxed);
  slot_freed_.wake_all();
}

// Consumer thread.
int32_t Channel::take() noexcept {
  std::optional<uint32_t> index = ready_.pop();
  bool finished = false;
  if (!index) {
    wake_producer();  // we are about to wait for it
    // Pairs with the exchange in announce(). What was published before it is seen by the second look.
    listening_.exchange(true, std::memory_order_acq_rel);
    // Read before the ring: a finish that is seen here came after every publish, so an empty ring is the end.
    finished = finished_.load(std::memory_order_acquire);
    index = ready_.pop();
  }
  starved_ = !index;
  if (!index) return finished ? kFinished : kNothing;
  slots_[*index].move_to(SlotState::kReady, SlotState::kLent);
  return static_cast<int32_t>(*index);
}

// Consumer thread.
bool Channel::listen_for_finish() noexcept {
  listening_.exchange(true, std::memory_order_acq_rel);  // pairs with the exchange in announce()
  return finished_.load(std::memory_order_acquire);
}

// Consumer thread.
bool Channel::open_failed() const noexcept {
  // In this order: what is finished here and not open will never be.
  return finished_.load(std::memory_order_acquire) && !is_open();  // pairs with finish()
}

// Any thread.
void Channel::stop() noexcept {
  stop_.store(true, std::memory_order_release);  // pairs with stopping(), and is carried by the wake's release
  slot_freed_.wake_all();
}

}  // namespace slipring
