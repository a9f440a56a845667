// How records come into a slot, or into memory of our own when they are too long for one.
#include "core/framing/framing.h"

#include <algorithm>
#include <cstring>

#include "slipring/chunk.h"

namespace slipring {

namespace {

// How much is read at once of a record that is longer than a slot, if a slot is not larger.
constexpr std::size_t kSmallestPiece = 4096;
constexpr std::size_t kLargestPiece = std::size_t{256} * 1024;

}  // namespace

// How many bytes of so much memory are for data, so that there is room for the ends of an eighth more records than are
// usual: when the table is full the rest of the data becomes a small chunk.
std::size_t Framing::data_room(std::size_t size) const noexcept {
  const std::size_t usual = std::max<std::size_t>(size / (usual_size_ + sizeof(uint32_t)), 1);
  return (size - std::min(size / 2, (usual + usual / 8) * sizeof(uint32_t))) / 8 * 8;
}

int64_t Framing::read(const slipring_source& source, void* self, std::span<std::byte> into, slipring_chunk& chunk,
                      slipring_error& error) {
  missing_.add(std::exchange(behind_chunk_, {}));
  asked_ = false;
  int64_t result = kGoOn;
  while (result == kGoOn) result = step(source, self, into, chunk, error);
  missing_.give_to(chunk);
  promised_ = (chunk.flags & SLIPRING_CHUNK_MORE) != 0;
  return result;
}

// What comes first: what is here, in its order, before the source is asked for more.
int64_t Framing::step(const slipring_source& source, void* self, std::span<std::byte> into, slipring_chunk& chunk,
                      slipring_error& error) {
  if (single_) return hand_on(into, chunk);
  if (too_long_) return cut(error);
  if (breaks_at_) return end_at_break(error);
  if (leaves_out_) leave_out();
  const std::size_t room = data_room(into.size());
  if (seen_ < rest_.size()) return seen_ < room ? search(into, chunk) : search_long();
  if (std::exchange(loss_follows_, false)) {
    behind_break_.add_uncounted();
    breaks_at_ = rest_.size();
    return kGoOn;
  }
  if (last_) {
    error = failure_;
    return *last_;
  }
  return rest_.size() < room ? fill(source, self, into, chunk, error) : gather(source, self, into.size(), chunk, error);
}

// Reads into the slot until it holds the end of a record.
int64_t Framing::fill(const slipring_source& source, void* self, std::span<std::byte> into, slipring_chunk& chunk,
                      slipring_error& error) {
  const std::span<std::byte> data = into.first(data_room(into.size()));
  std::copy(rest_.begin(), rest_.end(), data.begin());
  for (std::size_t seen = rest_.size(); seen < data.size();) {
    const int64_t result = ask(source, self, data.subspan(seen), seen, chunk, error);
    const std::size_t length = seen + static_cast<std::size_t>(std::max<int64_t>(result, 0));
    if (result <= 0 || breaks_at_ || loss_follows_ || leaves_out_) {
      keep(data.first(length), seen);
      return result > 0 ? kGoOn : stop(result, error);
    }
    Ends ends = table_of(into);
    const Framed framed = rules_.framer->find(data.first(length), seen, ends);
    if (framed.consumed > 0 || framed.too_long) {
      const Place begin = place_;
      pass(framed.consumed);
      keep(data.subspan(framed.consumed, length - framed.consumed), searched(framed, ends, length));
      return take(framed, ends, begin, into, chunk);
    }
    seen = length;
  }
  keep(data, data.size());
  return kGoOn;
}

// Finds what records there are in memory of our own, as many as fit into the slot.
int64_t Framing::search(std::span<std::byte> into, slipring_chunk& chunk) {
  const std::size_t length = std::min(rest_.size(), data_room(into.size()));
  Ends ends = table_of(into);
  const Framed framed = rules_.framer->find(std::span(rest_).first(length), seen_, ends);
  const std::size_t seen = searched(framed, ends, length);
  if (ends.count() > 0) std::memcpy(into.data(), rest_.data(), framed.length);
  const Place begin = place_;
  forget(framed.consumed);
  seen_ = seen;
  return take(framed, ends, begin, into, chunk);
}

// Finds the end of a record that is longer than a slot.
int64_t Framing::search_long() {
  uint32_t entry = 0;
  Ends ends({&entry, 1});
  const Framed framed = rules_.framer->find(rest_, seen_, ends);
  too_long_ = framed.too_long;
  if (ends.count() > 0) {
    single_ = Single{.content_end = entry & Ends::kLargest,
                     .end = framed.length,
                     .consumed = framed.consumed,
                     .flags = entry & Ends::kReturn};
    return kGoOn;
  }
  if (framed.damaged > 0) missing_.add_record();
  const std::size_t seen = searched(framed, ends, rest_.size());
  forget(framed.consumed);
  seen_ = seen;
  return kGoOn;
}

// Reads on where there is more room than in a slot: as much again as there is, since the room is cleared first.
int64_t Framing::gather(const slipring_source& source, void* self, std::size_t slot_size, slipring_chunk& chunk,
                        slipring_error& error) {
  const std::size_t before = rest_.size();
  rest_.resize(before + std::max(slot_size, std::clamp(before, kSmallestPiece, kLargestPiece)));
  const int64_t result = ask(source, self, std::span(rest_).subspan(before), before, chunk, error);
  rest_.resize(before + static_cast<std::size_t>(std::max<int64_t>(result, 0)));
  return result > 0 ? kGoOn : stop(result, error);
}

// Asks for what follows the first `before` bytes of a record.
int64_t Framing::ask(const slipring_source& source, void* self, std::span<std::byte> into, std::size_t before,
                     slipring_chunk& chunk, slipring_error& error) {
  slipring_chunk renewed{};
  renewed.struct_size = sizeof renewed;
  renewed.hints = chunk.hints;
  chunk = renewed;
  // The source may wait now, and the consumer sleeps because the last chunk said that nobody would.
  if (promised_ && !has_more_) return SLIPRING_NOTHING;
  // A record that does not end must not keep whoever is in a hurry (Rule 11).
  if (std::exchange(asked_, true) && (chunk.hints & SLIPRING_HINT_PROMPT) != 0) return SLIPRING_NOTHING;
  const int64_t result = source.read(self, into.data(), into.size(), &chunk, &error);
  const bool is_lost = behind_break_.take_from(chunk);
  if (is_lost || (chunk.flags & SLIPRING_CHUNK_ANOTHER) != 0) breaks_at_ = before;
  if (result > 0) note_place(chunk, before);
  loss_follows_ = (chunk.flags & SLIPRING_CHUNK_LOSS_FOLLOWS) != 0;
  has_more_ = (chunk.flags & SLIPRING_CHUNK_MORE) != 0;
  chunk.flags = 0;
  chunk.end = 0;
  // Without bytes they are not the end.
  const bool is_empty = std::exchange(chunk.record_count, 0) > 0 && result == 0;
  return is_empty ? SLIPRING_NOTHING : result;
}

// Where the chunk is from that came behind the first `before` bytes of a record.
void Framing::note_place(const slipring_chunk& chunk, std::size_t before) {
  const Place place = Place::of(chunk);
  if (before == 0) place_ = place;
  place_.modified = place.modified;
  if (breaks_at_) behind_place_ = place;
}

// After a read that gave nothing. What is here is handed on before an end or a failure is told.
int64_t Framing::stop(int64_t result, slipring_error& error) {
  if (result == SLIPRING_NOTHING) return breaks_at_ ? kGoOn : result;
  last_ = result;
  failure_ = error;
  if (result != SLIPRING_END || breaks_at_) return kGoOn;
  // The last record, or a beginning of one.
  if (!rest_.empty() && !leaves_out_ && !rules_.ends_with_source) return fail(kIncomplete, error);
  breaks_at_ = rest_.size();
  return kGoOn;
}

// Puts the table behind the data, if there are records in the slot.
int64_t Framing::take(const Framed& framed, const Ends& ends, const Place& begin, std::span<std::byte> into,
                      slipring_chunk& chunk) {
  too_long_ = framed.too_long;
  if (ends.count() > 0) usual_size_ = std::max<std::size_t>(framed.length / ends.count(), 1);
  if (framed.damaged > 0) (ends.count() > 0 ? behind_chunk_ : missing_).add_record();
  return ends.count() > 0 ? finish(into, framed.length, ends.all(), begin, chunk) : kGoOn;
}

// `begin` is where they begin in their file; they end where what is here does.
int64_t Framing::finish(std::span<std::byte> into, std::size_t length, std::span<const uint32_t> ends,
                        const Place& begin, slipring_chunk& chunk) const {
  std::memcpy(into.data() + slipring_table_begin(length), ends.data(), ends.size_bytes());
  chunk.record_count = static_cast<uint32_t>(ends.size());
  chunk.record_size = sizeof(uint32_t);
  begin.give_to(chunk, place_.offset);
  if (has_more_) chunk.flags |= SLIPRING_CHUNK_MORE;
  return static_cast<int64_t>(length);
}

// What becomes of the table.
Ends Framing::table_of(std::span<const std::byte> into) {
  table_.resize((into.size() - data_room(into.size())) / sizeof(uint32_t));
  return Ends(table_);
}

// How many bytes of what `framed` has left of the first `length` need not be searched again.
std::size_t Framing::searched(const Framed& framed, const Ends& ends, std::size_t length) {
  const bool stopped = ends.full() || framed.damaged > 0 || framed.too_long;
  return stopped ? 0 : length - framed.consumed;
}

void Framing::keep(std::span<const std::byte> bytes, std::size_t seen) {
  rest_.assign(bytes.begin(), bytes.end());
  seen_ = seen;
}

// The first bytes of rest_ are done with.
void Framing::forget(std::size_t length) {
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(length));
  pass(length);
  seen_ -= std::min(seen_, length);
  if (breaks_at_) *breaks_at_ -= length;
}

// They are done with.
void Framing::pass(std::size_t length) noexcept {
  position_ += length;
  place_.offset += length;
}

}  // namespace slipring
