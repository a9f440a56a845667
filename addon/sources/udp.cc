// Datagrams that arrive at a UDP socket, packed as sources/datagram.h says. Options:
//   address            text     where to bind: an IP address
//   port               integer  0: any
//   ipv6               integer  1: the family of the address
//   reuse_address, reuse_port, ipv6_only, receive_buffer    integers, as in platform/udp_socket.h
//   largest            integer  bytes of a datagram that are kept; a slot has to have room for one and its record
//   group0, group1 …   text     multicast groups to join: "address interface source", with "-" for what is not given
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <new>
#include <thread>

#include "platform/thread.h"
#include "platform/udp_inbox.h"
#include "platform/udp_socket.h"
#include "platform/wake.h"
#include "sources/datagram.h"
#include "sources/pace.h"
#include "sources/registry.h"
#include "sources/source_table.h"
#include "sources/support.h"

namespace slipring {

namespace {

using platform::SystemFailure;
using platform::UdpDatagram;
using platform::UdpInbox;
using platform::UdpOptions;
using platform::UdpSocket;

UdpOptions to_udp_options(const slipring_options& options) noexcept {
  return {
      .address = text_option(options, "address"),
      .port = static_cast<uint16_t>(integer_option(options, "port", 0)),
      .ipv6 = integer_option(options, "ipv6", 0) != 0,
      .reuse_address = integer_option(options, "reuse_address", 0) != 0,
      .reuse_port = integer_option(options, "reuse_port", 0) != 0,
      .ipv6_only = integer_option(options, "ipv6_only", 0) != 0,
      .own_groups = text_option(options, "group0") != nullptr,
      .receive_buffer = static_cast<int>(integer_option(options, "receive_buffer", 0)),
  };
}

// When datagrams come one after the other, waking two threads for each few of them costs several times what receiving
// them does, and so datagrams. Then the thread pauses while some gather, and hands them on together.
class Gathering {
 public:
  // Producer thread. `buffer` is how many bytes the system keeps meanwhile. A pause may fill half of it, when a
  // million datagrams come in a second, small ones; what would be over soon is no pause.
  void open(std::size_t buffer) noexcept {
    pause_ = std::min<Clock::duration>(std::chrono::microseconds(buffer / 1024), kLongest);
    if (pause_ < kShortest) pause_ = {};
  }

  // Producer thread. A read begins.
  void begin() noexcept { paused_ = {}; }

  // Producer thread. Something was received, and there is no more. False when it should be handed on; else more will
  // have come when this returns.
  [[nodiscard]] bool pause() noexcept {
    if (!pace_.busy() || pause_.count() == 0 || paused_ >= kLongest) return false;
    std::this_thread::sleep_for(pause_);  // so short that a cancel can wait for it (Rule 1)
    paused_ += pause_;
    return true;
  }

  // Producer thread. So many datagrams are handed on.
  void end(uint32_t count) noexcept { pace_.count(count); }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kShortest = std::chrono::microseconds(50);
  static constexpr auto kLongest = std::chrono::milliseconds(1);

  Clock::duration pause_{};
  Clock::duration paused_{};
  Pace pace_;
};

class UdpSource {
 public:
  UdpSource() = default;
  UdpSource(const UdpSource&) = delete;
  UdpSource& operator=(const UdpSource&) = delete;

  // Producer thread.
  int32_t open(const slipring_options& options, slipring_error* error) {
    const auto largest = static_cast<std::size_t>(integer_option(options, "largest", 65535));
    const int inbox_error = inbox_.allocate(largest);
    if (inbox_error != 0 || !packer_.allocate()) return fail(error, ENOMEM, "socket");
    const int wake_error = wake_.open();
    if (wake_error != 0) return fail(error, wake_error, "pipe");
    SystemFailure failure = socket_.open(to_udp_options(options));
    if (failure.number == 0) failure = join_groups(options);
    if (failure.number == 0) failure = socket_.write_name(name_);
    gathering_.open(socket_.buffer_size());
    platform::run_soon();  // the socket's buffer is full within a few milliseconds
    return failure.number == 0 ? 0 : fail(error, failure.number, failure.syscall);
  }

