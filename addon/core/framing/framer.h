// What finds where records end: lines, frames, packets. Knows nothing of slots, threads and systems.
//
// Producer thread.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace slipring {

// Where the records end that lie one behind the other in some memory: what becomes their table.
class Ends {
 public:
  // In an entry: a carriage return follows the record, which belongs to what ends it.
  static constexpr uint32_t kReturn = uint32_t{1} << 31;
  // In an entry: the record has not ended, but nothing of it has come for a while.
  static constexpr uint32_t kUnfinished = uint32_t{1} << 30;
  // So no memory with records may be larger than this.
  static constexpr std::size_t kLargest = kUnfinished - 1;

  explicit Ends(std::span<uint32_t> room) noexcept : room_(room) {}

  [[nodiscard]] bool full() const noexcept { return count_ == room_.size(); }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] std::span<const uint32_t> all() const noexcept { return room_.first(count_); }

  // Unless it is full.
  void add(std::size_t end, bool before_return = false) noexcept {
    assert(!full() && end <= kLargest);
    room_[count_++] = static_cast<uint32_t>(end) | (before_return ? kReturn : 0);
  }

 private:
  std::span<uint32_t> room_;
  std::size_t count_ = 0;
};

struct Framed {
  std::size_t consumed = 0;  // so many bytes are done with: the next one begins a record whose end is not there
  std::size_t length = 0;    // so many the records take, from the first byte on: fewer where escapes were taken out
  std::size_t damaged = 0;   // 1: behind the others was one that made no sense, and was left out; there may be more
  bool too_long = false;     // the next record is longer than it may be, whether or not its end is there
};

class Framer {
 public:
  Framer() = default;
  virtual ~Framer() = default;
  Framer(const Framer&) = delete;
  Framer& operator=(const Framer&) = delete;

  // Finds the ends of as many records as there is room for in `ends`. `bytes` begin where a record does; in the first
  // `seen` of them there is no end, as an earlier call has found. May write to them.
  [[nodiscard]] virtual Framed find(std::span<std::byte> bytes, std::size_t seen, Ends& ends) const noexcept = 0;

  // The bytes are in the middle of a record. Where the next one begins; nothing when that is not among them. Of framers
  // that find ends wherever they begin to look.
  [[nodiscard]] virtual std::optional<std::size_t> next_record(std::span<const std::byte> /*bytes*/) const noexcept {
    return std::nullopt;
  }
};

}  // namespace slipring
