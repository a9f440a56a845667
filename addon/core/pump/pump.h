// The producer loop: the only place that calls a source. It opens it, fills free slots from it until the end, an error
// or a stop, and closes it, all on the producer thread. What happens when no slot is free is decided here.
//
// Where a source allows it, the consumer thread may read in the producer's place, see help(): to be woken by the data
// itself takes half as long as to be woken by a thread that was.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "core/framing/framing.h"
#include "core/pump/destination.h"
#include "core/pump/origins.h"
#include "core/ring/channel.h"
#include "slipring/source.h"

namespace slipring {

// What becomes of data that meets a full ring.
enum class Overflow : uint8_t { kBlock, kDropOldest, kDropNewest, kStrict };

class Pump {
 public:
  Pump(const slipring_source& source, Channel& channel, Overflow overflow = Overflow::kBlock)
      : source_(source), channel_(channel), overflow_(overflow) {}
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  // Before run(), on any thread. Chunks are to be whole records.
  void frame(std::unique_ptr<Framing> framing) noexcept { framing_ = std::move(framing); }

  // Producer thread, once. Returns when the source is closed and the channel finished.
  void run(const slipring_options& options);

  // Any thread. Whether help() can ever be of use.
  [[nodiscard]] bool takes_help() const noexcept { return (source_.flags & SLIPRING_SOURCE_READ_ANYWHERE) != 0; }

  // Any thread. Whether the source was ever without data. To ask the system whether one has some that never was may
  // take long: a file system of somebody else's program answers.
  [[nodiscard]] bool has_had_nothing() const noexcept { return had_nothing_.load(std::memory_order_relaxed); }

  struct Help {
    std::size_t message = 0;  // the length of a chunk that lies in `place`
    uint32_t records = 0;     // whose ends are in the table behind it
    uint64_t read_at = 0;     // when that was read; nanoseconds, CLOCK_MONOTONIC
    bool published = false;   // there is a chunk to take, for which the bell does not ring
    bool useful = true;       // false: not for a while
    bool was_needed = true;   // false: the producer thread waits for a slot, and reads first
    bool in_turn = true;      // false: it is reading just now; if it was promised help, the next read is not its own
  };
  // Consumer thread, when it knows that there is data and has nothing else to do. Reads once, and does not wait. A
  // chunk that fits goes to `place`, and needs no slot: without a copy, where there is room for as much as in a slot,
  // or enough for pieces.
  [[nodiscard]] Help help(std::span<std::byte> place = {});
  // Consumer thread. Until stop_helping() it will help as soon as there is data: the producer thread leaves it that
  // much time.
  void promise_help();
  // Consumer thread. Hands on what there is of a record to which nothing was added for so long. Otherwise how much
  // longer that may take; nothing when there is no such record.
  [[nodiscard]] std::optional<uint64_t> flush(uint64_t quiet_ns);
  // Consumer thread, when a slot has got memory: for what help has found, and had no slot for.
  void slot_armed();
  // Any thread. The producer thread must not rely on help.
  void stop_helping();

  // Any thread. Whether the next chunk follows without delay, as the source has said of the last one.
  [[nodiscard]] bool flows() const noexcept { return flows_.load(std::memory_order_relaxed); }

  // Consumer thread, who takes nothing until is_writing() is false. What is ready, and what is read from now on, goes
  // to the destination. Of chunks of bytes, while the source does not wait. The bell rings now and then, and at the
  // end, for who listens: is_writing() does.
  void write_to(std::unique_ptr<Destination> destination);
  // Consumer thread. False when the destination takes no more, the source waits or has ended, or after
  // stop_writing().
  [[nodiscard]] bool is_writing() noexcept;
  // Consumer thread. How many bytes have been taken for the destination so far. The last ones may not be written yet;
  // if they are refused, there are fewer when is_writing() is false.
  [[nodiscard]] uint64_t taken_to_write() const noexcept;
  // Consumer thread. No more are taken. Makes is_writing() false soon; does not wait for it.
  void stop_writing() noexcept;
  // Consumer thread, when the producer thread has ended.
  void forget_destination() noexcept { destination_.reset(); }

  // Any thread, any number of times. Makes run() return soon; does not wait for it.
  void request_stop();

 private:
  // What to do after a step.
  enum class Next : uint8_t { kRead, kWaitForData, kWaitForSlot, kFinish };

