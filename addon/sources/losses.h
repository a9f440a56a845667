// What a plugin says it has lost, as far as it can be counted.
#pragma once

#include <cstdint>

#include "slipring/source.h"

namespace slipring {

// JavaScript's numbers are exact below.
constexpr uint64_t kUncountable = uint64_t{1} << 53;

constexpr uint64_t countable_chunks(uint64_t lost) noexcept {
  return lost < kUncountable ? lost : SLIPRING_LOST_UNKNOWN;
}

constexpr uint64_t countable_bytes(uint64_t lost) noexcept { return lost < kUncountable ? lost : 0; }

}  // namespace slipring
