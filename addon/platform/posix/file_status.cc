#include "platform/file_status.h"

#include <sys/stat.h>

#include <cerrno>

namespace slipring::platform {

namespace {

FileStatus to_status(const struct stat& from) noexcept {
  return {.regular = S_ISREG(from.st_mode),
          .device = static_cast<uint64_t>(from.st_dev),
          .number = static_cast<uint64_t>(from.st_ino),
          .size = static_cast<int64_t>(from.st_size)};
}

}  // namespace

int status_of(const File& file, FileStatus& status) noexcept {
  struct stat found{};
  if (::fstat(file.descriptor(), &found) != 0) return errno;
  status = to_status(found);
  return 0;
}

int status_of(const char* path, FileStatus& status) noexcept {
  struct stat found{};
  if (::stat(path, &found) != 0) return errno;
  status = to_status(found);
  return 0;
}

}  // namespace slipring::platform
