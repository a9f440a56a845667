// Makes chunks of whole records of what a source gives: it stands between the source's read and the pump. The table of
// their ends, a uint32 each, follows the data as that of every chunk with records does.
//
// A record that has not ended yet stays here, and begins the next chunk. One that is longer than a slot is gathered
// here, and handed on in parts: chunks without a table, and then its end in one with a single entry.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/framing/framer.h"
#include "core/framing/missing.h"
#include "core/framing/place.h"
#include "slipring/source.h"

namespace slipring {

// Producer's side of the pump.
class Framing {
 public:
  // What becomes of a record that is longer than it may be.
  enum class Long : uint8_t { kFail, kSplit, kTruncate };

  struct Rules {
    std::unique_ptr<const Framer> framer;
    std::size_t longest;    // record, 1 to Ends::kLargest; the framer knows it, too
    Long long_records;      // without an escape in them, to be split or cut
    bool ends_with_source;  // the last record needs no other end
    bool flushes = false;   // a record may be handed on that has not ended, if none of it comes for a while
  };

  // In slipring_error.number, instead of an errno. The text is where in the source's bytes the record begins.
  static constexpr int32_t kTooLong = -101;
  static constexpr int32_t kIncomplete = -102;

  explicit Framing(Rules rules) noexcept : rules_(std::move(rules)) {
    assert(rules_.longest > 0 && rules_.longest <= Ends::kLargest);
  }
  Framing(const Framing&) = delete;
  Framing& operator=(const Framing&) = delete;

  // As source.read, which it calls as often as it takes. Never 0 bytes but at the end, or with records.
  [[nodiscard]] int64_t read(const slipring_source& source, void* self, std::span<std::byte> into,
                             slipring_chunk& chunk, slipring_error& error);

  // Whether there is something for read that the source need not be asked for.
  [[nodiscard]] bool holds_some() const noexcept;
  // How many bytes were left out since the last call, because they belong to records that were cut.
  [[nodiscard]] uint64_t take_left_out() noexcept { return std::exchange(left_out_, 0); }
  // How much there is of a record whose end has not come, if that is all that is missing and it may be handed on so.
  [[nodiscard]] std::size_t unfinished() const noexcept;
  // Makes it one that read hands on as it is.
  void flush() noexcept;

 private:
  // One record that is handed on by itself, in parts if it must be. It is at the beginning of rest_.
  struct Single {
    std::size_t begin = 0;  // of what was not handed on yet
    std::size_t content_end = 0;
    std::size_t end = 0;       // with what ends it
    std::size_t consumed = 0;  // with what escapes took, too
    uint32_t flags = 0;        // of its entry
  };

  // Instead of what read returns: there is more to be done.
  static constexpr int64_t kGoOn = -3;

  int64_t step(const slipring_source& source, void* self, std::span<std::byte> into, slipring_chunk& chunk,
               slipring_error& error);
  int64_t fill(const slipring_source& source, void* self, std::span<std::byte> into, slipring_chunk& chunk,
               slipring_error& error);
  int64_t search(std::span<std::byte> into, slipring_chunk& chunk);
  int64_t search_long();
  int64_t gather(const slipring_source& source, void* self, std::size_t slot_size, slipring_chunk& chunk,
                 slipring_error& error);
  void note_place(const slipring_chunk& chunk, std::size_t before);
  int64_t ask(const slipring_source& source, void* self, std::span<std::byte> into, std::size_t before,
              slipring_chunk& chunk, slipring_error& error);
  int64_t stop(int64_t result, slipring_error& error);
  int64_t take(const Framed& framed, const Ends& ends, const Place& begin, std::span<std::byte> into,
               slipring_chunk& chunk);
  int64_t finish(std::span<std::byte> into, std::size_t length, std::span<const uint32_t> ends, const Place& begin,
                 slipring_chunk& chunk) const;
  [[nodiscard]] std::size_t data_room(std::size_t size) const noexcept;
  [[nodiscard]] Ends table_of(std::span<const std::byte> into);
  [[nodiscard]] static std::size_t searched(const Framed& framed, const Ends& ends, std::size_t length);
  void keep(std::span<const std::byte> bytes, std::size_t seen);
  void forget(std::size_t length);
  void pass(std::size_t length) noexcept;

  int64_t hand_on(std::span<std::byte> into, slipring_chunk& chunk);
  int64_t cut(slipring_error& error);
  int64_t end_at_break(slipring_error& error);
  void leave_out();
  int64_t fail(int32_t number, slipring_error& error) const;

  const Rules rules_;
  std::vector<std::byte> rest_;  // of what was read: it begins where a record does
  std::size_t seen_ = 0;         // in so many bytes of it there is no end of a record
  uint64_t position_ = 0;        // where rest_ begins in what the source gave
  Place place_;                  // and in its file
  std::vector<uint32_t> table_;
  std::size_t usual_size_ = 64;  // of a record, as in the last chunk

  Missing missing_;                       // before rest_
  Missing behind_chunk_;                  // behind what is handed on now
  Missing behind_break_;                  // where it breaks
  std::optional<std::size_t> breaks_at_;  // where in rest_ it does not go on: in so many bytes there is no end
  Place behind_place_;                    // where what comes then begins in its file
  std::optional<Single> single_;          // what is handed on now
  bool too_long_ = false;                 // the record that rest_ begins with is
  bool leaves_out_ = false;               // rest_ begins in the middle of a record that was cut
  uint64_t left_out_ = 0;                 // so many bytes of such records
  std::optional<int64_t> last_;           // what the source ended with
  slipring_error failure_{};              // if it has failed
  bool loss_follows_ = false;             // behind what was read last
  bool has_more_ = false;                 // the source's next read does not wait, as it says
  bool promised_ = false;                 // ours does not, as the last chunk said
  bool asked_ = false;                    // the source, since this read began
};

}  // namespace slipring
