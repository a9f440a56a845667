// The slots: where each one's memory is, and what the last fill put there.
//
//   kLent ──arm──► kFree ──begin──► kFilling ──publish──► kReady ──take──► kLent
//
// A slot belongs to one thread at a time and is handed over through the index rings, whose release and acquire carry
// its fields along. That is why nothing here is atomic, `state` included: it exists to catch, in debug builds, a
// transition that the rings should have made impossible.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace slipring {

enum class SlotState : uint8_t {
  kLent,     // with the consumer; also every slot's state before it is first armed
  kFree,     // armed: has memory, waits for the producer
  kFilling,  // with the producer
  kReady,    // filled, waits for the consumer
};

// A place in the stream: how much came before it, what was dropped included.
struct Position {
  uint64_t chunks = 0;
  uint64_t bytes = 0;
  uint64_t records = 0;
  uint64_t uncounted_losses = 0;  // how often something was lost that the others do not count
  uint64_t files = 0;             // that were lost: only these are counted
};

// Where a chunk is from: a file, and where in it.
struct Origin {
  uint64_t part = 0;                  // of the stream: another one begins with each change of file. 0: nobody knows
  std::array<uint64_t, 4> file = {};  // see slipring_chunk
  uint64_t offset = 0;
  uint64_t end = 0;
  uint64_t modified = 0;
};

struct Slot {
  std::byte* data = nullptr;
  std::size_t size = 0;    // capacity of `data`
  std::size_t length = 0;  // bytes filled
  Position position;
  Origin origin;
  uint64_t timestamp = 0;    // nanoseconds, CLOCK_MONOTONIC; the source's own, if it says one
  uint64_t ready_since = 0;  // the same, always the channel's: when it was published
  uint64_t user = 0;
  uint32_t record_count = 0;
  uint32_t record_size = 0;
  SlotState state = SlotState::kLent;

  // The thread that owns the slot.
  void move_to(SlotState from, SlotState to) noexcept {
    assert(state == from);
    (void)from;
    state = to;
  }
  [[nodiscard]] std::span<std::byte> memory() const noexcept { return {data, size}; }
};

class SlotTable {
 public:
  explicit SlotTable(uint32_t count) : slots_(count) {}
  SlotTable(const SlotTable&) = delete;
  SlotTable& operator=(const SlotTable&) = delete;

  // The thread that owns slot `index`.
  [[nodiscard]] Slot& operator[](uint32_t index) noexcept {
    assert(index < slots_.size());
    return slots_[index];
  }
  // When no thread has any slot any more, and nobody will ask for one.
  void let_go() noexcept { std::vector<Slot>().swap(slots_); }
  // Any thread.
  [[nodiscard]] uint32_t count() const noexcept { return static_cast<uint32_t>(slots_.size()); }

 private:
  std::vector<Slot> slots_;
};

}  // namespace slipring
