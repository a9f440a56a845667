// Deterministic bytes, for tests, benchmarks and load. Options:
//   seed    integer  0 to 2^32 - 1
//   start   integer  offset of the first byte
//   length  integer  how many bytes; absent: without end
//   rate    integer  bytes a second at most; 0 or absent: as fast as they are taken
#include "sources/pattern.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <memory>
#include <mutex>
#include <new>

#include "sources/registry.h"
#include "sources/source_table.h"
#include "sources/support.h"

namespace slipring {

namespace {

class PatternSource {
 public:
  PatternSource() = default;
  PatternSource(const PatternSource&) = delete;
  PatternSource& operator=(const PatternSource&) = delete;

  // Producer thread.
  int32_t open(const slipring_options& options, slipring_error* /*error*/) {
    seed_ = static_cast<uint32_t>(integer_option(options, "seed", 0));
    offset_ = static_cast<uint64_t>(integer_option(options, "start", 0));
    remaining_ = integer_option(options, "length", std::numeric_limits<int64_t>::max());
    rate_ = integer_option(options, "rate", 0);
    return 0;
  }

  // Producer thread.
  int64_t read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) {
    if (rate_ == 0) chunk->flags |= SLIPRING_CHUNK_MORE;
    std::size_t length = static_cast<std::size_t>(std::min(static_cast<int64_t>(into.size()), remaining_));
    if (rate_ > 0) length = std::min(length, static_cast<std::size_t>(std::max<int64_t>(rate_ / kChunksPerSecond, 1)));
    if (!wait_for_turn(length)) return fail(error, ECANCELED, "read");
    for (std::size_t filled = 0; filled < length;) {
      const std::size_t piece = std::min(length - filled, kLargestPiece);
      fill_pattern(into.subspan(filled, piece), seed_, offset_ + filled);
      filled += piece;
      if (filled < length && cancelled()) return fail(error, ECANCELED, "read");
    }
    offset_ += length;
    remaining_ -= static_cast<int64_t>(length);
    return static_cast<int64_t>(length);
  }

  // Any thread.
  void cancel() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      cancelled_ = true;
    }
    cancelled_changed_.notify_all();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int64_t kChunksPerSecond = 100;  // of a rate-limited stream, so that it does not come in bursts
  static constexpr std::size_t kLargestPiece = std::size_t{1} << 20;  // filled between two looks at cancelled_ (Rule 1)

  bool cancelled() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return cancelled_;
  }

  // False when cancelled. A consumer that was slow is not made up for: the next turn counts from now.
  bool wait_for_turn(std::size_t length) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (rate_ > 0 && length > 0) {
      const auto now = Clock::now();
      const auto cost = std::chrono::duration<double>(static_cast<double>(length) / static_cast<double>(rate_));
      next_turn_ = std::max(next_turn_, now) + std::chrono::duration_cast<Clock::duration>(cost);
      cancelled_changed_.wait_until(lock, next_turn_, [&] { return cancelled_; });
    }
    return !cancelled_;
  }

  uint32_t seed_ = 0;
  uint64_t offset_ = 0;
  int64_t remaining_ = 0;
  int64_t rate_ = 0;
  Clock::time_point next_turn_;

  std::mutex mutex_;
  std::condition_variable cancelled_changed_;
  bool cancelled_ = false;  // under mutex_
};

}  // namespace

constexpr slipring_source kPatternSource = SourceTable<PatternSource>::make();

}  // namespace slipring
