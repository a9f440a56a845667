#include "platform/udp_inbox.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <new>

namespace slipring::platform {

namespace {

// What one call receives, and how much of it there is.
#ifdef __linux__
using Message = mmsghdr;
#else
struct Message {
  msghdr msg_hdr;
  unsigned msg_len;
};
#endif

// An address of either family: the larger one has room for both, and both say which it is in the same place.
using Name = sockaddr_in6;
static_assert(sizeof(Name) >= sizeof(sockaddr_in));

// A timestamp and a counter.
struct alignas(cmsghdr) Control {
  std::byte bytes[CMSG_SPACE(sizeof(timespec)) + CMSG_SPACE(sizeof(uint32_t))];
};

constexpr uint64_t kNsPerSecond = 1'000'000'000;

// Datagrams lie this much more than a power of two apart: else the beginnings of all would share a few lines of the
// processor's cache, and evict each other.
constexpr std::size_t kStagger = 2048 + 64;

// Receives at most `capacity` messages. Returns how many, or -1 with errno set.
int receive_messages(int descriptor, Message* messages, unsigned capacity) noexcept {
#ifdef __linux__
  return ::recvmmsg(descriptor, messages, capacity, MSG_DONTWAIT, nullptr);
#else
  unsigned count = 0;
  for (; count < capacity; ++count) {
    const ssize_t length = ::recvmsg(descriptor, &messages[count].msg_hdr, MSG_DONTWAIT);
    if (length == -1) break;
    messages[count].msg_len = static_cast<unsigned>(length);
  }
  // An error after some messages waits: the next call meets it again.
  return count > 0 ? static_cast<int>(count) : -1;
#endif
}

// An interruption, or what a router or a peer had to say about something that was sent from the port. It is told once,
// and is not the end (Rule 9).
bool is_passing(int error) noexcept {
  return error == EINTR || error == ECONNREFUSED || error == ECONNRESET || error == EHOSTUNREACH ||
         error == ENETUNREACH || error == ENETDOWN || error == EHOSTDOWN;
}

template <class Value>
Value content(const cmsghdr* header) noexcept {
  Value value{};
  std::memcpy(&value, CMSG_DATA(header), sizeof value);
  return value;
}

// A copy of the message, because the macros take no constant one.
void read_details(msghdr message, UdpDatagram& into) noexcept {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET) continue;
#ifdef SCM_TIMESTAMPNS
    if (header->cmsg_type == SCM_TIMESTAMPNS) {
      const auto time = content<timespec>(header);
      into.timestamp = static_cast<uint64_t>(time.tv_sec) * kNsPerSecond + static_cast<uint64_t>(time.tv_nsec);
    }
#else
    if (header->cmsg_type == SCM_TIMESTAMP) {
      const auto time = content<timeval>(header);
      into.timestamp = static_cast<uint64_t>(time.tv_sec) * kNsPerSecond + static_cast<uint64_t>(time.tv_usec) * 1000;
    }
#endif
#ifdef SO_RXQ_OVFL
    // Absent as long as it is 0.
    if (header->cmsg_type == SO_RXQ_OVFL) into.dropped = content<uint32_t>(header);
#endif
  }
}

uint64_t now_ns() noexcept {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since_1970).count());
}

UdpAddress to_address(const Name& name) noexcept {
  UdpAddress address;
  if (name.sin6_family == AF_INET6) {
    std::memcpy(address.bytes, &name.sin6_addr, 16);
    address.scope = name.sin6_scope_id;
    address.port = ntohs(name.sin6_port);
    address.family = 6;
  } else {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &name, sizeof ipv4);
    std::memcpy(address.bytes, &ipv4.sin_addr, 4);
    address.port = ntohs(ipv4.sin_port);
    address.family = 4;
  }
  return address;
}

}  // namespace

struct UdpInbox::State {
  Message messages[kCapacity]{};
  iovec places[kCapacity]{};
  Name names[kCapacity]{};
  Control controls[kCapacity]{};
  std::unique_ptr<std::byte[]> data;  // not initialised: only what datagrams touch takes memory

  // Before a receive() into it: the system writes over these.
  void reset(uint32_t index) noexcept {
    msghdr& header = messages[index].msg_hdr;
    header.msg_name = &names[index];
    header.msg_namelen = sizeof names[index];
    header.msg_iov = &places[index];
    header.msg_iovlen = 1;
    header.msg_control = &controls[index];
    header.msg_controllen = sizeof controls[index];
    header.msg_flags = 0;
  }
};

UdpInbox::UdpInbox() = default;
UdpInbox::~UdpInbox() = default;

int UdpInbox::allocate(std::size_t largest) noexcept {
  const std::size_t distance = (largest + 63) / 64 * 64 + kStagger;
  state_.reset(new (std::nothrow) State());
  if (state_ == nullptr) return ENOMEM;
  state_->data.reset(new (std::nothrow) std::byte[distance * kCapacity]);
  if (state_->data == nullptr) return ENOMEM;
  for (uint32_t i = 0; i < kCapacity; ++i) {
    state_->places[i] = {.iov_base = state_->data.get() + i * distance, .iov_len = largest};
    state_->reset(i);
  }
  return 0;
}

int UdpInbox::receive(const File& socket) noexcept {
  for (uint32_t i = 0; i < count_; ++i) state_->reset(i);
  count_ = 0;
  int received = receive_messages(socket.descriptor(), state_->messages, kCapacity);
  while (received == -1 && is_passing(errno)) {
    received = receive_messages(socket.descriptor(), state_->messages, kCapacity);
  }
  if (received == -1) return errno;
  count_ = static_cast<uint32_t>(received);
  return 0;
}

UdpDatagram UdpInbox::datagram(uint32_t index) const noexcept {
  const Message& message = state_->messages[index];
  UdpDatagram datagram;
  datagram.data = {static_cast<const std::byte*>(state_->places[index].iov_base), message.msg_len};
  datagram.truncated = (message.msg_hdr.msg_flags & MSG_TRUNC) != 0;
  datagram.from = to_address(state_->names[index]);
  read_details(message.msg_hdr, datagram);
  // Emulators and sandboxes know no such detail. It came before now, and not long before.
  if (datagram.timestamp == 0) datagram.timestamp = now_ns();
  return datagram;
}

}  // namespace slipring::platform
