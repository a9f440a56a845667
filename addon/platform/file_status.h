// What a file is, whatever name it has right now: enough to know it again after it was renamed.
#pragma once

#include <cstdint>

#include "platform/file.h"

namespace slipring::platform {

struct FileStatus {
  bool regular = false;
  uint64_t device = 0;
  uint64_t number = 0;  // on its device; not given to another file as long as this one is open
  int64_t size = 0;
  uint64_t modified = 0;  // when it was written to last, in nanoseconds since 1970
  bool has_name = true;   // false: it was deleted, and is gone when nobody has it open any more

  [[nodiscard]] bool same_file(const FileStatus& other) const noexcept {
    return device == other.device && number == other.number;
  }
};

// Any thread. Return 0 or an errno.
[[nodiscard]] int status_of(const File& file, FileStatus& status) noexcept;
[[nodiscard]] int status_of(const char* path, FileStatus& status) noexcept;

// Any thread. When the file was created, in nanoseconds; 0 where that is not known. No other file with its number has
// the same, unless it came within the same few milliseconds.
[[nodiscard]] uint64_t birth_of(const File& file) noexcept;

// Any thread. Whether the size of a regular file says how much is in it: not where the kernel makes the content up when
// it is read, as in /proc and /sys.
[[nodiscard]] bool has_size(const File& file) noexcept;

}  // namespace slipring::platform
