#include "platform/udp_socket.h"

#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifdef __linux__
#include <linux/sock_diag.h>
#endif

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace slipring::platform {

namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] sockaddr* any() noexcept {
    void* const memory = &storage;
    return static_cast<sockaddr*>(memory);
  }
};

// `text` is a numeric address: nobody is asked for a name. False when it is none of that family.
bool parse_address(const char* text, uint16_t port, bool ipv6, Address& into) noexcept {
  addrinfo hints{};
  hints.ai_family = ipv6 ? AF_INET6 : AF_INET;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  char service[8];
  static_cast<void>(std::snprintf(service, sizeof service, "%u", static_cast<unsigned>(port)));
  addrinfo* found = nullptr;
  if (::getaddrinfo(text, service, &hints, &found) != 0) return false;
  std::memcpy(&into.storage, found->ai_addr, found->ai_addrlen);
  into.length = found->ai_addrlen;
  ::freeaddrinfo(found);
  return true;
}

// Close-on-exec (Rule 8). Returns -1 with errno set.
int make_socket(int family) noexcept {
#ifdef SOCK_CLOEXEC
  return ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
  const int descriptor = ::socket(family, SOCK_DGRAM, 0);
  if (descriptor != -1) {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  }
  return descriptor;
#endif
}

template <class Value>
SystemFailure set(const File& socket, int level, int option, const Value& value) noexcept {
  if (::setsockopt(socket.descriptor(), level, option, &value, sizeof value) == 0) return {};
  return {.number = errno, .syscall = "setsockopt"};
}

// What each datagram is to bring along. Where the system does not know it, there is none.
void ask_for_details(const File& socket) noexcept {
#ifdef SO_TIMESTAMPNS
  static_cast<void>(set(socket, SOL_SOCKET, SO_TIMESTAMPNS, 1));
#else
  static_cast<void>(set(socket, SOL_SOCKET, SO_TIMESTAMP, 1));
#endif
#ifdef SO_RXQ_OVFL
  static_cast<void>(set(socket, SOL_SOCKET, SO_RXQ_OVFL, 1));
#endif
}

// The index of the interface of that name, or 0.
unsigned index_of([[maybe_unused]] const File& socket, const char* name) noexcept {
#ifdef __linux__
  // Not if_nametoindex(): it opens a socket of its own to ask, and says that there is no such interface when it cannot.
  ifreq request{};
  const std::size_t length = std::strlen(name);
  if (length >= sizeof request.ifr_name) return 0;
  std::memcpy(request.ifr_name, name, length);
  return ::ioctl(socket.descriptor(), SIOCGIFINDEX, &request) == 0 ? static_cast<unsigned>(request.ifr_ifindex) : 0;
#else
  return ::if_nametoindex(name);
#endif
}

// Linux hands what is sent to a group that any process joined to every socket that is bound to all addresses.
void hear_own_groups([[maybe_unused]] const File& socket) noexcept {
#ifdef __linux__
  constexpr int kIpv6MulticastAll = 29;  // not every C library's headers have the name
  static_cast<void>(set(socket, IPPROTO_IP, IP_MULTICAST_ALL, 0));
  static_cast<void>(set(socket, IPPROTO_IPV6, kIpv6MulticastAll, 0));
#endif
}

SystemFailure configure(const File& socket, const UdpOptions& options) noexcept {
  ask_for_details(socket);
  SystemFailure failure;
  // Off unless it is asked for, whatever the system's default is, as in node:dgram.
  if (options.ipv6) failure = set(socket, IPPROTO_IPV6, IPV6_V6ONLY, options.ipv6_only ? 1 : 0);
  if (failure.number == 0 && options.receive_buffer > 0) {
    failure = set(socket, SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
  }
#ifdef __APPLE__
  constexpr int kShareAddress = SO_REUSEPORT;  // where the other one means less than on Linux, as libuv has it
#else
  constexpr int kShareAddress = SO_REUSEADDR;
#endif
  if (failure.number == 0 && options.reuse_address) failure = set(socket, SOL_SOCKET, kShareAddress, 1);
  if (failure.number == 0 && options.reuse_port) failure = set(socket, SOL_SOCKET, SO_REUSEPORT, 1);
  if (options.own_groups) hear_own_groups(socket);
  return failure;
}

}  // namespace

