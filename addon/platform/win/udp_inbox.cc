#include "platform/udp_inbox.h"

#include <cerrno>

namespace slipring::platform {

// lib/ makes no UDP stream on Windows: none of this is reached.

struct UdpInbox::State {};

UdpInbox::UdpInbox() = default;
UdpInbox::~UdpInbox() = default;

int UdpInbox::allocate(std::size_t /*largest*/) noexcept { return ENOSYS; }

int UdpInbox::receive(const File& /*socket*/) noexcept { return ENOSYS; }

UdpDatagram UdpInbox::datagram(uint32_t /*index*/) const noexcept { return {}; }

}  // namespace slipring::platform
