// Where chunks are from, as their source says: tells one file from the next.
//
// Producer's side.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/ring/slot_table.h"
#include "slipring/chunk.h"

namespace slipring {

class Origins {
 public:
  // Of a chunk of so many bytes.
  [[nodiscard]] Origin of(const slipring_chunk& chunk, std::size_t length) noexcept {
    if ((chunk.flags & SLIPRING_CHUNK_PLACED) == 0) return {};
    if (part_ == 0 || !std::ranges::equal(file_, chunk.file)) {
      ++part_;
      std::ranges::copy(chunk.file, file_.begin());
    }
    const uint64_t end = chunk.end != 0 ? chunk.end : chunk.offset + length;
    return {.part = part_, .file = file_, .offset = chunk.offset, .end = end, .modified = chunk.modified};
  }

 private:
  uint64_t part_ = 0;
  std::array<uint64_t, 4> file_{};
};

}  // namespace slipring
