// In a file of its own: these headers and those of the C library do not go together everywhere.
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/file_status.h"

namespace slipring::platform {

uint64_t birth_of(const File& file) noexcept {
  struct statx found{};
  // No function of the C library's: old ones have none.
  if (::syscall(SYS_statx, file.descriptor(), "", AT_EMPTY_PATH, STATX_BTIME, &found) != 0) return 0;
  if ((found.stx_mask & STATX_BTIME) == 0) return 0;
  return static_cast<uint64_t>(found.stx_btime.tv_sec) * 1'000'000'000 + found.stx_btime.tv_nsec;
}

}  // namespace slipring::platform
