// What a source pushes, on its way to the producer thread: entries of any size, in order, in one piece of memory that
// is used round and round. One thread at a time puts entries in, the producer thread takes them out, and neither waits
// here.
//
// Positions count bytes and never go back; where they are in the memory is their rest modulo its size. An entry is
// never split: what is left before the end of the memory is skipped. Since the memory holds two of the largest entries,
// the largest always fits when nothing else is there.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "slipring/chunk.h"
#include "slipring/source.h"

namespace slipring {

class PushRing {
 public:
  // Where data begins: a cache line, which fits all that a source may want to put there.
  static constexpr std::size_t kAlignment = 64;

  // The head of an entry. Its data follows.
  struct alignas(kAlignment) Entry {
    uint64_t room;    // of head and data together, a multiple of kAlignment
    uint64_t length;  // bytes of data, without the table of records
    uint64_t lost;    // chunks before this one, as far as they were counted
    uint64_t lost_bytes;
    uint64_t timestamp;
    uint64_t user;
    uint32_t record_count;
    uint32_t record_size;
    uint32_t truncated;
    uint8_t is_skip;         // no entry: the memory's end
    uint8_t is_chunk;        // not to be put together with others
    uint8_t lost_uncounted;  // besides, nobody knows how many
    uint8_t unused;

    [[nodiscard]] bool follows_loss() const noexcept { return lost != 0 || lost_bytes != 0 || lost_uncounted != 0; }
    [[nodiscard]] const std::byte* data() const noexcept {
      const void* const behind = this + 1;
      return static_cast<const std::byte*>(behind);
    }
    [[nodiscard]] std::size_t used() const noexcept { return slipring_used_bytes(length, record_count, record_size); }
  };
  static_assert(sizeof(Entry) == kAlignment);

  struct Lost {
    uint64_t chunks = 0;
    uint64_t bytes = 0;
    uint64_t uncounted = 0;  // how often more was lost, nobody knows how much; as often as not in a row once
  };

  PushRing() = default;
  PushRing(const PushRing&) = delete;
  PushRing& operator=(const PushRing&) = delete;

  // Before anything else. `largest` is the most that is ever reserved. False when there is no memory.
  [[nodiscard]] bool allocate(std::size_t largest) noexcept;

  // --- The thread that puts in ---

  // Room for so many bytes, until commit(); null when there is none.
  [[nodiscard]] void* reserve(std::size_t size) noexcept;
  // So many bytes of it are there, and belong to the other side.
  void commit(std::size_t length, const slipring_chunk* about) noexcept;
  // So many chunks of so many bytes, or SLIPRING_LOST_UNKNOWN, were lost.
  void add_lost(uint64_t chunks, uint64_t bytes) noexcept;
  [[nodiscard]] std::size_t reserved() const noexcept { return reserved_size_; }
  // Whether the other side should not let it become fuller.
  [[nodiscard]] bool half_full() const noexcept;

  // --- The thread that takes out ---

  // The oldest entry; null when there is none.
  [[nodiscard]] const Entry* front() noexcept;
  // It was taken out.
  void pop() noexcept;
  // What was lost and not told by an entry that was taken out. Exact when nothing is put in meanwhile. When there is a
  // number and more that was not counted, the next call has the latter once more: see PushSink::tell().
  [[nodiscard]] Lost untold() noexcept;
  // Whether it is worth while to wake somebody who waits for room.
  [[nodiscard]] bool has_room() const noexcept;

  // Somebody may still write to the memory: it is never freed.
  void abandon() noexcept { static_cast<void>(memory_.release()); }

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept;
  };

  [[nodiscard]] Entry* at(uint64_t position) const noexcept;

  std::unique_ptr<std::byte[], Free> memory_;
  std::size_t size_ = 0;

  // The one that puts in.
  alignas(kAlignment) std::atomic<uint64_t> put_{0};  // sequentially consistent: see Nap
  uint64_t taken_seen_ = 0;
  uint64_t reserved_ = 0;
  std::size_t reserved_size_ = 0;
  std::atomic<uint64_t> lost_{0};
  std::atomic<uint64_t> lost_bytes_{0};
  std::atomic<uint64_t> lost_uncounted_{0};
  Lost told_;  // by entries

  // The one that takes out.
  alignas(kAlignment) std::atomic<uint64_t> taken_{0};  // sequentially consistent: see Nap
  uint64_t put_seen_ = 0;
  Lost heard_;  // from entries
};

}  // namespace slipring
