#include "sources/push/sink.h"

#include <cerrno>
#include <chrono>
#include <cstring>

#include "slipring/chunk.h"
#include "sources/plugin/table.h"
#include "sources/support.h"

namespace slipring {

namespace {

// When the source pushes one piece after the other, the producer thread lets so much time pass: then it carries many.
constexpr std::chrono::milliseconds kGather{1};

uint64_t used_bytes(std::size_t length, const slipring_chunk& about) {
  return slipring_used_bytes(length, about.record_count, about.record_size);
}

}  // namespace

PushSink::~PushSink() {
  if (gate_ != nullptr) PushGate::give_back(gate_);
}

int PushSink::open(std::size_t largest, WhenFull when_full) noexcept {
  largest_ = largest;
  when_full_ = when_full;
  producer_ = std::this_thread::get_id();
  if (!ring_.allocate(largest)) return ENOMEM;
  gate_ = PushGate::take(*this);
  return gate_ != nullptr ? 0 : ENOMEM;
}

slipring_sink PushSink::abi() const noexcept {
  return {
      .struct_size = sizeof(slipring_sink),
      .reserved = 0,
      .host = gate_,
      .ticket = gate_->ticket(),
      .max_size = largest_,
      .acquire = acquire,
      .try_acquire = try_acquire,
      .commit = commit,
      .finish = finish,
  };
}

void PushSink::close() noexcept {
  if (gate_ == nullptr) return;
  cancel();
  if (gate_->close() == PushGate::Room::kAcquired) ring_.abandon();
}

void PushSink::cancel() noexcept {
  if (gate_ == nullptr) return;
  gate_->shut();
  cancelled_.store(true, std::memory_order_seq_cst);  // pairs with has_news() and wait_for_room()
  room_.wake();
  gate_->producer().wake();
}

// --- The source's thread ---

void* PushSink::acquire(const slipring_sink* sink, size_t size) noexcept { return make_room(*sink, size, true); }

void* PushSink::try_acquire(const slipring_sink* sink, size_t size) noexcept { return make_room(*sink, size, false); }

void* PushSink::make_room(const slipring_sink& sink, std::size_t size, bool may_wait) noexcept {
  auto* const gate = static_cast<PushGate*>(sink.host);
  if (gate == nullptr || !gate->enter(sink.ticket, PushGate::Room::kNone)) return nullptr;
  void* const room = gate->sink().reserve(size, may_wait);
  const bool has_ended = room == nullptr && gate->is_shut();
  gate->leave(room != nullptr ? PushGate::Room::kAcquired : PushGate::Room::kNone);
  if (has_ended) gate->producer().wake();
  return room;
}

void* PushSink::reserve(std::size_t size, bool may_wait) noexcept {
  if (size == 0 || size > largest_) {
    refuse("acquire was asked for no bytes, or for more than max_size");
    return nullptr;
  }
  if (void* const room = ring_.reserve(size)) return room;
  if (may_wait && when_full_ == WhenFull::kWait) return wait_for_room(size);
  ring_.add_lost(1, size);
  if (when_full_ == WhenFull::kFail) {
    gate_->shut();
    finished_.store(true, std::memory_order_seq_cst);  // pairs with read() and has_news()
  }
  return nullptr;
}

void* PushSink::wait_for_room(std::size_t size) noexcept {
  if (std::this_thread::get_id() == producer_) {
    refuse("acquire would wait for the thread that it was called on: start has to return");
    return nullptr;
  }
  void* room = nullptr;
  while (room == nullptr && !cancelled_.load(std::memory_order_seq_cst)) {  // pairs with cancel()
    room_.sleep([&] {
      room = ring_.reserve(size);
      return room != nullptr || cancelled_.load(std::memory_order_seq_cst);
    });
  }
  return room;
}

int32_t PushSink::commit(const slipring_sink* sink, size_t length, const slipring_chunk* about) noexcept {
  auto* const gate = static_cast<PushGate*>(sink->host);
  if (gate == nullptr || !gate->enter(sink->ticket, PushGate::Room::kAcquired)) return -1;
  PushSink& self = gate->sink();
  const bool is_put = !gate->is_shut() && self.put(length, about);
  const bool is_urgent = !is_put || self.ring_.half_full();
  gate->leave(PushGate::Room::kNone);
  gate->producer().wake(is_urgent);
  return is_put ? 0 : -1;
}

bool PushSink::put(std::size_t length, const slipring_chunk* about) noexcept {
  if (length > ring_.reserved() || (about != nullptr && used_bytes(length, *about) > ring_.reserved())) {
    refuse("commit was told of more bytes than were acquired");
    return false;
  }
  ring_.commit(length, about);
  return true;
}

void PushSink::finish(const slipring_sink* sink, const slipring_error* error) noexcept {
  auto* const gate = static_cast<PushGate*>(sink->host);
  if (gate == nullptr || !gate->enter(sink->ticket, PushGate::Room::kNone)) return;
  PushSink& self = gate->sink();
  if (error != nullptr) {
    self.failed_ = true;
    self.error_ = *error;
    make_presentable(self.error_);
  }
  gate->shut();
  self.finished_.store(true, std::memory_order_seq_cst);  // pairs with read() and has_news()
  gate->leave(PushGate::Room::kNone);
  gate->producer().wake();
}

void PushSink::refuse(const char* why) noexcept {
  gate_->shut();
  misuse_.store(why, std::memory_order_seq_cst);  // pairs with misuse()
}

// --- Producer thread ---

const char* PushSink::misuse() const noexcept {
  if (const char* const why = misuse_.load(std::memory_order_seq_cst)) return why;
  return gate_->was_misused() ? "acquire, commit and finish were called at the same time, or in a wrong order"
                              : nullptr;
}

int64_t PushSink::read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) noexcept {
  if (cancelled_.load(std::memory_order_seq_cst)) {
    static_cast<void>(tell(ring_.untold(), *chunk));
    return fail(error, ECANCELED, "read");
  }
  if (const char* const why = misuse()) return fail(error, PluginFault::kResult, why);
  // Looked at before the ring: what was committed is there by then.
  const bool finished = finished_.load(std::memory_order_seq_cst);
  if (ring_.front() != nullptr) return carry(into, chunk);
  return finished ? last_word(chunk, error) : SLIPRING_NOTHING;
}

