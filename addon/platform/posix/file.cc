#include "platform/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/file_status.h"

namespace slipring::platform {

namespace {

// Calls until it is not interrupted by a signal (Rule 9).
template <class Call>
auto retry_interrupted(Call call) noexcept {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

IoResult to_result(ssize_t bytes) noexcept {
  if (bytes < 0) return {.bytes = 0, .error = errno};
  return {.bytes = static_cast<std::size_t>(bytes), .error = 0};
}

}  // namespace

int File::open(const char* path, int flags, int mode) noexcept {
  const int always = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  const int descriptor = retry_interrupted([&] { return ::open(path, flags | always, mode); });
  if (descriptor == -1) return errno;
  *this = File(descriptor, true);
  return 0;
}

int File::open_nothing() noexcept { return open("/dev/null", O_RDONLY, 0); }

int File::open_duplicate(int descriptor) noexcept {
  const int duplicate = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (duplicate == -1) return errno;
  *this = File(duplicate, true);
  return 0;
}

int File::become(File& other) const noexcept {
#ifdef __APPLE__
  // No dup3 there: a child forked between the two steps inherits the descriptor.
  if (retry_interrupted([&] { return ::dup2(other.descriptor_, descriptor_); }) == -1) return errno;
  ::fcntl(descriptor_, F_SETFD, FD_CLOEXEC);
#else
  if (retry_interrupted([&] { return ::dup3(other.descriptor_, descriptor_, O_CLOEXEC); }) == -1) return errno;
#endif
  other.close();
  return 0;
}

void File::close() noexcept {
  // Never retried: after an EINTR the descriptor is closed already on Linux, and may be another thread's by now.
  if (owned_) ::close(descriptor_);
  descriptor_ = -1;
  owned_ = false;
}

Waits File::waits() const noexcept {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return Waits::kNever;  // the read will say what is wrong
  if (S_ISDIR(status.st_mode)) return Waits::kNever;
  // Not even a type: an event counter, a timer, a watch.
  if (!S_ISREG(status.st_mode)) return Waits::kAnyTime;
  // What is stored somewhere has a size as soon as there is something in it.
  if (status.st_size > 0 || has_size(*this)) return Waits::kNever;
  return (::fcntl(descriptor_, F_GETFL) & O_NONBLOCK) != 0 ? Waits::kAfterAll : Waits::kAnyTime;
}

void File::advise_sequential() const noexcept {
#ifdef POSIX_FADV_SEQUENTIAL
  static_cast<void>(::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL));
#endif
}

IoResult File::read(std::span<std::byte> into) const noexcept {
  return to_result(retry_interrupted([&] { return ::read(descriptor_, into.data(), into.size()); }));
}

IoResult File::read_at(std::span<std::byte> into, uint64_t position) const noexcept {
  return to_result(
      retry_interrupted([&] { return ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(position)); }));
}

IoResult File::write(std::span<const std::byte> bytes) const noexcept {
  return to_result(retry_interrupted([&] { return ::write(descriptor_, bytes.data(), bytes.size()); }));
}

IoResult File::write_at(std::span<const std::byte> bytes, uint64_t position) const noexcept {
  return to_result(retry_interrupted(
      [&] { return ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(position)); }));
}

bool File::has_positions() const noexcept { return ::lseek(descriptor_, 0, SEEK_CUR) != -1; }

int64_t File::position() const noexcept {
  const off_t position = ::lseek(descriptor_, 0, SEEK_CUR);
  return position == -1 ? 0 : static_cast<int64_t>(position);
}

}  // namespace slipring::platform
