// What is read goes to a destination past the consumer, who need not be woken for each chunk. Whoever reads and writes
// on one thread finds the bytes in its cache.
#include <algorithm>
#include <utility>

#include "core/clock.h"
#include "core/pump/pump.h"

namespace slipring {

namespace {

// How long the consumer may know nothing of how far it came, or that it is to stop.
constexpr uint64_t kNewsNs = 5'000'000;

// In taken_to_write_: it is all.
constexpr uint64_t kAll = uint64_t{1} << 63;

// What is read at once stays in the cache until it is written.
constexpr std::size_t kPiece = std::size_t{256} * 1024;

}  // namespace

// Consumer thread.
void Pump::write_to(std::unique_ptr<Destination> destination) {
  destination_ = std::move(destination);
  taken_to_write_.store(0, std::memory_order_relaxed);  // carried by the next one
  writing_.store(true, std::memory_order_release);      // pairs with write_out()
  channel_.call_producer();
}

// Producer thread, before it reads on. What is ready goes first: each chunk becomes ready before it is written, so that
// what is not written is handed on as any other.
void Pump::write_out() {
  if (!writing_.load(std::memory_order_acquire)) return;  // pairs with write_to()
  for (;;) {
    const std::optional<uint32_t> index = channel_.take_back();
    if (!index) {
      if (!flows() || (taken_to_write_.load(std::memory_order_relaxed) & kAll) != 0) break;
      const uint64_t now = monotonic_ns();
      if (now - news_at_ns_ < kNewsNs) return;
      news_at_ns_ = now;
      return channel_.nudge();
    }
    const Slot& slot = channel_.slot(*index);
    const bool is_ours = take_to_write(slot.length);
    const std::size_t written = is_ours ? destination_->write({slot.data, slot.length}) : 0;
    const std::size_t rest = slot.length - written;
    channel_.count_written(written, rest == 0 ? 1 : 0);
    if (rest > 0) {
      if (is_ours) taken_to_write_.fetch_sub(rest, std::memory_order_relaxed);  // carried by end_writing()
      channel_.put_back(*index, written);
      break;
    }
    channel_.keep(*index);
  }
  end_writing();
}

// Producer thread. Whether so many more bytes may go to the destination: the consumer has not said before that it wants
// them. It knows at once which those are.
bool Pump::take_to_write(std::size_t length) noexcept {
  if (channel_.stopping()) return false;
  uint64_t taken = taken_to_write_.load(std::memory_order_relaxed);
  while ((taken & kAll) == 0) {
    if (taken_to_write_.compare_exchange_weak(taken, taken + length, std::memory_order_relaxed)) return true;
  }
  return false;
}

// Consumer thread.
uint64_t Pump::taken_to_write() const noexcept { return taken_to_write_.load(std::memory_order_relaxed) & ~kAll; }

// Consumer thread. Relaxed, as in take_to_write(): one of the two comes first, and nothing else depends on it.
void Pump::stop_writing() noexcept { taken_to_write_.fetch_or(kAll, std::memory_order_relaxed); }

// Producer's side.
std::span<std::byte> Pump::room_in(std::span<std::byte> slot) const noexcept {
  return writing_.load(std::memory_order_relaxed) ? slot.first(std::min(slot.size(), kPiece)) : slot;
}

// Consumer thread.
bool Pump::is_writing() noexcept {
  const bool ended = channel_.listen_for_finish();            // first: what changes from now on rings
  return !ended && writing_.load(std::memory_order_acquire);  // pairs with end_writing()
}

// Producer thread.
void Pump::end_writing() {
  if (!writing_.load(std::memory_order_relaxed)) return;
  destination_.reset();
  writing_.store(false, std::memory_order_release);  // pairs with is_writing()
  channel_.nudge();
}

}  // namespace slipring