// One read can say how many were lost, or that nobody knows. Whether the next one has to say the latter.
bool PushSink::tell(PushRing::Lost lost, slipring_chunk& chunk) noexcept {
  chunk.lost = lost.chunks == 0 && lost.uncounted != 0 ? SLIPRING_LOST_UNKNOWN : lost.chunks;
  chunk.lost_bytes = lost.bytes;
  return lost.chunks != 0 && lost.uncounted != 0;
}

// Less than a slot is asked for by whoever finds records in the bytes, and has no use for a table of others.
int64_t PushSink::carry_part(const PushRing::Entry& entry, std::span<std::byte> into, slipring_chunk* chunk) noexcept {
  const std::size_t length = std::min<std::size_t>(entry.length - given_, into.size());
  chunk->timestamp = entry.timestamp;
  chunk->user = entry.user;
  std::memcpy(into.data(), entry.data() + given_, length);
  given_ += length;
  if (given_ == entry.length) {
    given_ = 0;
    ++carried_;
    ring_.pop();
    if (ring_.has_room()) room_.wake();
  }
  if (ring_.front() != nullptr) chunk->flags |= SLIPRING_CHUNK_MORE;
  return static_cast<int64_t>(length);
}

int64_t PushSink::carry(std::span<std::byte> into, slipring_chunk* chunk) noexcept {
  const PushRing::Entry* entry = ring_.front();
  if (given_ > 0) return carry_part(*entry, into, chunk);
  const PushRing::Lost lost{.chunks = told_number_ ? 0 : entry->lost,
                            .bytes = told_number_ ? 0 : entry->lost_bytes,
                            .uncounted = entry->lost_uncounted};
  told_number_ = tell(lost, *chunk);
  if (told_number_) return SLIPRING_NOTHING;
  if (entry->used() > into.size()) return carry_part(*entry, into, chunk);
  chunk->timestamp = entry->timestamp;
  chunk->user = entry->user;
  chunk->record_count = entry->record_count;
  chunk->record_size = entry->record_size;
  chunk->truncated = entry->truncated;
  const bool is_chunk = entry->is_chunk != 0;
  std::size_t length = 0;
  do {
    std::memcpy(into.data() + length, entry->data(), entry->used());
    length += entry->length;
    ++carried_;
    ring_.pop();
    entry = ring_.front();
  } while (!is_chunk && entry != nullptr && entry->is_chunk == 0 && !entry->follows_loss() &&
           entry->length <= into.size() - length);
  if (entry != nullptr) chunk->flags |= SLIPRING_CHUNK_MORE;
  if (ring_.has_room()) room_.wake();
  return static_cast<int64_t>(length);
}

// Nothing is left, and nobody puts in anything any more.
int64_t PushSink::last_word(slipring_chunk* chunk, slipring_error* error) noexcept {
  if (tell(ring_.untold(), *chunk)) return SLIPRING_NOTHING;
  if (!failed_) return SLIPRING_END;
  *error = error_;
  return SLIPRING_FAILED;
}

bool PushSink::has_news() noexcept {
  return ring_.front() != nullptr || finished_.load(std::memory_order_seq_cst) ||
         cancelled_.load(std::memory_order_seq_cst) || misuse() != nullptr;
}

void PushSink::wait() noexcept {
  if (has_news()) return;
  pace_.count(carried_);
  carried_ = 0;
  Nap& nap = gate_->producer();
  if (pace_.busy()) {
    nap.doze(kGather,
             [&] { return finished_.load(std::memory_order_seq_cst) || cancelled_.load(std::memory_order_seq_cst); });
    if (has_news()) return;
  }
  nap.sleep([&] { return has_news(); });
}

}  // namespace slipring
