// What becomes of a record that is not handed on as it was found with others: one that is longer than a slot or than it
// may be, or that what comes next cuts off.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "core/framing/framing.h"

namespace slipring {

namespace {

// No end of a record is longer.
constexpr std::size_t kLongestEnd = 16;

}  // namespace

// The next part of the record at the beginning of rest_, or all that is left of it.
int64_t Framing::hand_on(std::span<std::byte> into, slipring_chunk& chunk) {
  Single& single = *single_;
  const std::size_t room = data_room(into.size());
  const std::size_t left = single.end - single.begin;
  // What ends a record is not parted from it.
  const std::size_t length = left <= room ? left : std::min(room, single.content_end - single.begin);
  std::memcpy(into.data(), rest_.data() + single.begin, length);
  Place begin = place_;
  // What is decoded is shorter: then nobody knows where a part of it begins.
  if (single.consumed == single.end) begin.offset += single.begin;
  if (left > room) {
    single.begin += length;
    chunk.flags = SLIPRING_CHUNK_MORE;
    begin.give_to(chunk, single.consumed == single.end ? 0 : begin.offset);
    chunk.record_count = 0;
    return static_cast<int64_t>(length);
  }
  const uint32_t entry = static_cast<uint32_t>(single.content_end - single.begin) | single.flags;
  chunk.truncated = leaves_out_ ? 1 : 0;
  forget(single.consumed);
  single_.reset();
  return finish(into, length, {&entry, 1}, begin, chunk);
}

bool Framing::holds_some() const noexcept {
  return single_ || too_long_ || breaks_at_ || last_ || loss_follows_ || seen_ < rest_.size();
}

std::size_t Framing::unfinished() const noexcept {
  return holds_some() || leaves_out_ || !rules_.flushes || rest_.size() > rules_.longest ? 0 : rest_.size();
}

void Framing::flush() noexcept {
  const std::size_t length = rest_.size();
  single_ = Single{.content_end = length, .end = length, .consumed = length, .flags = Ends::kUnfinished};
}

// The record at the beginning of rest_ is longer than it may be.
int64_t Framing::cut(slipring_error& error) {
  too_long_ = false;
  if (rules_.long_records == Long::kFail) return fail(kTooLong, error);
  leaves_out_ = rules_.long_records == Long::kTruncate;
  single_ = Single{.content_end = rules_.longest, .end = rules_.longest, .consumed = rules_.longest};
  return kGoOn;
}

// There will be no more of the record at the beginning of rest_ than what comes before the break.
int64_t Framing::end_at_break(slipring_error& error) {
  const std::size_t length = *breaks_at_;
  if (length > 0 && !leaves_out_ && rules_.ends_with_source) {
    if (length > rules_.longest) return cut(error);
    single_ = Single{.content_end = length, .end = length, .consumed = length};
    return kGoOn;
  }
  if (length > 0 && !leaves_out_) missing_.add_record();
  forget(length);
  breaks_at_.reset();
  place_ = behind_place_;
  leaves_out_ = false;
  missing_.add(std::exchange(behind_break_, {}));
  return kGoOn;
}

// Leaves out what has come of a record that was cut.
void Framing::leave_out() {
  const std::optional<std::size_t> next = rules_.framer->next_record(rest_);
  // The end of it may have begun.
  const std::size_t length = next.value_or(rest_.size() - std::min(rest_.size(), kLongestEnd - 1));
  left_out_ += length;
  forget(length);
  leaves_out_ = !next;
  seen_ = next ? 0 : rest_.size();
}

int64_t Framing::fail(int32_t number, slipring_error& error) const {
  error.number = number;
  static_cast<void>(std::snprintf(error.text, sizeof error.text, "%llu", static_cast<unsigned long long>(position_)));
  return SLIPRING_FAILED;
}

}  // namespace slipring
