// A UDP socket: opened, bound, a member of groups, and asked what it lost. What arrives at it is in udp_inbox.h.
//
// Everything here is for one thread, and reports errno values, never throws.
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/file.h"

namespace slipring::platform {

// Which call failed, as errno users know it, and with what. `number` is 0 when none did.
struct SystemFailure {
  int number = 0;
  const char* syscall = "";
};

struct UdpOptions {
  const char* address = nullptr;  // an IP address in text, of the family
  uint16_t port = 0;              // 0: any that is free
  bool ipv6 = false;
  bool reuse_address = false;
  bool reuse_port = false;
  bool ipv6_only = false;
  bool own_groups = false;  // of what is sent to groups, only to those that are joined
  int receive_buffer = 0;   // bytes; 0: as the system has it
};

// A multicast group. What is null is left to the system.
struct UdpMembership {
  const char* group = nullptr;
  const char* interface = nullptr;  // its name
  const char* source = nullptr;     // the one sender to listen to
};

class UdpSocket {
 public:
  // Room for an address, a port and a family in text.
  static constexpr std::size_t kNameSize = 128;

  [[nodiscard]] SystemFailure open(const UdpOptions& options) noexcept;
  // After open().
  [[nodiscard]] SystemFailure join(const UdpMembership& membership) noexcept;

  // "address port family", the family as IPv4 or IPv6: where it is bound.
  [[nodiscard]] SystemFailure write_name(char (&name)[kNameSize]) const noexcept;

  // How many bytes the system keeps for it, with what it needs to keep them. 0 where it does not say.
  [[nodiscard]] std::size_t buffer_size() const noexcept;

  // How many datagrams the system has dropped because they came faster than they were received, modulo 2^32.
  // `unknown` where it does not say.
  [[nodiscard]] uint32_t dropped(uint32_t unknown) const noexcept;

  [[nodiscard]] const File& file() const noexcept { return file_; }

 private:
  File file_;
};

}  // namespace slipring::platform
