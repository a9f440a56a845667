// What is left of the files that were at a path, and in which order they were there, as far as that can be known. Three
// things tell of it, and none of them always: when a file was written to last, but late writers write to old files;
// when it was born, but copies are born late; and its name, but some rotations count down, and some up.
//
// Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/file.h"
#include "platform/file_status.h"

namespace slipring {

struct Trace {
  platform::File file;
  platform::FileStatus status;
  uint64_t birth = 0;              // 0: nobody knows
  std::optional<uint32_t> number;  // that a rotation gave it
  std::string name;
  uint64_t lost_before = 0;  // files whose numbers are between, and which are not there

  // By the clock alone.
  [[nodiscard]] bool is_before(const Trace& other) const noexcept;
};

// Which number is the oldest one's: the largest, as logrotate has it, the smallest, or the files contradict each other.
enum class Numbers : uint8_t { kDown, kUp, kMixed };

// Puts them in their order, and says how their numbers count: as the clock says of those where it says anything, and
// down where it says nothing.
Numbers put_in_order(std::vector<Trace>& traces);

// How many numbers are between two files, of which `one` came first.
[[nodiscard]] uint64_t numbers_between(uint32_t one, uint32_t other, Numbers numbers) noexcept;

enum class Age : uint8_t { kOlder, kLater, kUncertain };

// In nanoseconds: what JavaScript keeps of a time is less exact.
inline constexpr uint64_t kClock = 2000;

// Where somebody has left off.
struct Leaving {
  const Trace& trace;
  uint64_t modified;  // when it had been written to last
  bool is_copy;       // it was born after what it was copied from, which says nothing
};

// Whether a file was at the path before the one that was left, or after it.
[[nodiscard]] Age age_of(const Trace& trace, const Leaving& left, Numbers numbers) noexcept;

}  // namespace slipring
