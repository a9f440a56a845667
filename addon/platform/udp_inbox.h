// Memory into which datagrams are received, many with one system call, and where they wait to be taken out.
//
// For one thread. Allocates once, in allocate().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "platform/file.h"

namespace slipring::platform {

struct UdpAddress {
  uint8_t bytes[16] = {};  // the first 4 for IPv4
  uint32_t scope = 0;      // the interface, for a link-local IPv6 address
  uint16_t port = 0;
  uint8_t family = 0;  // 4 or 6
};

struct UdpDatagram {
  std::span<const std::byte> data;  // valid until the next receive()
  UdpAddress from;
  uint64_t timestamp = 0;  // when the system received it, or else we did: nanoseconds since 1970
  uint32_t dropped = 0;    // how many the system had dropped by then, modulo 2^32
  bool truncated = false;  // it was longer than there was room for
};

class UdpInbox {
 public:
  // How many datagrams one call receives at most. More do not make it cheaper.
  static constexpr uint32_t kCapacity = 64;

  UdpInbox();
  ~UdpInbox();
  UdpInbox(const UdpInbox&) = delete;
  UdpInbox& operator=(const UdpInbox&) = delete;

  // Before anything else: makes room for datagrams of `largest` bytes. Returns 0 or an errno.
  [[nodiscard]] int allocate(std::size_t largest) noexcept;

  // Replaces the content with what is there, without waiting. Returns 0 or an errno: EAGAIN when nothing is there.
  [[nodiscard]] int receive(const File& socket) noexcept;

  [[nodiscard]] uint32_t count() const noexcept { return count_; }
  // The `index`th of them, in the order in which they came.
  [[nodiscard]] UdpDatagram datagram(uint32_t index) const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
  uint32_t count_ = 0;
};

}  // namespace slipring::platform
