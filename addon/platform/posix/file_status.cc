#include "platform/file_status.h"

#include <sys/stat.h>
#ifdef __linux__
#include <linux/magic.h>
#include <sys/vfs.h>
#endif

#include <cerrno>

namespace slipring::platform {

namespace {

uint64_t modified_of(const struct stat& from) noexcept {
#ifdef __APPLE__
  const timespec& time = from.st_mtimespec;
#else
  const timespec& time = from.st_mtim;
#endif
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

FileStatus to_status(const struct stat& from) noexcept {
  return {.regular = S_ISREG(from.st_mode),
          .device = static_cast<uint64_t>(from.st_dev),
          .number = static_cast<uint64_t>(from.st_ino),
          .size = static_cast<int64_t>(from.st_size),
          .modified = modified_of(from),
          .has_name = from.st_nlink > 0};
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

#ifndef __linux__
uint64_t birth_of(const File& file) noexcept {
#ifdef __APPLE__
  struct stat found{};
  if (::fstat(file.descriptor(), &found) != 0) return 0;
  return static_cast<uint64_t>(found.st_birthtimespec.tv_sec) * 1'000'000'000 + found.st_birthtimespec.tv_nsec;
#else
  static_cast<void>(file);
  return 0;
#endif
}
#endif

bool has_size(const File& file) noexcept {
#ifdef __linux__
  struct statfs system{};
  if (::fstatfs(file.descriptor(), &system) != 0 || system.f_blocks > 0) return true;
  // Those that store files in memory, with no limit, have no number of blocks to tell.
  return system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC || system.f_type == HUGETLBFS_MAGIC;
#else
  static_cast<void>(file);
  return true;
#endif
}

}  // namespace slipring::platform