SystemFailure UdpSocket::open(const UdpOptions& options) noexcept {
  const int descriptor = make_socket(options.ipv6 ? AF_INET6 : AF_INET);
  if (descriptor == -1) return {.number = errno, .syscall = "socket"};
  File file(descriptor, true);
  const SystemFailure failure = configure(file, options);
  if (failure.number != 0) return failure;
  Address address;
  if (!parse_address(options.address, options.port, options.ipv6, address)) {
    return {.number = EINVAL, .syscall = "bind"};
  }
  if (::bind(descriptor, address.any(), address.length) != 0) return {.number = errno, .syscall = "bind"};
  file_ = std::move(file);
  return {};
}

SystemFailure UdpSocket::join(const UdpMembership& membership) noexcept {
  const auto failed = [](int number) { return SystemFailure{.number = number, .syscall = "addMembership"}; };
  Address group;
  const bool ipv6 = std::strchr(membership.group, ':') != nullptr;
  if (!parse_address(membership.group, 0, ipv6, group)) return failed(EINVAL);
  unsigned interface = 0;
  if (membership.interface != nullptr) {
    interface = index_of(file_, membership.interface);
    if (interface == 0) return failed(ENODEV);
  }
  const int level = ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
  SystemFailure failure;
  if (membership.source == nullptr) {
    group_req request{};
    request.gr_interface = interface;
    std::memcpy(&request.gr_group, &group.storage, sizeof group.storage);
    failure = set(file_, level, MCAST_JOIN_GROUP, request);
  } else {
    Address source;
    if (!parse_address(membership.source, 0, ipv6, source)) return failed(EINVAL);
    group_source_req request{};
    request.gsr_interface = interface;
    std::memcpy(&request.gsr_group, &group.storage, sizeof group.storage);
    std::memcpy(&request.gsr_source, &source.storage, sizeof source.storage);
    failure = set(file_, level, MCAST_JOIN_SOURCE_GROUP, request);
  }
  return failure.number == 0 ? failure : failed(failure.number);
}

SystemFailure UdpSocket::write_name(char (&name)[kNameSize]) const noexcept {
  Address address;
  address.length = sizeof address.storage;
  if (::getsockname(file_.descriptor(), address.any(), &address.length) != 0) {
    return {.number = errno, .syscall = "getsockname"};
  }
  char host[kNameSize - 16];
  char service[8];
  const int flags = NI_NUMERICHOST | NI_NUMERICSERV;
  if (::getnameinfo(address.any(), address.length, host, sizeof host, service, sizeof service, flags) != 0) {
    return {.number = EINVAL, .syscall = "getsockname"};
  }
  const char* family = address.storage.ss_family == AF_INET6 ? "IPv6" : "IPv4";
  static_cast<void>(std::snprintf(name, sizeof name, "%s %s %s", host, service, family));
  return {};
}

std::size_t UdpSocket::buffer_size() const noexcept {
  int bytes = 0;
  socklen_t size = sizeof bytes;
  const int result = ::getsockopt(file_.descriptor(), SOL_SOCKET, SO_RCVBUF, &bytes, &size);
  return result == 0 ? static_cast<std::size_t>(bytes) : 0;
}

uint32_t UdpSocket::dropped(uint32_t unknown) const noexcept {
#ifdef __linux__
  uint32_t values[SK_MEMINFO_VARS] = {};
  socklen_t size = sizeof values;
  const int result = ::getsockopt(file_.descriptor(), SOL_SOCKET, SO_MEMINFO, values, &size);
  if (result == 0 && size > SK_MEMINFO_DROPS * sizeof values[0]) return values[SK_MEMINFO_DROPS];
#endif
  return unknown;
}

}  // namespace slipring::platform
