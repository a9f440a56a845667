#include "platform/file_status.h"

#include <windows.h>

#include "platform/win/descriptors.h"
#include "platform/win/error.h"

namespace slipring::platform {

int status_of(const File& file, FileStatus& status) noexcept {
  const auto handle = reinterpret_cast<HANDLE>(Descriptors::of_program().handle(file.descriptor()));
  BY_HANDLE_FILE_INFORMATION found{};
  if (::GetFileInformationByHandle(handle, &found) == 0) {
    // A pipe or a console has no such information.
    const DWORD error = ::GetLastError();
    status = {};
    return error == ERROR_INVALID_HANDLE ? errno_of(error) : 0;
  }
  status.regular = ::GetFileType(handle) == FILE_TYPE_DISK && (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
  status.device = found.dwVolumeSerialNumber;
  status.number = (static_cast<uint64_t>(found.nFileIndexHigh) << 32) | found.nFileIndexLow;
  status.size = static_cast<int64_t>((static_cast<uint64_t>(found.nFileSizeHigh) << 32) | found.nFileSizeLow);
  const FILETIME& written = found.ftLastWriteTime;
  constexpr uint64_t k1970 = 116'444'736'000'000'000;  // there time begins in 1601, in steps of 100 ns
  const uint64_t time = (static_cast<uint64_t>(written.dwHighDateTime) << 32) | written.dwLowDateTime;
  status.modified = time > k1970 ? (time - k1970) * 100 : 0;
  return 0;
}

int status_of(const char* path, FileStatus& status) noexcept {
  File file;
  const int error = file.open(path, 0, 0);
  return error != 0 ? error : status_of(file, status);
}

// A new file may get the time of one that had its name.
uint64_t birth_of(const File& /*file*/) noexcept { return 0; }

bool has_size(const File& /*file*/) noexcept { return true; }

}  // namespace slipring::platform
