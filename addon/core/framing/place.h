// Where bytes are from: a file, and where in it. What a chunk says of itself: see slipring_chunk.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "slipring/chunk.h"

namespace slipring {

struct Place {
  std::array<uint64_t, 4> file{};
  uint64_t offset = 0;
  uint64_t modified = 0;
  bool known = false;

  static Place of(const slipring_chunk& chunk) noexcept {
    Place place;
    place.known = (chunk.flags & SLIPRING_CHUNK_PLACED) != 0;
    std::ranges::copy(chunk.file, place.file.begin());
    place.offset = chunk.offset;
    place.modified = chunk.modified;
    return place;
  }

  // The chunk begins here, and what is behind it at `end`.
  void give_to(slipring_chunk& chunk, uint64_t end) const noexcept {
    if (!known) return;
    chunk.flags |= SLIPRING_CHUNK_PLACED;
    std::ranges::copy(file, std::begin(chunk.file));
    chunk.offset = offset;
    chunk.end = end;
    chunk.modified = modified;
  }
};

}  // namespace slipring
