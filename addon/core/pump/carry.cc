// What the producer thread not only reads but also writes: the bytes stay in the cache of one processor, and no other
// thread is woken for them.
#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "core/clock.h"
#include "core/pump/pump.h"
#include "core/ring/outlet.h"

namespace slipring {

namespace {

// What is read before it is written: it lies in the second-level cache then.
constexpr std::size_t kPiece = std::size_t{256} * 1024;

// After that the consumer is told how far it has come.
constexpr uint64_t kLongestCarryNs = 10'000'000;

// How many writes of one piece may write nothing, and fail with nothing either.
constexpr int kMostVain = 5;

}  // namespace

// Producer thread. Reads and writes until that time is over, something fails, or the source has nothing at hand. The
// slot comes back as an empty one that says how much was read and written.
Pump::Next Pump::carry(void* self) {
  Slot& slot = channel_.slot(*filling_);
  std::unique_ptr<Outlet> outlet = std::move(slot.outlet);
  const std::span<std::byte> into = slot.memory().first(std::min(slot.size, kPiece));
  const uint64_t until = monotonic_ns() + kLongestCarryNs;
  slipring_chunk chunk{};
  std::size_t length = 0;
  Next next = Next::kRead;
  slot.carried = Carried{.last = !at_hand_ || !outlet->takes_at_once()};
  while (!slot.carried.last && at_hand_) {
    next = read(self, into, nullptr, chunk, length);
    if (next != Next::kRead) break;
    at_hand_ = (chunk.flags & SLIPRING_CHUNK_MORE) != 0;
    slot.carried.read += length;
    slot.carried.error = write_all(*outlet, into.first(length), slot.carried.written);
    if (slot.carried.error != 0 || monotonic_ns() >= until) break;
  }
  outlet.reset();  // before anybody hears of it
  slot.carried.last = slot.carried.last || next == Next::kFinish;
  // Also when it was stopped: what was written was produced.
  publish(*filling_, slot.carried.read, {});
  filling_.reset();
  return next;
}

// Producer thread. Returns 0 or an errno. A stop ends it between two writes: whoever does not wait for this thread any
// more may close the file then (Rule 3).
int Pump::write_all(Outlet& outlet, std::span<const std::byte> bytes, uint64_t& written) {
  int vain = 0;
  while (!bytes.empty() && !channel_.stopping()) {
    const Outlet::Result result = outlet.write(bytes);
    if (result.error != 0 && result.error != EAGAIN) return result.error;
    vain = result.bytes == 0 ? vain + 1 : 0;
    if (vain > kMostVain) return EIO;
    written += result.bytes;
    bytes = bytes.subspan(result.bytes);
  }
  return 0;
}

}  // namespace slipring
