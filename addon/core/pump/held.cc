// What framing holds: records that had no slot yet, and one whose end does not come.
#include <mutex>

#include "core/clock.h"
#include "core/pump/pump.h"

namespace slipring {

// Producer's side, on the consumer thread. Hands on what is here without a wait for more, in slots: the producer
// thread, which waits for the source, does not know of it.
Pump::Next Pump::hand_on_held(void* self, Next next) {
  Message none;  // so that nobody waits
  while (next == Next::kRead && holds_some()) next = step(self, &none);
  lacks_slot_ = next == Next::kWaitForSlot && holds_some();
  return next;
}

// Consumer thread.
void Pump::slot_armed() {
  if (!std::exchange(lacks_slot_, false)) return;
  const std::unique_lock<std::mutex> lock(reading_, std::try_to_lock);
  // Whoever reads now, or waits for this slot, finds what there is.
  if (!lock.owns_lock() || finished_ || channel_.producer_waits()) return;
  const Next next = hand_on_held(helpable_, Next::kRead);
  channel_.announce_held_back();
  note_unfinished();
  if (next == Next::kFinish && helpable_ != nullptr) source_.cancel(helpable_);
}

// Producer's side, when there is no data. The consumer is to know that a record has begun: it counts the time.
void Pump::note_unfinished() {
  const std::size_t length = framing_ != nullptr ? framing_->unfinished() : 0;
  if (std::exchange(unfinished_, length) == length) return;
  quiet_since_ns_ = monotonic_ns();
  if (length > 0) channel_.nudge();
}

// Consumer thread. In the producer's place, but without the source.
std::optional<uint64_t> Pump::flush(uint64_t quiet_ns) {
  const std::unique_lock<std::mutex> lock(reading_, std::try_to_lock);
  // Whoever reads now will tell again when there is nothing more.
  if (!lock.owns_lock() || finished_ || unfinished_ == 0 || framing_->unfinished() == 0) return std::nullopt;
  const uint64_t quiet_so_far = monotonic_ns() - quiet_since_ns_;
  if (quiet_so_far < quiet_ns) return quiet_ns - quiet_so_far;
  if (channel_.producer_waits()) return quiet_ns;  // the ring is full: there is enough to do
  if (!filling_) filling_ = channel_.try_acquire();
  if (!filling_) return quiet_ns;
  framing_->flush();
  unfinished_ = 0;
  hand_on_held(helpable_, Next::kRead);
  channel_.announce_held_back();
  return std::nullopt;
}

}  // namespace slipring
