// The clock of every timestamp and duration: nanoseconds of CLOCK_MONOTONIC (or what std::chrono calls steady).
#pragma once

#include <chrono>
#include <cstdint>

namespace slipring {

// Any thread.
inline uint64_t monotonic_ns() noexcept {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since_boot).count());
}

}  // namespace slipring
