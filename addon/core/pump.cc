#include "core/pump.h"

#include <cerrno>
#include <cstring>
#include <new>

namespace slipring {

namespace {

slipring_error no_error() {
  slipring_error error{};
  error.struct_size = sizeof error;
  return error;
}

// How much of a slot holds something: the data, and behind it the table of the records.
std::size_t used(int64_t length, const slipring_chunk& chunk) {
  const auto bytes = static_cast<std::size_t>(length);
  if (chunk.record_count == 0) return bytes;
  return (bytes + 7) / 8 * 8 + std::size_t{chunk.record_count} * chunk.record_size;
}

}  // namespace

// Producer thread.
void Pump::run(const slipring_options& options) {
  Outcome outcome;
  outcome.error = no_error();
  void* self = nullptr;
  if (source_.open(&options, &self, &outcome.error) != 0) {
    outcome.kind = Outcome::Kind::kFailed;
    channel_.finish(outcome);
    return;
  }
  set_cancellable(self);
  channel_.opened(source_.descriptor != nullptr ? source_.descriptor(self) : -1,
                  source_.name != nullptr ? source_.name(self) : "");
  fill_slots(self, outcome);
  // What a cancelled source said is of no interest: nobody will take it.
  if (channel_.stopping()) {
    outcome.kind = Outcome::Kind::kStopped;
    count_last_losses(self);
  }
  set_cancellable(nullptr);
  source_.close(self);
  channel_.finish(outcome);
}

// Producer thread. A stop that came before this is seen by fill_slots(), one that comes later finds the source here.
void Pump::set_cancellable(void* self) {
  const std::lock_guard<std::mutex> lock(cancel_mutex_);
  cancellable_ = self;
}

// Producer thread.
void Pump::fill_slots(void* self, Outcome& outcome) {
  while (!channel_.stopping()) {
    std::optional<uint32_t> index = channel_.try_acquire();
    if (!index) {
      // Without a slot: nobody needs one before there is data.
      if (!wait_for_data(self, outcome)) return;
      index = overflow_ == Overflow::kBlock ? channel_.acquire() : channel_.try_acquire();
      if (channel_.stopping()) return;
    }
    const std::span<std::byte> into = index ? channel_.slot(*index).memory() : scratch();
    if (into.empty()) {
      outcome.kind = Outcome::Kind::kFailed;
      outcome.error.number = ENOMEM;
      return;
    }
    slipring_chunk chunk{};
    const int64_t length = read(self, into, chunk, outcome.error);
    if (channel_.stopping()) return;
    outcome.kind = length < 0 ? Outcome::Kind::kFailed : Outcome::Kind::kEnded;
    if (length < 0 || (length == SLIPRING_END && chunk.record_count == 0)) return;
    if (!index) index = make_room(into.first(used(length, chunk)));
    if (index) {
      publish(*index, static_cast<std::size_t>(length), chunk);
      continue;
    }
    channel_.drop(static_cast<std::size_t>(length), chunk.record_count);
    outcome.kind = Outcome::Kind::kOverflowed;
    if (overflow_ == Overflow::kStrict) return;
  }
}

// Producer thread. False when the source failed.
bool Pump::wait_for_data(void* self, Outcome& outcome) const {
  outcome.error = no_error();
  if (source_.wait == nullptr || source_.wait(self, &outcome.error) == 0) return true;
  outcome.kind = Outcome::Kind::kFailed;
  return false;
}

// Producer thread, after a stop. Records may have been lost while the thread waited for a slot, and so read nothing.
void Pump::count_last_losses(void* self) {
  if (source_.wait == nullptr) return;  // whoever loses records can wait without a slot
  source_.cancel(self);                 // the stop may have come before there was anything to cancel
  std::byte nothing{};
  slipring_chunk chunk{};
  chunk.struct_size = sizeof chunk;
  slipring_error error = no_error();
  static_cast<void>(source_.read(self, &nothing, sizeof nothing, &chunk, &error));
  channel_.count_lost(chunk.lost, chunk.truncated);
}

// Producer thread. A slot for what was read while none was free. Nothing when there is none.
std::optional<uint32_t> Pump::make_room(std::span<const std::byte> content) {
  std::optional<uint32_t> index = channel_.try_acquire();
  // When the consumer itself holds every slot, there is no older chunk to drop.
  if (!index && overflow_ == Overflow::kDropOldest) index = channel_.reclaim_oldest();
  if (index) std::memcpy(channel_.slot(*index).data, content.data(), content.size());
  return index;
}

// Producer thread.
void Pump::publish(uint32_t index, std::size_t length, const slipring_chunk& chunk) {
  Slot& slot = channel_.slot(index);
  slot.length = length;
  slot.timestamp = chunk.timestamp;
  slot.user = chunk.user;
  slot.record_count = chunk.record_count;
  slot.record_size = chunk.record_size;
  slot_size_ = slot.size;
  channel_.publish(index, (chunk.flags & SLIPRING_CHUNK_MORE) != 0);
}

// Producer thread.
int64_t Pump::read(void* self, std::span<std::byte> into, slipring_chunk& chunk, slipring_error& error) {
  int64_t result = SLIPRING_NOTHING;
  while (result == SLIPRING_NOTHING && !channel_.stopping()) {
    chunk = {};
    chunk.struct_size = sizeof chunk;
    if (channel_.ready_count() > 0) chunk.hints |= SLIPRING_HINT_BEHIND;
    error = no_error();
    result = source_.read(self, into.data(), into.size(), &chunk, &error);
    channel_.count_lost(chunk.lost, chunk.truncated);
  }
  return result;
}

// Producer thread. Empty when there is no memory.
std::span<std::byte> Pump::scratch() {
  if (scratch_ == nullptr) scratch_.reset(new (std::nothrow) std::byte[slot_size_]);
  return {scratch_.get(), scratch_ != nullptr ? slot_size_ : 0};
}

// Any thread.
void Pump::request_stop() {
  channel_.stop();
  const std::lock_guard<std::mutex> lock(cancel_mutex_);
  if (cancellable_ != nullptr) source_.cancel(cancellable_);
}

}  // namespace slipring
