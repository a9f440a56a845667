// What a source says never reached it.
#include <cstddef>

#include "core/pump/pump.h"

namespace slipring {

// Producer thread, after a stop. Records may have been lost while the thread waited for a slot, and so read nothing.
void Pump::count_last_losses(void* self) {
  if (source_.wait == nullptr) return;  // whoever loses records can wait without a slot
  source_.cancel(self);                 // the stop may have come before there was anything to cancel
  std::byte nothing{};
  slipring_chunk chunk{};
  chunk.struct_size = sizeof chunk;
  slipring_error error{};
  error.struct_size = sizeof error;
  static_cast<void>(source_.read(self, &nothing, sizeof nothing, &chunk, &error));
  count_lost(chunk);
}

Channel::Lost Pump::what_is_lost(const slipring_chunk& chunk) const {
  if ((chunk.flags & SLIPRING_CHUNK_LOST_FILES) != 0) return Channel::Lost::kFiles;
  return framing_ != nullptr ? Channel::Lost::kRecords : Channel::Lost::kChunks;
}

// Producer's side. Whether there was a chunk that never reached the source.
bool Pump::count_lost(const slipring_chunk& chunk) {
  const bool are_records = (source_.flags & SLIPRING_SOURCE_RECORDS) != 0;
  channel_.count_lost(are_records ? chunk.lost : 0, chunk.truncated);
  if (are_records) return false;
  const bool is_counted = chunk.lost != SLIPRING_LOST_UNKNOWN;
  if (!is_counted) channel_.skip_uncounted();
  channel_.skip(is_counted ? chunk.lost : 0, chunk.lost_bytes, what_is_lost(chunk));
  if (chunk.lost == 0 && chunk.lost_bytes == 0) return false;
  untold_ = true;
  return true;
}

// Producer's side, after a chunk behind which something was lost. What to do next, if that is no reason to stop.
Pump::Next Pump::lose_behind(Next next) {
  channel_.skip_uncounted();
  untold_ = true;
  return overflow_ == Overflow::kStrict && !finished_ ? end_with(Outcome::Kind::kOverflowed) : next;
}

}  // namespace slipring
