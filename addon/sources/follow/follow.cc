// A file that is read to its end and then on, as `tail -F` does: as it grows, and the files that take its place. What
// is no regular file, or has no place to read from, is left to the file source. Options are those of the file source,
// and
//   path      text     what to follow, through all rotations, or
//   fd        integer  what to follow as long as it grows: read from its position, which stays where it is
//   start     integer  where to begin in the first file
//   length    integer  how many bytes at most, of all files together
//   from_end  integer  1: to begin at the end of the first file, if that is there
//   lines     integer  or before so many lines at its end
//   wait      integer  1: nothing need be at the path yet
//   resume, start, check…   where somebody has left off, in whatever file: see ResumePoint
//   on_lost   integer  1: to fail when that is lost
//   cache     integer  0: what is read does not stay in the page cache
//   notified  integer  0: the system is not asked to tell what happens, for tests
#include <algorithm>
#include <cerrno>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "platform/file.h"
#include "platform/file_status.h"
#include "platform/thread.h"
#include "sources/follow/bookmark.h"
#include "sources/follow/last_lines.h"
#include "sources/follow/news.h"
#include "sources/follow/plain.h"
#include "sources/follow/succession.h"
#include "sources/follow/watcher.h"
#include "sources/registry.h"
#include "sources/resume_point.h"
#include "sources/source_table.h"
#include "sources/support.h"
#include "sources/uncached.h"

namespace slipring {

namespace {

using platform::File;
using platform::FileStatus;
using platform::IoResult;
using platform::Waits;

// Where the kernel forgets by itself it does so at once, and the bookmark would be fetched from the disk again.
constexpr bool kByKernel = false;

class FollowSource {
 public:
  FollowSource() = default;
  FollowSource(const FollowSource&) = delete;
  FollowSource& operator=(const FollowSource&) = delete;
  // Producer thread. The watcher uses everything else, so it goes first.
  ~FollowSource() {
    succession_.stop();
    watching_.join();
  }

  // Producer thread.
  int32_t open(const slipring_options& options, slipring_error* error) {
    const char* path = text_option(options, "path");
    const bool notified = integer_option(options, "notified", 1) != 0;
    // Whoever the descriptor belongs to, a duplicate of it is ours (Rule 8).
    const bool owned = integer_option(options, "owned", 1) != 0 || integer_option(options, "duplicate", 0) != 0;
    if (const int trouble = open_file(options, path, notified)) return fail(error, trouble, path ? "open" : "read");
    const std::optional<ResumePoint> point = ResumePoint::of(options);
    if (is_there() && !can_follow()) {
      return point ? ResumePoint::fail(error, ResumePoint::kNoFile) : plain_.open(file_, options, owned, error);
    }
    if (is_there()) place_ = Bookmark(first_place(options, path != nullptr ? 0 : file_.position()));
    if (point) {
      why_lost_ = succession_.resume(*point, file_, place_);
      loses_first_ = why_lost_ != nullptr;
      if (loses_first_ && integer_option(options, "on_lost", 0) != 0) return ResumePoint::fail(error, why_lost_);
    }
    if (!is_there()) {
      if (integer_option(options, "wait", 0) == 0) return fail(error, ENOENT, "open");
      // The descriptor is the file's as soon as that comes: it keeps its number.
      if (const int trouble = file_.open_nothing()) return fail(error, trouble, "open");
      waits_ = true;
      first_place_ = point ? 0 : integer_option(options, "start", 0);
    }
    sized_ = has_size(file_);
    remaining_ = integer_option(options, "length", std::numeric_limits<int64_t>::max());
    if (integer_option(options, "cache", 1) == 0) uncached_.emplace(file_, kByKernel);
    if (path == nullptr) {
      if (const int trouble = succession_.open(file_, notified)) return fail(error, trouble, "eventfd");
    }
    std::unique_ptr<Watcher> watcher(new (std::nothrow) Watcher(file_, succession_, news_));
    if (watcher == nullptr) return fail(error, ENOMEM, "open");
    if (const int trouble = watching_.start(std::move(watcher))) return fail(error, trouble, "pthread_create");
    // Not before: what we opened and cannot use, we close.
    if (!owned) file_.disown();
    return 0;
  }

