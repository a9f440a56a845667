// The loop.
#include "core/pump/pump.h"

#include "core/pump/fresh.h"
#include "slipring/chunk.h"

namespace slipring {

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
  end_writing();
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
    bool at_hand = false;
    {
      const std::lock_guard<std::mutex> lock(reading_);
      if (takes_help()) helpable_ = self;
      // Also in the middle of a flow the consumer gets its turn. Relaxed: one step more or less does not matter.
      do {
        write_out();
        next = step(self);
      } while (next == Next::kRead && (holds_some() || !keeps_out_.load(std::memory_order_relaxed)));
      at_hand = holds_some();
      if (next == Next::kWaitForData || next == Next::kWaitForSlot) note_unfinished();
      if (next == Next::kFinish) {
        helpable_ = nullptr;
        return;
      }
    }
    if (next != Next::kRead) wait(self, next, at_hand);
    if (next != Next::kWaitForSlot) rest();
  }
}

// Producer's side. Reads once, into a slot if there is one. With a `message` it must not wait.
Pump::Next Pump::step(void* self, Message* message) {
  if (finished_ || channel_.stopping()) return Next::kFinish;
  if (!filling_) filling_ = channel_.try_acquire();
  if (!filling_ && may_wait()) return Next::kWaitForSlot;
  const bool is_message =
      message != nullptr && !untold_ && filling_ && replaces_slot(message->place, channel_.slot(*filling_).size);
  const std::span<std::byte> slot = filling_ ? room_in(channel_.slot(*filling_).memory()) : scratch();
  const std::span<std::byte> into =
      is_message ? message->place.first(std::min(message->place.size(), slot.size())) : slot;
  slipring_chunk chunk{};
  std::size_t length = 0;
  if (const Next next = read(self, into, message, chunk, length); next != Next::kRead) return next;
  in_pieces_ = (chunk.flags & SLIPRING_CHUNK_PIECE) != 0;
  const auto used = slipring_used_bytes(length, chunk.record_count, chunk.record_size);
  const Next next = hand_over(into.first(used), length, chunk, message);
  return (chunk.flags & SLIPRING_CHUNK_LOSS_FOLLOWS) != 0 ? lose_behind(next) : next;
}

// Producer's side.
Pump::Next Pump::end_with(Outcome::Kind kind) {
  outcome_.kind = kind;
  finished_ = true;
  flows_.store(false, std::memory_order_relaxed);  // a hint
  return Next::kFinish;
}

// Producer thread. For data in any case: nobody needs a slot before there is some. The source does not know what is
// `at_hand` here.
void Pump::wait(void* self, Next next, bool at_hand) {
  if (next == Next::kWaitForData) had_nothing_.store(true, std::memory_order_relaxed);  // a hint
  auto error = fresh<slipring_error>();
  const bool failed = !at_hand && source_.wait != nullptr && source_.wait(self, &error) != 0;
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

// Any thread.
void Pump::request_stop() {
  channel_.stop();
  stop_helping();
  const std::lock_guard<std::mutex> lock(cancel_mutex_);
  if (cancellable_ != nullptr) source_.cancel(cancellable_);
}

}  // namespace slipring