  // Producer thread. Takes what is there, since nobody knows when more will come; when the consumer is behind, as much
  // as the slot has room for.
  int64_t read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) {
    const bool behind = (chunk->hints & SLIPRING_HINT_BEHIND) != 0;
    packer_.begin(into);
    gathering_.begin();
    for (;;) {
      if (cancelled_.load(std::memory_order_acquire)) return stop(ECANCELED, chunk, error);  // pairs with cancel()
      if (!pack_inbox()) {
        chunk->flags |= SLIPRING_CHUNK_MORE;
        return deliver(chunk);
      }
      if (packer_.count() > 0 && !may_be_more(behind)) return deliver(chunk);
      const int receive_error = receive();
      if (receive_error == 0) continue;
      if (packer_.count() > 0) return deliver(chunk);  // after some data an error waits
      if (receive_error != EAGAIN && receive_error != EWOULDBLOCK) return stop(receive_error, chunk, error);
      tell(chunk);
      return SLIPRING_NOTHING;
    }
  }

  // Producer thread. While it waits nothing is lost: what was lost before is told first, by a read.
  int32_t wait(slipring_error* error) noexcept {
    if (next_ < inbox_.count() || lost_.see(socket_.dropped(seen())) > told_) return 0;
    const int wait_error = wake_.wait_readable(socket_.file());
    return wait_error == 0 ? 0 : fail(error, wait_error, "poll");
  }

  // Any thread.
  void cancel() noexcept {
    cancelled_.store(true, std::memory_order_release);  // pairs with read()
    wake_.signal();
  }

  // Producer thread.
  [[nodiscard]] int descriptor() const noexcept { return socket_.file().descriptor(); }
  [[nodiscard]] const char* name() const noexcept { return name_; }

 private:
  SystemFailure join_groups(const slipring_options& options) noexcept {
    SystemFailure failure;
    for (int i = 0; failure.number == 0; ++i) {
      char option[16];
      static_cast<void>(std::snprintf(option, sizeof option, "group%d", i));
      const char* text = text_option(options, option);
      if (text == nullptr) break;
      failure = join_group(text);
    }
    return failure;
  }

  SystemFailure join_group(const char* text) noexcept {
    char words[3][64] = {};
    if (std::sscanf(text, "%63s %63s %63s", words[0], words[1], words[2]) != 3) {
      return {.number = EINVAL, .syscall = "addMembership"};
    }
    const auto given = [](const char* word) { return std::string_view(word) == "-" ? nullptr : word; };
    return socket_.join({.group = words[0], .interface = given(words[1]), .source = given(words[2])});
  }

  // Empties the inbox into the slot. False when not everything fits; the rest is for the next slot.
  bool pack_inbox() noexcept {
    for (; next_ < inbox_.count(); ++next_) {
      const UdpDatagram datagram = inbox_.datagram(next_);
      if (!packer_.add(datagram, passed_.see(datagram.dropped))) return false;
    }
    return true;
  }

  // After a call that brought something. One that brought as many as it can has left some.
  bool may_be_more(bool behind) noexcept {
    return inbox_.count() == UdpInbox::kCapacity || gathering_.pause() || behind;
  }

  int receive() noexcept {
    next_ = 0;
    return inbox_.receive(socket_.file());
  }

  int64_t deliver(slipring_chunk* chunk) noexcept {
    packer_.finish();
    chunk->record_count = packer_.count();
    chunk->record_size = sizeof(DatagramRecord);
    chunk->truncated = packer_.truncated();
    lost_.see(static_cast<uint32_t>(passed_.total()));
    tell(chunk);
    gathering_.end(packer_.count());
    return static_cast<int64_t>(packer_.used());
  }

  int32_t stop(int number, slipring_chunk* chunk, slipring_error* error) noexcept {
    count_lost(chunk);
    return fail(error, number, "recvmsg");
  }

  // Asks the system what it dropped, also after the last datagram that was received.
  void count_lost(slipring_chunk* chunk) noexcept {
    lost_.see(socket_.dropped(seen()));
    tell(chunk);
  }

  void tell(slipring_chunk* chunk) noexcept {
    chunk->lost = lost_.total() - told_;
    told_ = lost_.total();
  }

  [[nodiscard]] uint32_t seen() const noexcept { return static_cast<uint32_t>(lost_.total()); }

  UdpSocket socket_;
  UdpInbox inbox_;
  uint32_t next_ = 0;  // the first datagram in the inbox that is in no slot yet
  DatagramPacker packer_;
  Gathering gathering_;
  WideCounter passed_;  // dropped before the datagram that was packed last
  WideCounter lost_;    // dropped altogether
  uint64_t told_ = 0;   // of them, as chunks have said
  platform::Wake wake_;
  std::atomic<bool> cancelled_{false};
  char name_[UdpSocket::kNameSize] = {};
};

}  // namespace

constexpr slipring_source kUdpSource = SourceTable<UdpSource>::make(SLIPRING_SOURCE_RECORDS);

}  // namespace slipring