  // Producer thread. Waits for a first byte, never for a second one.
  int64_t read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) {
    if (plain_.is_open()) return plain_.read(into, chunk, error);
    if (std::exchange(loses_first_, false) && tell_lost(*chunk, waits_)) return SLIPRING_NOTHING;
    if (static_cast<uint64_t>(remaining_) < into.size()) into = into.first(static_cast<std::size_t>(remaining_));
    if (into.empty()) return SLIPRING_END;
    bool expecting = false;
    uint64_t seen = 0;
    for (;;) {
      if (succession_.look()) expecting = false;
      if (!expecting) seen = news_.count();
      // Before the read: what was written to this file before somebody wrote to the next one is read here.
      const bool moved_on = waits_ || succession_.moved_on();
      const IoResult result = read_to_end(into);
      if (result.bytes > 0) return deliver(into.first(result.bytes), *chunk);
      if (result.error != 0) return fail(error, result.error, "read");
      const bool goes_on = (!waits_ && begin_anew()) || (moved_on && advance());
      if (tell_lost(*chunk, !goes_on)) return SLIPRING_NOTHING;
      if (goes_on) {
        is_another_ = true;
        expecting = false;
      } else if (!expecting) {
        // Then once more: something may have been written just before.
        succession_.expect_writes(waits_ ? nullptr : &file());
        expecting = true;
      } else {
        news_.wait_beyond(seen);
        expecting = false;
      }
    }
  }

  // Any thread.
  void cancel() {
    plain_.cancel();
    news_.cancel();
  }

  // Why it could not be resumed, if it could not.
  [[nodiscard]] const char* name() const noexcept { return why_lost_ != nullptr ? why_lost_ : ""; }

  [[nodiscard]] int descriptor() const noexcept { return file_.descriptor(); }

 private:
  int open_file(const slipring_options& options, const char* path, bool notified) {
    if (path != nullptr) {
      return succession_.open(path, static_cast<int>(integer_option(options, "flags", 0)),
                              static_cast<int>(integer_option(options, "mode", 0666)), notified, file_);
    }
    const int descriptor = static_cast<int>(integer_option(options, "fd", -1));
    if (integer_option(options, "duplicate", 0) != 0) return file_.open_duplicate(descriptor);
    file_ = File(descriptor, integer_option(options, "owned", 1) != 0);
    return 0;
  }

  [[nodiscard]] bool is_there() const noexcept { return file_.descriptor() != -1; }

  // A read of what the kernel makes up might wait: what was opened here says EAGAIN instead (Rule 1).
  [[nodiscard]] bool can_follow() const noexcept {
    FileStatus status;
    const bool regular = status_of(file_, status) == 0 && status.regular;
    return regular && file_.has_positions() && file_.waits() != Waits::kAnyTime;
  }

  [[nodiscard]] int64_t first_place(const slipring_options& options, int64_t usual) const noexcept {
    const int64_t lines = integer_option(options, "lines", -1);
    if (lines < 0 && integer_option(options, "from_end", 0) == 0) return integer_option(options, "start", usual);
    FileStatus status;
    if (status_of(file_, status) != 0) return usual;
    return begin_of_last_lines(file_, status.size, std::max<int64_t>(lines, 0));
  }

  // The one that is read.
  [[nodiscard]] const File& file() const noexcept { return next_.descriptor() != -1 ? next_ : file_; }

