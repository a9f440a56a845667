#include "core/pump/pump.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <new>
#include <thread>

#include "core/clock.h"
#include "core/pump/fresh.h"

namespace slipring {

namespace {

// While the consumer reads by itself, the producer thread keeps out of its way, until it has not for this long.
constexpr auto kRest = std::chrono::milliseconds(50);

// A longer chunk is not copied to be a message, so the place for one has as much room: it does for a piece, too. After
// a chunk of that length the next one gets a slot.
constexpr std::size_t kLarge = std::size_t{16} * 1024;

// When the consumer has read this often, each time so soon after the last and so much, or half a slot, there is more
// than messages: then a thread that copies while the other one works is quicker. Terminals give less at a time.
constexpr uint64_t kFloodNs = 200'000;
constexpr uint32_t kFloodReads = 8;

// How much of a slot holds something: the data, and behind it the table of the records.
std::size_t used(std::size_t length, const slipring_chunk& chunk) {
  if (chunk.record_count == 0) return length;
  return (length + 7) / 8 * 8 + std::size_t{chunk.record_count} * chunk.record_size;
}

// Whether a chunk lies in the place for a message now, and not only in a slot.
bool copy(std::span<const std::byte> content, std::span<std::byte> place) {
  if (content.size() > std::min(place.size(), kLarge)) return false;
  std::memcpy(place.data(), content.data(), content.size());
  return true;
}

}  // namespace

// Producer thread.
void Pump::run(const slipring_options& options) {
  outcome_.error = fresh<slipring_error>();
  void* self = nullptr;
  if (source_.open(&options, &self, &outcome_.error) != 0) {
    outcome_.kind = Outcome::Kind::kFailed;
    channel_.finish(outcome_);
    return;
  }
  set_cancellable(self);
  channel_.opened(source_.descriptor != nullptr ? source_.descriptor(self) : -1,
                  source_.name != nullptr ? source_.name(self) : "");
  fill_slots(self);
  // What a source that was cancelled says is of no interest, but what it lost.
  if (channel_.stopping()) {
    outcome_.kind = Outcome::Kind::kStopped;
    count_last_losses(self);
  }
  set_cancellable(nullptr);
  source_.close(self);
  channel_.finish(outcome_);
}

// Producer thread. A stop that came before this is seen by fill_slots(), one that comes later finds the source here.
void Pump::set_cancellable(void* self) {
  const std::lock_guard<std::mutex> lock(cancel_mutex_);
  cancellable_ = self;
}

// Producer thread.
void Pump::fill_slots(void* self) {
  for (;;) {
    Next next = Next::kRead;
    {
      const std::lock_guard<std::mutex> lock(reading_);
      if (takes_help()) helpable_ = self;
      // Also in the middle of a flow the consumer gets its turn. Relaxed: one step more or less does not matter.
      next = step(self);
      while (next == Next::kRead && !keeps_out_.load(std::memory_order_relaxed)) next = step(self);
      if (next == Next::kFinish) {
        helpable_ = nullptr;
        return;
      }
    }
    if (next != Next::kRead) wait(self, next);
    if (next != Next::kWaitForSlot) rest();
  }
}

// Producer's side. Reads once, into a slot if there is one. With a `message` it must not wait.
Pump::Next Pump::step(void* self, Message* message) {
  if (finished_ || channel_.stopping()) return Next::kFinish;
  if (!filling_) filling_ = channel_.try_acquire();
  if (!filling_ && may_wait()) return Next::kWaitForSlot;
  if (filling_ && channel_.slot(*filling_).outlet != nullptr) return carry(self);
  const bool is_message =
      message != nullptr && !untold_ && filling_ && replaces_slot(message->place, channel_.slot(*filling_).size);
  const std::span<std::byte> slot = filling_ ? channel_.slot(*filling_).memory() : scratch();
  const std::span<std::byte> into =
      is_message ? message->place.first(std::min(message->place.size(), slot.size())) : slot;
  slipring_chunk chunk{};
  std::size_t length = 0;
  if (const Next next = read(self, into, message, chunk, length); next != Next::kRead) return next;
  at_hand_ = (chunk.flags & SLIPRING_CHUNK_MORE) != 0;
  in_pieces_ = (chunk.flags & SLIPRING_CHUNK_PIECE) != 0;
  const Next next = hand_over(into.first(used(length, chunk)), length, chunk, message);
  return (chunk.flags & SLIPRING_CHUNK_LOSS_FOLLOWS) != 0 ? lose_behind(next) : next;
}

// Producer's side. `content` lies in a slot, in the message's place, or where it cannot stay; `length` of it are data.
Pump::Next Pump::hand_over(std::span<const std::byte> content, std::size_t length, const slipring_chunk& chunk,
                           Message* message) {
  const bool is_message = message != nullptr && content.data() == message->place.data();
  const bool may_copy = message != nullptr && !untold_ && filling_ && chunk.record_count == 0;
  if (is_message && untold_) {
    std::memcpy(channel_.slot(*filling_).data, content.data(), length);
  } else if (is_message || (may_copy && copy(content, message->place))) {
    pass(length, *message);
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

// Producer's side.
Pump::Next Pump::end_with(Outcome::Kind kind) {
  outcome_.kind = kind;
  finished_ = true;
  return Next::kFinish;
}

// Producer thread. For data in any case: nobody needs a slot before there is some.
void Pump::wait(void* self, Next next) {
  if (next == Next::kWaitForData) had_nothing_.store(true, std::memory_order_relaxed);  // a hint
  auto error = fresh<slipring_error>();
  const bool failed = source_.wait != nullptr && source_.wait(self, &error) != 0;
  {
    const std::lock_guard<std::mutex> lock(reading_);
    if (failed && !finished_) {
      outcome_.error = error;
      end_with(Outcome::Kind::kFailed);
    }
    // Help may have found a slot meanwhile, and kept it.
    if (finished_ || next != Next::kWaitForSlot || filling_) return;
    channel_.begin_wait();
  }
  channel_.wait_for_slot();
}

// Producer thread, when there is data. Leaves it to a consumer that has promised to read, as long as it does; if it
// does not, the thread reads on until there is nothing.
void Pump::rest() {
  std::unique_lock<std::mutex> lock(rest_mutex_);
  while (help_promised_) {
    const uint64_t reads = helped_.load(std::memory_order_relaxed);  // a hint: nothing depends on its order
    rest_over_.wait_for(lock, kRest, [&] { return !help_promised_; });
    const bool helps = help_promised_ && helped_.load(std::memory_order_relaxed) != reads;
    keeps_out_.store(helps, std::memory_order_relaxed);
    if (!helps) return;
  }
}

// Consumer thread.
void Pump::promise_help() {
  const std::lock_guard<std::mutex> lock(rest_mutex_);
  help_promised_ = true;
  keeps_out_.store(true, std::memory_order_relaxed);
}

// Any thread.
void Pump::stop_helping() {
  {
    const std::lock_guard<std::mutex> lock(rest_mutex_);
    help_promised_ = false;
    keeps_out_.store(false, std::memory_order_relaxed);
  }
  rest_over_.notify_one();
}

// Consumer thread. Nobody else announces anything meanwhile: that is the producer's side.
Pump::Help Pump::help(std::span<std::byte> place) {
  const std::unique_lock<std::mutex> lock(reading_, std::try_to_lock);
  if (!lock.owns_lock()) {
    // Whoever reads may have been put off its processor, by the wake-up of this thread for example.
    std::this_thread::yield();
    return {.in_turn = false};
  }
  if (helpable_ == nullptr || finished_) return {.useful = false};
  // It would sleep on if we took the slot that it waits for, and kept it.
  if (channel_.producer_waits()) return {.was_needed = false};
  channel_.listen(false);
  // No chunk may pass those that are ready.
  Message message{.place = channel_.ready_count() > 0 ? std::span<std::byte>() : place};
  const Next next = step(helpable_, &message);
  Help help{.message = message.length, .published = channel_.ready_count() > 0};
  if (!help.published) channel_.listen(true);
  if (next == Next::kWaitForData) {
    help.useful = false;  // somebody else was quicker, or the source cannot promise not to wait
    return help;
  }
  const uint64_t now = monotonic_ns();
  in_a_row_ = now - helped_at_ns_ < kFloodNs && last_was_large_ ? in_a_row_ + 1 : 0;
  helped_at_ns_ = now;
  helped_.fetch_add(1, std::memory_order_relaxed);
  if (next == Next::kRead && in_a_row_ < kFloodReads) return help;
  // From here on the producer thread has to see to it.
  in_a_row_ = 0;
  if (next == Next::kFinish) source_.cancel(helpable_);
  help.useful = false;
  return help;
}

// Producer's side, on the consumer thread. Whether the next chunk may be read into `place`, which spares the copy. A
// packet must not be cut there; and what comes in large chunks is soon left to the thread.
bool Pump::replaces_slot(std::span<const std::byte> place, std::size_t slot_size) const {
  return !last_was_large_ && place.size() >= (in_pieces_ ? std::min(slot_size, kLarge) : slot_size);
}

// Producer's side, on the consumer thread. Gives it the chunk that lies in its place.
void Pump::pass(std::size_t length, Message& message) {
  message.length = length;
  last_was_large_ = length >= kLarge;
  channel_.pass(length);
}

// Producer's side. A slot for what was read while none was free. Nothing when there is none.
std::optional<uint32_t> Pump::make_room(std::span<const std::byte> content) {
  std::optional<uint32_t> index = channel_.try_acquire();
  // When the consumer itself holds every slot, there is no older chunk to drop.
  if (!index && overflow_ == Overflow::kDropOldest) index = channel_.reclaim_oldest();
  if (index) std::memcpy(channel_.slot(*index).data, content.data(), content.size());
  return index;
}

// Producer's side.
void Pump::publish(uint32_t index, std::size_t length, const slipring_chunk& chunk) {
  Slot& slot = channel_.slot(index);
  slot.length = length;
  slot.timestamp = chunk.timestamp;
  slot.user = chunk.user;
  slot.record_count = chunk.record_count;
  slot.record_size = chunk.record_size;
  slot_size_ = slot.size;
  last_was_large_ = length >= std::min(slot.size / 2, kLarge);
  untold_ = false;
  channel_.publish(index, (chunk.flags & SLIPRING_CHUNK_MORE) != 0);
}

// Producer's side. Empty when there is no memory.
std::span<std::byte> Pump::scratch() {
  if (scratch_ == nullptr) scratch_.reset(new (std::nothrow) std::byte[slot_size_]);
  return {scratch_.get(), scratch_ != nullptr ? slot_size_ : 0};
}

// Any thread.
void Pump::request_stop() {
  channel_.stop();
  stop_helping();
  const std::lock_guard<std::mutex> lock(cancel_mutex_);
  if (cancellable_ != nullptr) source_.cancel(cancellable_);
}

}  // namespace slipring
