// Where a chunk goes that was read: it is a message, which needs no slot, or is published in one, or dropped.
#include <algorithm>
#include <cstring>

#include "core/pump/pump.h"

namespace slipring {

namespace {

// A longer chunk is not copied to be a message, so the place for one has as much room: it does for a piece, too. After
// a chunk of that length the next one gets a slot.
constexpr std::size_t kLarge = std::size_t{16} * 1024;

// Whether a chunk lies in the place for a message now, and not only in a slot.
bool copy(std::span<const std::byte> content, std::span<std::byte> place) {
  if (content.size() > std::min(place.size(), kLarge)) return false;
  std::memcpy(place.data(), content.data(), content.size());
  return true;
}

}  // namespace

// Producer's side. `content` lies in a slot, in the message's place, or where it cannot stay; `length` of it are data.
Pump::Next Pump::hand_over(std::span<const std::byte> content, std::size_t length, const slipring_chunk& chunk,
                           Message* message) {
  const bool is_message = message != nullptr && content.data() == message->place.data();
  // The parts of a record are put together from slots.
  const bool is_part = framing_ != nullptr && chunk.record_count == 0;
  // What is still here comes in slots: it must not pass this one.
  const bool is_whole = !is_part && !parts_before_ && !holds_some();
  const bool fits = !untold_ && is_whole && (framing_ != nullptr || chunk.record_count == 0);
  parts_before_ = is_part;
  if (is_message && !fits) {
    std::memcpy(channel_.slot(*filling_).data, content.data(), content.size());
  } else if (is_message || (message != nullptr && fits && filling_ && copy(content, message->place))) {
    pass(length, chunk, *message);
    return Next::kRead;
  }
  if (!filling_) filling_ = make_room(content);
  if (filling_) {
    publish(*filling_, length, chunk);
    filling_.reset();
    return Next::kRead;
  }
  channel_.drop(length, chunk.record_count);
  untold_ = true;
  return overflow_ == Overflow::kStrict ? end_with(Outcome::Kind::kOverflowed) : Next::kRead;
}

// Producer's side, on the consumer thread. Whether the next chunk may be read into `place`, which spares the copy. A
// packet must not be cut there; and what comes in large chunks is soon left to the thread.
bool Pump::replaces_slot(std::span<const std::byte> place, std::size_t slot_size) const {
  return !last_was_large_ && place.size() >= (in_pieces_ ? std::min(slot_size, kLarge) : slot_size);
}

// Producer's side, on the consumer thread. Gives it the chunk that lies in its place.
void Pump::pass(std::size_t length, const slipring_chunk& chunk, Message& message) {
  message.length = length;
  message.records = chunk.record_count;
  last_was_large_ = length >= kLarge;
  channel_.pass(length, chunk.record_count);
}

// Producer's side.
void Pump::publish(uint32_t index, std::size_t length, const slipring_chunk& chunk) {
  Slot& slot = channel_.slot(index);
  slot.length = length;
  slot.timestamp = chunk.timestamp;
  slot.user = chunk.user;
  slot.record_count = chunk.record_count;
  slot.record_size = chunk.record_size;
  slot.origin = origins_.of(chunk, length);
  slot_size_ = slot.size;
  last_was_large_ = length >= std::min(slot.size / 2, kLarge);
  untold_ = false;
  const bool more = (chunk.flags & SLIPRING_CHUNK_MORE) != 0;
  flows_.store(more, std::memory_order_relaxed);
  if (writing_.load(std::memory_order_relaxed)) {
    channel_.put(index);
  } else {
    channel_.publish(index, more);
  }
}

}  // namespace slipring
