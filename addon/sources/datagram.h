// How datagrams lie in a slot: their bytes one after the other, without gaps, and behind them the table that
// slipring/source.h describes, with one DatagramRecord for each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>

#include "platform/udp_inbox.h"
#include "slipring/chunk.h"

namespace slipring {

// An entry of the table, in the byte order of the machine. lib/records/datagram-table.ts reads it.
struct DatagramRecord {
  uint32_t offset;             // of its bytes, from the start of the slot
  uint32_t length;             // in bytes
  uint64_t timestamp;          // when the system received it: nanoseconds since 1970
  uint64_t lost;               // how many the system had dropped by then, since the socket was opened
  uint8_t address[16];         // of the sender; the first 4 bytes for IPv4
  uint32_t scope;              // the interface, for a link-local IPv6 address
  uint32_t port_family_flags;  // the port, the family (4 or 6) << 16, kDatagramTruncated << 24
};
static_assert(sizeof(DatagramRecord) == 48 && alignof(DatagramRecord) == 8);

inline constexpr uint32_t kDatagramTruncated = 1;

// A counter of the system's that has 32 bits, continued in 64. It may be seen a little out of order.
class WideCounter {
 public:
  // Producer thread.
  uint64_t see(uint32_t now) noexcept {
    const auto more = static_cast<int32_t>(now - static_cast<uint32_t>(total_));
    if (more > 0) total_ += static_cast<uint32_t>(more);
    return total_;
  }
  [[nodiscard]] uint64_t total() const noexcept { return total_; }

 private:
  uint64_t total_ = 0;
};

// Puts datagrams into a slot until no more fit. The table is made elsewhere, because only at the end is it known where
// it begins. Producer thread, all of it.
class DatagramPacker {
 public:
  static constexpr uint32_t kMostRecords = 1024;

  [[nodiscard]] bool allocate() noexcept {
    table_.reset(new (std::nothrow) DatagramRecord[kMostRecords]);
    return table_ != nullptr;
  }

  void begin(std::span<std::byte> into) noexcept {
    into_ = into;
    used_ = 0;
    count_ = 0;
    truncated_ = 0;
  }

  // False when there is no room for it.
  [[nodiscard]] bool add(const platform::UdpDatagram& datagram, uint64_t lost) noexcept {
    const std::size_t length = datagram.data.size();
    const std::size_t table = (count_ + 1) * sizeof(DatagramRecord);
    if (count_ == kMostRecords || slipring_table_begin(used_ + length) + table > into_.size()) return false;
    DatagramRecord& record = table_[count_++];
    record.offset = static_cast<uint32_t>(used_);
    record.length = static_cast<uint32_t>(length);
    record.timestamp = datagram.timestamp;
    record.lost = lost;
    std::memcpy(record.address, datagram.from.bytes, sizeof record.address);
    record.scope = datagram.from.scope;
    const uint32_t flags = datagram.truncated ? kDatagramTruncated : 0;
    record.port_family_flags = datagram.from.port | uint32_t{datagram.from.family} << 16 | flags << 24;
    std::ranges::copy(datagram.data, into_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += length;
    truncated_ += flags;
    return true;
  }

  // Writes the table. Nothing is added any more.
  void finish() noexcept {
    std::memcpy(into_.data() + slipring_table_begin(used_), table_.get(), count_ * sizeof(DatagramRecord));
  }

  [[nodiscard]] uint32_t count() const noexcept { return count_; }
  [[nodiscard]] uint32_t truncated() const noexcept { return truncated_; }
  // Bytes of datagrams.
  [[nodiscard]] std::size_t used() const noexcept { return used_; }

 private:
  std::unique_ptr<DatagramRecord[]> table_;
  std::span<std::byte> into_;
  std::size_t used_ = 0;
  uint32_t count_ = 0;
  uint32_t truncated_ = 0;
};

}  // namespace slipring
