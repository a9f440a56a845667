// What is missing before a record: what the source has lost, and records that made no sense.
#pragma once

#include <cstdint>
#include <utility>

#include "slipring/source.h"

namespace slipring {

class Missing {
 public:
  // What a chunk says is missing before it; it does not say so any more. Whether there was something.
  bool take_from(slipring_chunk& chunk) noexcept {
    const uint64_t lost = std::exchange(chunk.lost, 0);
    const uint64_t bytes = std::exchange(chunk.lost_bytes, 0);
    const bool are_files = (chunk.flags & SLIPRING_CHUNK_LOST_FILES) != 0;
    chunk.flags &= ~SLIPRING_CHUNK_LOST_FILES;
    if (lost >= kUncountable) {
      uncounted_ = true;
    } else {
      (are_files ? files_ : records_) += lost;
    }
    bytes_ += bytes;
    return lost > 0 || bytes > 0;
  }

  void add(const Missing& more) noexcept {
    records_ += more.records_;
    files_ += more.files_;
    bytes_ += more.bytes_;
    uncounted_ = uncounted_ || more.uncounted_;
  }
  void add_record() noexcept { ++records_; }
  void add_uncounted() noexcept { uncounted_ = true; }

  // Makes the chunk say so.
  void give_to(slipring_chunk& chunk) noexcept {
    // A chunk can say that files are missing, or records.
    const bool both = files_ > 0 && records_ > 0;
    chunk.lost = uncounted_ || both ? SLIPRING_LOST_UNKNOWN : files_ + records_;
    chunk.lost_bytes = bytes_;
    if (files_ > 0) chunk.flags |= SLIPRING_CHUNK_LOST_FILES;
    *this = {};
  }

 private:
  // As SLIPRING_LOST_UNKNOWN is.
  static constexpr uint64_t kUncountable = uint64_t{1} << 53;

  uint64_t records_ = 0;
  uint64_t files_ = 0;
  uint64_t bytes_ = 0;
  bool uncounted_ = false;
};

}  // namespace slipring