  void fill_slots(void* self);
  // A chunk that the consumer has asked for while nothing is ready: if it fits into `place` it needs no slot.
  struct Message {
    std::span<std::byte> place;
    std::size_t length = 0;
    uint32_t records = 0;
  };
  // Whether a full ring is no loss: what comes stays where it is.
  [[nodiscard]] bool may_wait() const noexcept {
    return overflow_ == Overflow::kBlock || (source_.flags & SLIPRING_SOURCE_CAN_WAIT) != 0;
  }
  Next step(void* self, Message* message = nullptr);
  Next read(void* self, std::span<std::byte> into, const Message* message, slipring_chunk& chunk, std::size_t& length);
  Next hand_over(std::span<const std::byte> content, std::size_t length, const slipring_chunk& chunk, Message* message);
  [[nodiscard]] bool replaces_slot(std::span<const std::byte> place, std::size_t slot_size) const;
  void pass(std::size_t length, const slipring_chunk& chunk, Message& message);
  void wait(void* self, Next next, bool at_hand);
  void rest();
  // Whether framing has something that the source need not be asked for.
  [[nodiscard]] bool holds_some() const noexcept { return framing_ != nullptr && framing_->holds_some(); }
  Next hand_on_held(void* self, Next next);
  void note_unfinished();
  void count_last_losses(void* self);
  [[nodiscard]] Channel::Lost what_is_lost(const slipring_chunk& chunk) const;
  bool count_lost(const slipring_chunk& chunk);
  Next lose_behind(Next next);
  std::optional<uint32_t> make_room(std::span<const std::byte> content);
  void publish(uint32_t index, std::size_t length, const slipring_chunk& chunk);
  void write_out();
  [[nodiscard]] bool take_to_write(std::size_t length) noexcept;
  [[nodiscard]] std::span<std::byte> room_in(std::span<std::byte> slot) const noexcept;
  void end_writing();
  Next end_with(Outcome::Kind kind);
  std::span<std::byte> scratch();
  void set_cancellable(void* self);

  const slipring_source& source_;
  Channel& channel_;
  const Overflow overflow_;
  std::unique_ptr<Framing> framing_;  // under reading_, once it runs

  // Whoever reads holds it: the producer's side of the channel, and all up to helpable_, are under it.
  std::mutex reading_;
  std::optional<uint32_t> filling_;       // the slot that the next read goes to
  std::size_t slot_size_ = 0;             // of the slot that was filled last
  std::unique_ptr<std::byte[]> scratch_;  // as large as a slot: what comes while none is free goes there first
  Outcome outcome_;
  bool finished_ = false;  // outcome_ is final
  bool untold_ = false;    // something is missing before the next chunk, and only a slot can say so
  uint64_t helped_at_ns_ = 0;
  std::size_t unfinished_ = 0;   // how much there is of a record, when there is nothing more at present
  uint64_t quiet_since_ns_ = 0;  // so it is
  bool parts_before_ = false;    // the next record has begun in the last chunk
  bool in_pieces_ = false;       // the last chunk was one: see SLIPRING_CHUNK_PIECE
  bool last_was_large_ = false;  // the last chunk
  Origins origins_;
  uint32_t in_a_row_ = 0;     // how often so within kFloodNs
  void* helpable_ = nullptr;  // the source, while help() may read it

  bool lacks_slot_ = false;  // what framing holds does; the consumer thread's own

  std::atomic<uint64_t> helped_{0};  // how often the consumer has read
  std::atomic<bool> had_nothing_{false};
  std::atomic<bool> flows_{false};

  // Where the producer thread rests while the consumer reads.
  std::mutex rest_mutex_;
  std::condition_variable rest_over_;
  bool help_promised_ = false;
  // Promised, and not in vain: written under rest_mutex_, a hint for the producer thread.
  std::atomic<bool> keeps_out_{false};

  std::unique_ptr<Destination> destination_;  // the producer thread's while writing_, else the consumer thread's
  std::atomic<bool> writing_{false};          // whoever has the destination passes it on with this
  std::atomic<uint64_t> taken_to_write_{0};   // how many bytes, and whether that is all
  uint64_t news_at_ns_ = 0;                   // producer thread only

  // Keeps cancel from meeting a source that is not open yet or closed already.
  std::mutex cancel_mutex_;
  void* cancellable_ = nullptr;
};

}  // namespace slipring
