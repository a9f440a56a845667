// A record whose end does not come.
#include <mutex>

#include "core/clock.h"
#include "core/pump/fresh.h"
#include "core/pump/pump.h"

namespace slipring {

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
  auto chunk = fresh<slipring_chunk>();
  const auto length = static_cast<std::size_t>(framing_->flush(channel_.slot(*filling_).memory(), chunk));
  count_lost(chunk);
  publish(*filling_, length, chunk);
  filling_.reset();
  unfinished_ = 0;
  return std::nullopt;
}

}  // namespace slipring
