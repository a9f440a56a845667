#include "platform/live.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/sysmacros.h>
#endif

#include <cerrno>
#include <cstdio>
#include <cstring>

#ifndef POLLRDHUP
#define POLLRDHUP 0  // Linux and a few others have it
#endif

namespace slipring::platform {

namespace {

bool is_socket(const char* path) noexcept {
  struct stat status{};
  return ::stat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

// Close-on-exec, and with a connection that does not wait. Returns 0 or an errno.
int connect_to(const char* path, int type, File& connected) noexcept {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return ENAMETOOLONG;
  std::memcpy(address.sun_path, path, length);
  const int descriptor = ::socket(AF_UNIX, type, 0);
  if (descriptor == -1) return errno;
  File socket(descriptor, true);
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  const void* const any = &address;
  if (::connect(descriptor, static_cast<const sockaddr*>(any), sizeof address) != 0) return errno;
  connected = std::move(socket);
  return 0;
}

// The same pipe or terminal under a descriptor of its own, with flags of its own.
int reopen(int descriptor, int flags, File& opened) noexcept {
  char path[32];
  static_cast<void>(std::snprintf(path, sizeof path, "/dev/fd/%d", descriptor));
  return opened.open(path, flags, 0);
}

// Opening the master side again would make another terminal.
bool is_terminal_master(int descriptor) noexcept {
#ifdef TIOCGPTN
  unsigned int number = 0;
  return ::ioctl(descriptor, TIOCGPTN, &number) == 0;
#else
  static_cast<void>(descriptor);
  return true;
#endif
}

IoResult receive(int descriptor, std::span<std::byte> into, bool packets) noexcept {
  iovec memory{.iov_base = into.data(), .iov_len = into.size()};
  msghdr message{};
  message.msg_iov = &memory;
  message.msg_iovlen = 1;
  ssize_t bytes = ::recvmsg(descriptor, &message, MSG_DONTWAIT);
  while (bytes == -1 && errno == EINTR) bytes = ::recvmsg(descriptor, &message, MSG_DONTWAIT);
  if (bytes < 0) return {.bytes = 0, .error = errno};
  if (packets && (message.msg_flags & MSG_TRUNC) != 0) return {.bytes = 0, .error = EMSGSIZE};
  return {.bytes = static_cast<std::size_t>(bytes), .error = 0};
}

// A network interface whose other end is this descriptor.
bool is_tunnel(int descriptor) noexcept {
#ifdef __linux__
  ifreq request{};
  return ::ioctl(descriptor, TUNGETIFF, &request) == 0;
#else
  static_cast<void>(descriptor);
  return false;
#endif
}

// /dev/kmsg, by whatever name.
bool is_kernel_log(const struct stat& status) noexcept {
#ifdef __linux__
  return status.st_rdev == makedev(1, 11);
#else
  static_cast<void>(status);
  return false;
#endif
}

bool is_in_packet_mode(int descriptor) noexcept {
#ifdef TIOCGPKT
  int mode = 0;
  return ::ioctl(descriptor, TIOCGPKT, &mode) == 0 && mode != 0;
#else
  static_cast<void>(descriptor);
  return false;
#endif
}

// Where a read goes. Where packets are cut in silence it has a byte more, which is used by one that does not fit.
class Room {
 public:
  Room(std::span<std::byte> into, bool with_spare) noexcept
      : parts_{{.iov_base = into.data(), .iov_len = into.size()}, {.iov_base = &spare_, .iov_len = 1}},
        count_(with_spare ? 2 : 1) {}
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  // `call` gets the parts and their number.
  template <class Call>
  [[nodiscard]] IoResult fill(Call call) const noexcept {
    ssize_t bytes = call(parts_, count_);
    while (bytes == -1 && errno == EINTR) bytes = call(parts_, count_);
    if (bytes < 0) return {.bytes = 0, .error = errno};
    const auto filled = static_cast<std::size_t>(bytes);
    if (filled > parts_[0].iov_len) return {.bytes = 0, .error = EMSGSIZE};
    return {.bytes = filled, .error = 0};
  }

 private:
  std::byte spare_{};
  iovec parts_[2];
  int count_;
};

#ifdef RWF_NOWAIT
constexpr bool kCanReadWithoutWaiting = true;

// Whatever the descriptor's flags are. EOPNOTSUPP: not of this descriptor.
IoResult read_without_waiting(int descriptor, const Room& room) noexcept {
  return room.fill(
      [descriptor](const iovec* parts, int count) { return ::preadv2(descriptor, parts, count, -1, RWF_NOWAIT); });
}
#else
constexpr bool kCanReadWithoutWaiting = false;
IoResult read_without_waiting(int, const Room&) noexcept { return {.bytes = 0, .error = EOPNOTSUPP}; }
#endif

}  // namespace

int Live::open(const char* path, const char*& syscall) noexcept {
  syscall = "open";
  int error = own_.open(path, O_RDONLY, 0);
  if (error == ENXIO && is_socket(path)) {
    syscall = "connect";
    for (const int type : {SOCK_STREAM, SOCK_SEQPACKET}) {
      error = connect_to(path, type, own_);
      if (error != EPROTOTYPE) break;
    }
  }
  if (error != 0) return error;
  find_kind();
  never_waits_ = true;
  return 0;
}

void Live::borrow(int descriptor) noexcept {
  given_ = File(descriptor, false);
  find_kind();
  // If it cannot be opened again, we read the caller's.
  const bool can_reopen = kind_ == LiveKind::kTerminal ? !is_terminal_master(descriptor) : kind_ == LiveKind::kPipe;
  if (can_reopen) static_cast<void>(reopen(descriptor, O_RDONLY, own_));
  const int flags = ::fcntl(reading().descriptor(), F_GETFL);
  blocks_ = flags != -1 && (flags & O_NONBLOCK) == 0 && !is_any_socket() && kind_ != LiveKind::kFile;
  never_waits_ = !blocks_ || kCanReadWithoutWaiting;
}

int Live::hold_open() noexcept {
  if (kind_ != LiveKind::kPipe) return 0;
  return reopen(file().descriptor(), O_WRONLY, writer_);
}

void Live::find_kind() noexcept {
  struct stat status{};
  const int descriptor = file().descriptor();
  kind_ = LiveKind::kFile;
  if (::fstat(descriptor, &status) != 0) return;  // the read will say what is wrong
  if (S_ISBLK(status.st_mode) || file().waits() == Waits::kNever) return;
  kind_ = LiveKind::kDevice;
  if (S_ISFIFO(status.st_mode)) {
    kind_ = LiveKind::kPipe;
#ifdef O_DIRECT
    // A pipe in packet mode, if its reader says so, too: pipe2() tells only the writing end.
    may_cut_ = (::fcntl(descriptor, F_GETFL) & O_DIRECT) != 0;
    if (may_cut_) kind_ = LiveKind::kDevice;
#endif
  } else if (S_ISSOCK(status.st_mode)) {
    int type = 0;
    socklen_t size = sizeof type;
    static_cast<void>(::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size));
    kind_ = type == SOCK_STREAM ? LiveKind::kSocket : LiveKind::kPackets;
  } else if (S_ISCHR(status.st_mode) && ::isatty(descriptor) != 0) {
    kind_ = LiveKind::kTerminal;
    in_packet_mode_ = is_in_packet_mode(descriptor);
  } else if (S_ISCHR(status.st_mode)) {
    may_cut_ = is_tunnel(descriptor);
    is_kernel_log_ = is_kernel_log(status);
  }
}

IoResult Live::read(std::span<std::byte> into) noexcept {
  if (is_any_socket()) return receive(file().descriptor(), into, kind_ == LiveKind::kPackets);
  const int descriptor = reading().descriptor();
  if (blocks_ && never_waits_) {
    const IoResult result = read_without_waiting(descriptor, Room(into, may_cut_));
    if (result.error != EOPNOTSUPP) return result;
    never_waits_ = false;
  }
  if (blocks_ && !is_readable()) return {.bytes = 0, .error = EAGAIN};
  if (is_kernel_log_) return read_kernel_log(into);
  if (!may_cut_) return reading().read(into);
  return Room(into, true).fill([descriptor](const iovec* parts, int count) {
    return ::readv(descriptor, parts, count);
  });
}

// It says EINVAL of a record that does not fit.
IoResult Live::read_kernel_log(std::span<std::byte> into) noexcept {
  IoResult result = reading().read(into);
  if (result.error == EINVAL) result.error = EMSGSIZE;
  return result;
}

bool Live::is_loss(int error) const noexcept {
  return (error == ENOBUFS && kind_ == LiveKind::kPackets) || (error == EPIPE && is_kernel_log_);
}

bool Live::is_readable() const noexcept {
  pollfd watched{.fd = file().descriptor(), .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, 0) != 0;
}

bool Live::has_bytes() const noexcept {
  int bytes = 0;
  return ::ioctl(file().descriptor(), FIONREAD, &bytes) == 0 && bytes > 0;
}

bool Live::hung_up() const noexcept {
  pollfd watched{.fd = file().descriptor(), .events = POLLRDHUP, .revents = 0};
  return ::poll(&watched, 1, 0) == 1 && (watched.revents & (POLLHUP | POLLRDHUP | POLLERR)) != 0;
}

}  // namespace slipring::platform