  IoResult read_to_end(std::span<std::byte> into) {
    IoResult all;
    while (all.bytes < into.size()) {
      if (news_.cancelled()) return {.bytes = 0, .error = ECANCELED};
      if (waits_) return all;
      const auto rest = into.subspan(all.bytes, std::min(into.size() - all.bytes, kLargestRead));
      const auto place = static_cast<uint64_t>(place_.position()) + all.bytes;
      const IoResult result =
          uncached_ ? uncached_->read(rest, static_cast<int64_t>(place)) : file().read_at(rest, place);
      // After some bytes an error waits: the next read meets it again. There is nothing at present: the end for now.
      if (result.error != 0 && result.error != EAGAIN) all.error = result.error;
      if (result.bytes == 0) break;
      all.bytes += result.bytes;
    }
    if (all.bytes > 0 && !place_.id()) identify(into.first(all.bytes));
    // Looked at after it was read: it may have been cut in between, too.
    if (all.bytes > 0 && is_another()) return {};
    return all;
  }

  void identify(std::span<const std::byte> read) {
    FileId id(file(), static_cast<uint64_t>(place_.position()), read, uncached_.has_value());
    if (const std::optional<FileId> before = std::exchange(before_cut_, std::nullopt)) id.come_after(*before);
    place_.know(id);
  }

  // Whether it was cut, and filled anew: then what was read before is not there any more, or it is shorter than that.
  // Only where the size says how long a file is.
  bool is_another() {
    if (!sized_) return false;
    FileStatus status;
    const bool is_shorter = status_of(file(), status) == 0 && status.size < place_.position();
    modified_ = status.modified;
    return is_shorter || !place_.is_in(file()) || succession_.was_cut();
  }

  bool begin_anew() {
    if (!is_another()) return false;
    lost_bytes_ += succession_.begin_anew(file(), place_.position());
    before_cut_ = place_.id() ? place_.id() : before_cut_;
    place_ = Bookmark();
    return true;
  }

  // Whether something was lost before what comes next. `at_end`: there is nothing that could come next.
  bool tell_lost(slipring_chunk& chunk, bool at_end) {
    chunk.lost = succession_.take_lost(at_end);
    chunk.lost_bytes = static_cast<uint64_t>(std::exchange(lost_bytes_, 0));
    if (chunk.lost == 0 && chunk.lost_bytes == 0) return false;
    chunk.flags |= SLIPRING_CHUNK_LOST_FILES;
    return true;
  }

  // The descriptor keeps its number, which is what the stream shows. Where it cannot, it keeps showing the first file.
  bool advance() {
    File next;
    if (!succession_.advance(file(), next, place_)) return false;
    before_cut_.reset();
    if (std::exchange(waits_, false)) place_ = Bookmark(first_place_);
    sized_ = has_size(next);
    const bool uncached = uncached_.has_value();
    uncached_.reset();
    if (next_.descriptor() != -1 || file_.become(next) != 0) next_ = std::move(next);
    if (uncached) uncached_.emplace(file(), kByKernel);
    return true;
  }

  int64_t deliver(std::span<const std::byte> read, slipring_chunk& chunk) noexcept {
    if (std::exchange(is_another_, false)) chunk.flags |= SLIPRING_CHUNK_ANOTHER;
    if (sized_) place_.id()->give_to(chunk, static_cast<uint64_t>(place_.position()));
    chunk.modified = modified_;
    place_.pass(read);
    remaining_ -= static_cast<int64_t>(read.size());
    return static_cast<int64_t>(read.size());
  }

  Plain plain_;  // when there is nothing to follow
  File file_;
  File next_;
  std::optional<Uncached> uncached_;  // of the one that is read; ends before that does
  Bookmark place_;                    // in it
  std::optional<FileId> before_cut_;  // of it, until something was read since it was cut
  int64_t remaining_ = 0;
  uint64_t modified_ = 0;    // when it was written to last
  int64_t lost_bytes_ = 0;   // not told yet
  bool is_another_ = false;  // it goes on with another file, or anew
  bool sized_ = true;
  bool waits_ = false;       // for a first file
  int64_t first_place_ = 0;  // in that
  const char* why_lost_ = nullptr;
  bool loses_first_ = false;  // as it says
  Succession succession_;
  News news_;
  platform::Thread watching_;
};

}  // namespace

constexpr slipring_source kFollowSource = SourceTable<FollowSource>::make(SLIPRING_SOURCE_CAN_WAIT);

}  // namespace slipring
