// A UDP source on the loopback interface, somebody who sends to it, and the table of what it read.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "source_rig.h"
#include "sources/datagram.h"
#include "sources/registry.h"

namespace slipring::test {

inline Options udp_options() { return Options().text("address", "127.0.0.1"); }

// Sends to a port of this machine. What it has sent lies in the receiver's buffer, or was dropped, when send() returns.
class UdpSender {
 public:
  explicit UdpSender(bool ipv6 = false) : socket_(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (socket_ == -1) ::abort();
  }
  ~UdpSender() { ::close(socket_); }
  UdpSender(const UdpSender&) = delete;
  UdpSender& operator=(const UdpSender&) = delete;

  void send(uint16_t port, const std::string& text) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    send_to(reinterpret_cast<const sockaddr*>(&to), sizeof to, text);
  }
  void send_ipv6(uint16_t port, const std::string& text) const {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    to.sin6_addr = in6addr_loopback;
    send_to(reinterpret_cast<const sockaddr*>(&to), sizeof to, text);
  }
  // Where it sends from, since it has sent something.
  [[nodiscard]] uint16_t port() const {
    sockaddr_in6 own{};
    socklen_t size = sizeof own;
    if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size) != 0) ::abort();
    return ntohs(own.sin6_port);  // in the same place for both families
  }

 private:
  void send_to(const sockaddr* to, socklen_t size, const std::string& text) const {
    if (::sendto(socket_, text.data(), text.size(), 0, to, size) != static_cast<ssize_t>(text.size())) ::abort();
  }

  int socket_;
};

// The source, open and bound.
class UdpReceiver {
 public:
  explicit UdpReceiver(Options options = udp_options()) : source(kUdpSource, std::move(options)) {
    if (source.status != 0) ::abort();
    const std::string name = source.name();
    port = static_cast<uint16_t>(std::stoi(name.substr(name.find(' '))));
  }

  // One read; the table of what it read.
  std::vector<DatagramRecord> read(std::size_t size) {
    text = source.read(size);
    std::vector<DatagramRecord> records(source.chunk.record_count);
    if (records.empty()) return records;
    const std::size_t begin = (text.size() + 7) / 8 * 8;
    std::memcpy(records.data(), source.memory.data() + begin, records.size() * sizeof records[0]);
    return records;
  }

  // As the host does: waits before it reads, until there is something.
  std::vector<DatagramRecord> wait_and_read(std::size_t size) {
    for (;;) {
      source.result = source.wait();
      if (source.result != 0) return {};
      std::vector<DatagramRecord> records = read(size);
      if (source.result != SLIPRING_NOTHING) return records;
    }
  }

  OpenSource source;
  uint16_t port = 0;
  std::string text;  // all bytes of the last read
};

}  // namespace slipring::test
