// A file, by path or by descriptor. Options:
//   path      text     what to open, or
//   fd        integer  what to read; with `duplicate` 1 through a descriptor of our own
//   owned     integer  1: close() closes the descriptor (Rule 8); 0: it stays the caller's
//   flags, mode        as for open(2)
//   start     integer  where to begin; absent: at the descriptor's position, which then moves along
//   length    integer  how many bytes at most; absent: to the end
//   resume, start, check…   where somebody has left off in it: see ResumePoint
//   cache     integer  0: what is read does not stay in the page cache; with `by_kernel` 0 in the older way, for tests
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <limits>
#include <memory>
#include <new>
#include <optional>

#include "platform/file.h"
#include "platform/wake.h"
#include "sources/file_id.h"
#include "sources/registry.h"
#include "sources/resume_point.h"
#include "sources/source_table.h"
#include "sources/support.h"
#include "sources/uncached.h"

namespace slipring {

namespace {

using platform::File;
using platform::IoResult;
using platform::Waits;

class FileSource {
 public:
  FileSource() = default;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  // Producer thread.
  int32_t open(const slipring_options& options, slipring_error* error) {
    const bool opened_here = text_option(options, "path") != nullptr;
    const int open_error = open_file(options);
    if (open_error != 0) return fail(error, open_error, opened_here ? "open" : "read");
    position_ = integer_option(options, "start", -1);
    if (const std::optional<ResumePoint> point = ResumePoint::of(options)) {
      if (!point->is_in(file_)) {
        return ResumePoint::fail(error, point->id().is_number_of(file_) ? ResumePoint::kCut : ResumePoint::kGone);
      }
      id_ = point->id();
    }
    remaining_ = integer_option(options, "length", std::numeric_limits<int64_t>::max());
    waits_ = file_.waits();
    if (waits_ == Waits::kNever) {
      offset_ = static_cast<uint64_t>(position_ < 0 ? file_.position() : position_);
      file_.advise_sequential();
      if (integer_option(options, "cache", 1) == 0) {
        uncached_.emplace(file_, integer_option(options, "by_kernel", 1) != 0);
      }
    } else {
      const int wake_error = wake_.open();
      if (wake_error != 0) return fail(error, wake_error, "pipe");
    }
    // Not before: what we opened and cannot use, we close.
    if (opened_here && integer_option(options, "owned", 1) == 0) file_.disown();
    return 0;
  }

  // Producer thread. Fills all of `into` from a regular file: a slot costs the same whether it is full or not. From
  // anything that may wait it takes what is there, since nobody knows when more will come.
  int64_t read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) {
    if (static_cast<uint64_t>(remaining_) < into.size()) into = into.first(static_cast<std::size_t>(remaining_));
    if (waits_ == Waits::kNever) chunk->flags |= SLIPRING_CHUNK_MORE;
    std::size_t filled = 0;
    if (const std::size_t wanted = uncached_ ? uncached_->length(into.size(), position_) : 0; wanted > 0) {
      const IoResult result = read_once(into.first(wanted));
      return result.error != 0 ? fail(error, result.error, "read") : deliver(into.first(result.bytes), *chunk);
    }
    while (filled < into.size()) {
      const IoResult result = read_once(into.subspan(filled, std::min(into.size() - filled, kLargestRead)));
      // After some bytes an error waits: the next read meets it again.
      if (result.error != 0 && filled == 0) return fail(error, result.error, "read");
      filled += result.bytes;
      if (result.bytes == 0 || waits_ != Waits::kNever) break;
    }
    return deliver(into.first(filled), *chunk);
  }

  // Any thread.
  void cancel() noexcept {
    cancelled_.store(true, std::memory_order_release);  // pairs with read_once()
    if (waits_ != Waits::kNever) wake_.signal();
  }

  [[nodiscard]] int descriptor() const noexcept { return file_.descriptor(); }

 private:
  int open_file(const slipring_options& options) {
    if (const char* path = text_option(options, "path")) {
      return file_.open(path, static_cast<int>(integer_option(options, "flags", 0)),
                        static_cast<int>(integer_option(options, "mode", 0666)));
    }
    const int descriptor = static_cast<int>(integer_option(options, "fd", -1));
    if (integer_option(options, "duplicate", 0) != 0) return file_.open_duplicate(descriptor);
    file_ = File(descriptor, integer_option(options, "owned", 1) != 0);
    return 0;
  }

  IoResult read_once(std::span<std::byte> into) {
    bool must_wait = waits_ == Waits::kAnyTime;
    for (;;) {
      if (cancelled_.load(std::memory_order_acquire)) return {.bytes = 0, .error = ECANCELED};  // pairs with cancel()
      if (must_wait) {
        const int error = wake_.wait_readable(file_);
        if (error != 0) return {.bytes = 0, .error = error};
      }
      const IoResult result = read_now(into);
      // There is nothing, or somebody else has read what poll() saw.
      must_wait = waits_ != Waits::kNever;
      if (must_wait && (result.error == EAGAIN || result.error == EWOULDBLOCK)) continue;
      if (position_ >= 0) position_ += static_cast<int64_t>(result.bytes);
      return result;
    }
  }

  IoResult read_now(std::span<std::byte> into) {
    if (uncached_) return uncached_->read(into, position_);
    return position_ < 0 ? file_.read(into) : file_.read_at(into, static_cast<uint64_t>(position_));
  }

  int64_t deliver(std::span<const std::byte> read, slipring_chunk& chunk) noexcept {
    if (waits_ == Waits::kNever && !read.empty()) {
      if (!id_) id_.emplace(file_, offset_, read, uncached_.has_value());
      id_->give_to(chunk, offset_);
      offset_ += read.size();
    }
    remaining_ -= static_cast<int64_t>(read.size());
    return static_cast<int64_t>(read.size());
  }

  File file_;
  std::optional<Uncached> uncached_;  // ends before the file does
  platform::Wake wake_;               // only for what may make us wait
  Waits waits_ = Waits::kNever;
  int64_t position_ = -1;
  uint64_t offset_ = 0;       // where in the file the next byte is, if it is one that is stored somewhere
  std::optional<FileId> id_;  // when something was read of it
  int64_t remaining_ = 0;
  std::atomic<bool> cancelled_{false};
};

}  // namespace

constexpr slipring_source kFileSource = SourceTable<FileSource>::make();

}  // namespace slipring
