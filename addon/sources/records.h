// Where the records of a chunk are: a table behind its data, see slipring_chunk.
#pragma once

#include <cstddef>
#include <cstdint>

#include "slipring/source.h"

namespace slipring {

// Where the table begins behind so many bytes.
constexpr uint64_t table_begin(uint64_t length) noexcept { return (length + 7) / 8 * 8; }

// How many bytes the data and the table take together. No sum here exceeds 64 bits.
inline uint64_t used_bytes(uint64_t length, uint32_t record_count, uint32_t record_size) noexcept {
  if (record_count == 0) return length;
  return table_begin(length) + uint64_t{record_count} * record_size;
}

inline uint64_t used_bytes(uint64_t length, const slipring_chunk& chunk) noexcept {
  return used_bytes(length, chunk.record_count, chunk.record_size);
}

}  // namespace slipring
