// How the pump asks a source for its next chunk, and what the answers mean.
#include <cerrno>

#include "core/pump/fresh.h"
#include "core/pump/pump.h"

namespace slipring {

// Producer's side. Asks the source once. What to do instead of handing `length` bytes on, or kRead.
Pump::Next Pump::read(void* self, std::span<std::byte> into, const Message* message, slipring_chunk& chunk,
                      std::size_t& length) {
  outcome_.error = fresh<slipring_error>();
  if (into.empty()) {
    outcome_.error.number = ENOMEM;
    return end_with(Outcome::Kind::kFailed);
  }
  chunk = fresh<slipring_chunk>();
  if (message != nullptr) chunk.hints |= SLIPRING_HINT_PROMPT;
  if (channel_.ready_count() > 0) chunk.hints |= SLIPRING_HINT_BEHIND;
  const int64_t result = framing_ != nullptr ? framing_->read(source_, self, into, chunk, outcome_.error)
                                             : source_.read(self, into.data(), into.size(), &chunk, &outcome_.error);
  const bool lost = count_lost(chunk);
  if (const uint64_t left_out = framing_ != nullptr ? framing_->take_left_out() : 0; left_out > 0) {
    channel_.skip(0, left_out);
    untold_ = true;
  }
  if (channel_.stopping()) return Next::kFinish;
  if (lost && overflow_ == Overflow::kStrict) return end_with(Outcome::Kind::kOverflowed);
  if (result == SLIPRING_NOTHING) {
    channel_.announce_held_back();
    return Next::kWaitForData;
  }
  unfinished_ = 0;
  if (result < 0) return end_with(Outcome::Kind::kFailed);
  if (result == SLIPRING_END && chunk.record_count == 0) return end_with(Outcome::Kind::kEnded);
  length = static_cast<std::size_t>(result);
  return Next::kRead;
}

}  // namespace slipring
