#include "platform/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <windows.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>

#include "platform/win/descriptors.h"
#include "platform/win/error.h"
#include "platform/win/wide.h"

namespace slipring::platform {

namespace {

// At once: a DWORD's worth is the limit.
constexpr std::size_t kMost = std::size_t{1} << 30;

HANDLE handle_of(int descriptor) noexcept {
  return reinterpret_cast<HANDLE>(Descriptors::of_program().handle(descriptor));
}

DWORD access_of(int flags) noexcept {
  if ((flags & _O_RDWR) != 0) return GENERIC_READ | GENERIC_WRITE;
  return (flags & _O_WRONLY) != 0 ? GENERIC_WRITE : GENERIC_READ;
}

DWORD disposition_of(int flags) noexcept {
  const bool create = (flags & _O_CREAT) != 0;
  const bool truncate = (flags & _O_TRUNC) != 0;
  if (create && (flags & _O_EXCL) != 0) return CREATE_NEW;
  if (create) return truncate ? CREATE_ALWAYS : OPEN_ALWAYS;
  return truncate ? TRUNCATE_EXISTING : OPEN_EXISTING;
}

// 0 bytes mean the end; so do the errors by which Windows tells of it.
IoResult read_handle(HANDLE handle, std::span<std::byte> into, OVERLAPPED* at) noexcept {
  DWORD bytes = 0;
  if (::ReadFile(handle, into.data(), static_cast<DWORD>(std::min(into.size(), kMost)), &bytes, at) != 0) {
    return {.bytes = bytes, .error = 0};
  }
  const DWORD error = ::GetLastError();
  if (error == ERROR_HANDLE_EOF || error == ERROR_BROKEN_PIPE) return {};
  // Not the file's permissions: the handle was opened for something else.
  return {.bytes = 0, .error = error == ERROR_ACCESS_DENIED ? EBADF : errno_of(error)};
}

IoResult write_handle(HANDLE handle, std::span<const std::byte> bytes, OVERLAPPED* at) noexcept {
  DWORD written = 0;
  const auto size = static_cast<DWORD>(std::min(bytes.size(), kMost));
  if (::WriteFile(handle, bytes.data(), size, &written, at) != 0) return {.bytes = written, .error = 0};
  return {.bytes = 0, .error = errno_of(::GetLastError())};
}

OVERLAPPED overlapped_at(uint64_t position) noexcept {
  OVERLAPPED at{};
  at.Offset = static_cast<DWORD>(position);
  at.OffsetHigh = static_cast<DWORD>(position >> 32);
  return at;
}

// Where the file's own position is, put back at the end: reading or writing at an offset moves it.
class PositionKept {
 public:
  explicit PositionKept(HANDLE handle) noexcept
      : handle_(handle), known_(::SetFilePointerEx(handle, {}, &position_, FILE_CURRENT) != 0) {}
  ~PositionKept() {
    if (known_) ::SetFilePointerEx(handle_, position_, nullptr, FILE_BEGIN);
  }
  PositionKept(const PositionKept&) = delete;
  PositionKept& operator=(const PositionKept&) = delete;

 private:
  HANDLE handle_;
  LARGE_INTEGER position_{};
  bool known_;
};

}  // namespace

int File::open(const char* path, int flags, int mode) noexcept {
  const std::unique_ptr<wchar_t[]> name = wide(path);
  if (name == nullptr) return ENOENT;
  const DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  // "Backup" is what it takes to open a directory; reading that fails as it does elsewhere.
  DWORD attributes = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_SEQUENTIAL_SCAN;
  attributes |= (flags & _O_CREAT) != 0 && (mode & _S_IWRITE) == 0 ? FILE_ATTRIBUTE_READONLY : FILE_ATTRIBUTE_NORMAL;
  const HANDLE handle =
      ::CreateFileW(name.get(), access_of(flags), shared, nullptr, disposition_of(flags), attributes, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return errno_of(::GetLastError());
  const int descriptor = Descriptors::of_program().open(reinterpret_cast<intptr_t>(handle));
  if (descriptor == -1) {
    ::CloseHandle(handle);
    return EMFILE;
  }
  *this = File(descriptor, true);
  return 0;
}

int File::open_nothing() noexcept { return open("NUL", 0, 0); }

int File::open_duplicate(int descriptor) noexcept {
  const HANDLE process = ::GetCurrentProcess();
  HANDLE handle = nullptr;
  if (::DuplicateHandle(process, handle_of(descriptor), process, &handle, 0, FALSE, DUPLICATE_SAME_ACCESS) == 0) {
    return errno_of(::GetLastError());
  }
  const int duplicate = Descriptors::of_program().open(reinterpret_cast<intptr_t>(handle));
  if (duplicate == -1) {
    ::CloseHandle(handle);
    return EMFILE;
  }
  *this = File(duplicate, true);
  return 0;
}

int File::become(File& /*other*/) const noexcept { return ENOSYS; }  // libuv has nothing for it

void File::close() noexcept {
  if (owned_) Descriptors::of_program().close(descriptor_);
  descriptor_ = -1;
  owned_ = false;
}

Waits File::waits() const noexcept {
  const DWORD type = ::GetFileType(handle_of(descriptor_));
  // Of what cannot be read the read will say so.
  return type == FILE_TYPE_PIPE || type == FILE_TYPE_CHAR ? Waits::kAnyTime : Waits::kNever;
}

void File::advise_sequential() const noexcept {}  // open() did: here it is a flag for that

IoResult File::read(std::span<std::byte> into) const noexcept {
  return read_handle(handle_of(descriptor_), into, nullptr);
}

IoResult File::read_at(std::span<std::byte> into, uint64_t position) const noexcept {
  const HANDLE handle = handle_of(descriptor_);
  const PositionKept kept(handle);
  OVERLAPPED at = overlapped_at(position);
  return read_handle(handle, into, &at);
}

IoResult File::write(std::span<const std::byte> bytes) const noexcept {
  return write_handle(handle_of(descriptor_), bytes, nullptr);
}

IoResult File::write_at(std::span<const std::byte> bytes, uint64_t position) const noexcept {
  const HANDLE handle = handle_of(descriptor_);
  const PositionKept kept(handle);
  OVERLAPPED at = overlapped_at(position);
  return write_handle(handle, bytes, &at);
}

bool File::has_positions() const noexcept { return ::GetFileType(handle_of(descriptor_)) == FILE_TYPE_DISK; }

int64_t File::position() const noexcept {
  LARGE_INTEGER position{};
  const bool known = ::SetFilePointerEx(handle_of(descriptor_), {}, &position, FILE_CURRENT) != 0;
  return known ? position.QuadPart : 0;
}

}  // namespace slipring::platform
