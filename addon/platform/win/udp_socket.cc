#include "platform/udp_socket.h"

#include <cerrno>

namespace slipring::platform {

// lib/ makes no UDP stream on Windows: none of this is reached.

SystemFailure UdpSocket::open(const UdpOptions& /*options*/) noexcept {
  return {.number = ENOSYS, .syscall = "socket"};
}

SystemFailure UdpSocket::join(const UdpMembership& /*membership*/) noexcept {
  return {.number = ENOSYS, .syscall = "addMembership"};
}

SystemFailure UdpSocket::write_name(char (& /*name*/)[kNameSize]) const noexcept {
  return {.number = ENOSYS, .syscall = "getsockname"};
}

std::size_t UdpSocket::buffer_size() const noexcept { return 0; }

uint32_t UdpSocket::dropped(uint32_t unknown) const noexcept { return unknown; }

}  // namespace slipring::platform
