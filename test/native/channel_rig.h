// A channel with memory for its slots and a bell that only counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/ring/channel.h"
#include "support.h"

namespace slipring::test {

// A free slot, as the pump gets one: it waits until there is one. Nothing when the stream is being stopped.
inline std::optional<uint32_t> acquire(Channel& channel) {
  for (;;) {
    const std::optional<uint32_t> index = channel.try_acquire();
    if (index || channel.stopping()) return index;
    channel.begin_wait();
    channel.wait_for_slot();
  }
}

// Counts without ordering anything: what a consumer sees, it sees through the channel.
class CountingBell : public Bell {
 public:
  void ring() noexcept override {
    rings_.add();
    if (on_ring) on_ring();
  }
  [[nodiscard]] uint64_t count() const noexcept { return rings_.get(); }
  void await(uint64_t at_least) const noexcept { rings_.await(at_least); }

  std::function<void()> on_ring;  // runs on the ringing thread; set it before there is one

 private:
  Tally rings_;
};

class ChannelRig {
 public:
  explicit ChannelRig(uint32_t slots, std::size_t slot_size = 16)
      : slots(slots), slot_size(slot_size), memory(slots * slot_size), channel(slots, bell) {}

  // Consumer's side.
  void arm(uint32_t index) { channel.arm(index, memory.data() + index * slot_size, slot_size); }
  void arm_all() {
    for (uint32_t i = 0; i < slots; ++i) arm(i);
  }
  // The next slot or kFinished; waits for the bell as a consumer does, and so for ever if a ring was lost.
  int32_t take() {
    for (;;) {
      const uint64_t heard = bell.count();
      const int32_t index = channel.take();
      if (index != Channel::kNothing) return index;
      bell.await(heard + 1);
    }
  }

  // Producer's side: acquires a slot and publishes it with this length. False when stopped.
  bool produce(std::size_t length = 1, bool more = false) {
    const std::optional<uint32_t> index = acquire(channel);
    if (!index) return false;
    channel.slot(*index).length = length;
    channel.publish(*index, more);
    return true;
  }

  const uint32_t slots;
  const std::size_t slot_size;
  std::vector<std::byte> memory;
  CountingBell bell;
  Channel channel;
};

}  // namespace slipring::test
