// The host's side of a source that pushes: what is behind the functions of slipring_sink. A source's thread may not
// touch JavaScript's memory, which can go away, nor ring the doorbell, which takes a lock. So it writes into a ring of
// ours (PushRing) and wakes the producer thread, which carries that into slots as it would from any other source.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>

#include "slipring/source.h"
#include "sources/pace.h"
#include "sources/push/gate.h"
#include "sources/push/nap.h"
#include "sources/push/ring.h"

namespace slipring {

class PushSink {
 public:
  // What acquire does when there is no room.
  enum class WhenFull : uint8_t { kWait, kLose, kFail };

  PushSink() = default;
  ~PushSink();  // after close()
  PushSink(const PushSink&) = delete;
  PushSink& operator=(const PushSink&) = delete;

  // --- Producer thread ---

  // Once, before all others. So many bytes at most can be acquired at once. Returns 0 or an errno.
  [[nodiscard]] int open(std::size_t largest, WhenFull when_full) noexcept;
  // What the source gets.
  [[nodiscard]] slipring_sink abi() const noexcept;
  // As slipring_source.read and .wait.
  int64_t read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) noexcept;
  void wait() noexcept;
  // After the source was closed, and should have stopped.
  void close() noexcept;

  // Any thread, any number of times: refuses everything from now on, and ends every wait.
  void cancel() noexcept;

 private:
  static void* acquire(const slipring_sink* sink, size_t size) noexcept;
  static void* try_acquire(const slipring_sink* sink, size_t size) noexcept;
  static int32_t commit(const slipring_sink* sink, size_t length, const slipring_chunk* about) noexcept;
  static void finish(const slipring_sink* sink, const slipring_error* error) noexcept;

  // The source's thread, inside the gate.
  static void* make_room(const slipring_sink& sink, std::size_t size, bool may_wait) noexcept;
  void* reserve(std::size_t size, bool may_wait) noexcept;
  void* wait_for_room(std::size_t size) noexcept;
  bool put(std::size_t length, const slipring_chunk* about) noexcept;
  void refuse(const char* why) noexcept;

  // Producer thread.
  [[nodiscard]] const char* misuse() const noexcept;
  [[nodiscard]] bool has_news() noexcept;
  static bool tell(PushRing::Lost lost, slipring_chunk& chunk) noexcept;
  int64_t carry(std::span<std::byte> into, slipring_chunk* chunk) noexcept;
  int64_t carry_part(const PushRing::Entry& entry, std::span<std::byte> into, slipring_chunk* chunk) noexcept;
  int64_t last_word(slipring_chunk* chunk, slipring_error* error) noexcept;

  PushRing ring_;
  PushGate* gate_ = nullptr;
  std::size_t largest_ = 0;
  WhenFull when_full_ = WhenFull::kWait;
  std::thread::id producer_;
  Nap room_;  // where the source's thread waits for room

  Pace pace_;                 // producer thread only, as is the next
  uint64_t carried_ = 0;      // entries since the last wait
  std::size_t given_ = 0;     // so many bytes of the oldest entry
  bool told_number_ = false;  // of the oldest entry, and not yet that more was lost

  // Set by any thread, or by the one inside the gate, which is then shut. Sequentially consistent, because of Nap.
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> finished_{false};  // it carries what was lost before, error_ and failed_
  std::atomic<const char*> misuse_{nullptr};
  bool failed_ = false;
  slipring_error error_{};
};

}  // namespace slipring
