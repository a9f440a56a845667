// The producer loop: the only place that calls a source. It opens it, fills free slots from it until the end, an error
// or a stop, and closes it, all on the producer thread. What happens when no slot is free is decided here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "core/channel.h"
#include "slipring/source.h"

namespace slipring {

// What becomes of data that meets a full ring.
enum class Overflow : uint8_t { kBlock, kDropOldest, kDropNewest, kStrict };

class Pump {
 public:
  Pump(const slipring_source& source, Channel& channel, Overflow overflow = Overflow::kBlock)
      : source_(source), channel_(channel), overflow_(overflow) {}
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  // Producer thread, once. Returns when the source is closed and the channel finished.
  void run(const slipring_options& options);

  // Any thread, any number of times. Makes run() return soon; does not wait for it.
  void request_stop();

 private:
  void fill_slots(void* self, Outcome& outcome);
  bool wait_for_data(void* self, Outcome& outcome) const;
  void count_last_losses(void* self);
  std::optional<uint32_t> make_room(std::span<const std::byte> content);
  void publish(uint32_t index, std::size_t length, const slipring_chunk& chunk);
  int64_t read(void* self, std::span<std::byte> into, slipring_chunk& chunk, slipring_error& error);
  std::span<std::byte> scratch();
  void set_cancellable(void* self);

  const slipring_source& source_;
  Channel& channel_;
  const Overflow overflow_;
  std::size_t slot_size_ = 0;             // of the slot that was filled last
  std::unique_ptr<std::byte[]> scratch_;  // as large as a slot: what comes while none is free goes there first
  // Keeps cancel from meeting a source that is not open yet or closed already.
  std::mutex cancel_mutex_;
  void* cancellable_ = nullptr;
};

}  // namespace slipring
