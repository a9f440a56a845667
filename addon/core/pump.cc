#include "core/pump.h"

namespace slipring {

namespace {

slipring_error no_error() {
  slipring_error error{};
  error.struct_size = sizeof error;
  return error;
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
  channel_.opened(source_.descriptor != nullptr ? source_.descriptor(self) : -1);
  outcome = fill_slots(self);
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
Outcome Pump::fill_slots(void* self) {
  Outcome outcome;
  while (const std::optional<uint32_t> index = channel_.acquire()) {
    Slot& slot = channel_.slot(*index);
    slipring_chunk chunk{};
    chunk.struct_size = sizeof chunk;
    outcome.error = no_error();
    const int64_t length = source_.read(self, slot.data, slot.size, &chunk, &outcome.error);
    // What a cancelled read returned is of no interest: nobody will take it.
    if (channel_.stopping()) break;
    if (length <= 0) {
      outcome.kind = length == 0 ? Outcome::Kind::kEnded : Outcome::Kind::kFailed;
      return outcome;
    }
    slot.length = static_cast<std::size_t>(length);
    slot.timestamp = chunk.timestamp;
    slot.user = chunk.user;
    slot.record_count = chunk.record_count;
    channel_.publish(*index, (chunk.flags & SLIPRING_CHUNK_MORE) != 0);
  }
  outcome.kind = Outcome::Kind::kStopped;
  return outcome;
}

// Any thread.
void Pump::request_stop() {
  channel_.stop();
  const std::lock_guard<std::mutex> lock(cancel_mutex_);
  if (cancellable_ != nullptr) source_.cancel(cancellable_);
}

}  // namespace slipring
