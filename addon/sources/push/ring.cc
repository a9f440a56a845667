#include "sources/push/ring.h"

#include <algorithm>
#include <new>

#include "sources/losses.h"

namespace slipring {

namespace {

// Some milliseconds of a fast source, while the producer thread waits for a processor.
constexpr std::size_t kLeastSize = std::size_t{2} << 20;

constexpr std::size_t rounded(std::size_t size) noexcept {
  return (size + PushRing::kAlignment - 1) / PushRing::kAlignment * PushRing::kAlignment;
}

}  // namespace

void PushRing::Free::operator()(std::byte* memory) const noexcept {
  ::operator delete[](memory, std::align_val_t{kAlignment});
}

bool PushRing::allocate(std::size_t largest) noexcept {
  size_ = std::max(kLeastSize, 2 * (sizeof(Entry) + rounded(largest)));
  memory_.reset(static_cast<std::byte*>(::operator new[](size_, std::align_val_t{kAlignment}, std::nothrow)));
  return memory_ != nullptr;
}

PushRing::Entry* PushRing::at(uint64_t position) const noexcept {
  void* const entry = memory_.get() + position % size_;
  return static_cast<Entry*>(entry);
}

void* PushRing::reserve(std::size_t size) noexcept {
  const std::size_t needed = sizeof(Entry) + rounded(size);
  const uint64_t put = put_.load(std::memory_order_relaxed);
  const std::size_t before_end = size_ - put % size_;
  const std::size_t skipped = needed > before_end ? before_end : 0;
  if (put + skipped + needed - taken_seen_ > size_) {
    taken_seen_ = taken_.load(std::memory_order_seq_cst);  // pairs with the store in pop(): what we overwrite was read
    if (put + skipped + needed - taken_seen_ > size_) return nullptr;
  }
  if (skipped > 0) {
    Entry* const skip = at(put);
    skip->room = skipped;
    skip->is_skip = 1;
  }
  reserved_ = put + skipped;
  reserved_size_ = size;
  return at(reserved_) + 1;
}

void PushRing::commit(std::size_t length, const slipring_chunk* about) noexcept {
  reserved_size_ = 0;
  if (about != nullptr) add_lost(about->lost, about->lost_bytes);
  if (length == 0 && (about == nullptr || about->record_count == 0)) return;
  Entry* const entry = at(reserved_);
  *entry = {};
  entry->length = length;
  entry->lost = lost_.load(std::memory_order_relaxed) - told_.chunks;
  entry->lost_bytes = lost_bytes_.load(std::memory_order_relaxed) - told_.bytes;
  told_.chunks += entry->lost;
  told_.bytes += entry->lost_bytes;
  const uint64_t uncounted = lost_uncounted_.load(std::memory_order_relaxed);
  entry->lost_uncounted = uncounted != told_.uncounted;
  told_.uncounted = uncounted;
  if (about != nullptr) {
    entry->is_chunk = 1;
    entry->timestamp = about->timestamp;
    entry->user = about->user;
    entry->record_count = about->record_count;
    entry->record_size = about->record_size;
    entry->truncated = about->truncated;
  }
  entry->room = sizeof(Entry) + rounded(entry->used());
  put_.store(reserved_ + entry->room,
             std::memory_order_seq_cst);  // pairs with the load in front(): it carries the entry
}

void PushRing::add_lost(uint64_t chunks, uint64_t bytes) noexcept {
  // One thread at a time adds. Relaxed: untold() is exact only when that has ended, and the gate says so.
  if (countable_chunks(chunks) == SLIPRING_LOST_UNKNOWN) {
    lost_uncounted_.store(told_.uncounted + 1, std::memory_order_relaxed);  // one entry tells of it, however often
  } else {
    lost_.store(lost_.load(std::memory_order_relaxed) + chunks, std::memory_order_relaxed);
  }
  lost_bytes_.store(lost_bytes_.load(std::memory_order_relaxed) + countable_bytes(bytes), std::memory_order_relaxed);
}

bool PushRing::half_full() const noexcept {
  return put_.load(std::memory_order_relaxed) - taken_.load(std::memory_order_relaxed) > size_ / 2;
}

const PushRing::Entry* PushRing::front() noexcept {
  for (;;) {
    const uint64_t taken = taken_.load(std::memory_order_relaxed);
    if (taken == put_seen_) {
      put_seen_ = put_.load(std::memory_order_seq_cst);  // pairs with the store in commit()
      if (taken == put_seen_) return nullptr;
    }
    const Entry* const entry = at(taken);
    if (entry->is_skip == 0) return entry;
    taken_.store(taken + entry->room, std::memory_order_seq_cst);  // pairs with the load in reserve()
  }
}

void PushRing::pop() noexcept {
  const uint64_t taken = taken_.load(std::memory_order_relaxed);
  const Entry* const entry = at(taken);
  heard_.chunks += entry->lost;
  heard_.bytes += entry->lost_bytes;
  heard_.uncounted += entry->lost_uncounted;
  taken_.store(taken + entry->room, std::memory_order_seq_cst);  // pairs with the load in reserve()
}

PushRing::Lost PushRing::untold() noexcept {
  const Lost lost{.chunks = lost_.load(std::memory_order_relaxed) - heard_.chunks,
                  .bytes = lost_bytes_.load(std::memory_order_relaxed) - heard_.bytes,
                  .uncounted = lost_uncounted_.load(std::memory_order_relaxed) - heard_.uncounted};
  heard_.chunks += lost.chunks;
  heard_.bytes += lost.bytes;
  if (lost.chunks == 0) heard_.uncounted += lost.uncounted;
  return lost;
}

bool PushRing::has_room() const noexcept {
  const uint64_t used = put_.load(std::memory_order_seq_cst) - taken_.load(std::memory_order_relaxed);
  return used <= size_ / 2;
}

}  // namespace slipring
