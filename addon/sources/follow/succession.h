// Opens the files that take the place of a followed one, as soon as they are there and in their order: an open file
// cannot be missed any more, wherever it is moved, and even when it is deleted. Counts those that were gone by then. A
// file that comes back is a successor once more, which begins where it was left.
//
// Two threads look after it, the one that reads and one that has nothing else to do: while the consumer stalls, the
// first does not run. Each method says which of them calls it; a mutex keeps them apart.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

#include "platform/file.h"
#include "platform/file_status.h"
#include "platform/folder_watch.h"
#include "sources/follow/bookmark.h"
#include "sources/follow/left_files.h"
#include "sources/follow/seen_sizes.h"
#include "sources/follow/successors.h"
#include "sources/follow/traces.h"
#include "sources/resume_point.h"

namespace slipring {

class Succession {
 public:
  // That many are held open. Those beyond stay names until there is room.
  static constexpr std::size_t kMostHeld = 64;

  Succession() = default;
  Succession(const Succession&) = delete;
  Succession& operator=(const Succession&) = delete;

  // Reading thread, first, one of the two. Opens `file` at `path`, if it is there; or watches one that has no path, and
  // so no successors. `notified`: whether the system is asked to tell. Returns 0 or an errno.
  [[nodiscard]] int open(const char* path, int flags, int mode, bool notified, platform::File& file);
  [[nodiscard]] int open(const platform::File& file, bool notified);

  // Reading thread, then. Goes on where `point` says: `file`, if it is open, is the one at the path, and becomes the
  // one to read; `place` where in it. Returns why that is lost, and null when it is not. Then, or when nothing was at
  // the path, there may be none to read yet.
  [[nodiscard]] const char* resume(const ResumePoint& point, platform::File& file, Bookmark& place);

  // Both threads. Opens what has come. Returns whether anything was told: what expect_writes() asked for may be among
  // it.
  bool look();

  // Reading thread. Whether nobody will write to the file before the first successor any more.
  [[nodiscard]] bool moved_on();
  // Reading thread. The first successor. `place` is where the file is left that is read now, and becomes where to go
  // on. False when there is none.
  [[nodiscard]] bool advance(const platform::File& current, platform::File& next, Bookmark& place);
  // Reading thread. How many files were lost before the one that is read; and when there is nothing more in that,
  // before the next one that has something. Each is told once.
  [[nodiscard]] uint64_t take_lost(bool at_end);

  // Reading thread. Whether the file that is read was seen to be cut.
  [[nodiscard]] bool was_cut();
  // Reading thread. It is read from its start again; returns how many bytes behind `position` are known to be lost.
  [[nodiscard]] int64_t begin_anew(const platform::File& current, int64_t position);

  // Reading thread. wait() returns when this file, if there is one, or a successor is written to from now on.
  void expect_writes(const platform::File* current);

  // Watching thread. Remembers how long the file is that is read, if that is the one.
  void see_size(const platform::File& current);
  // Watching thread. Blocks until something may have changed. False after stop().
  [[nodiscard]] bool wait();
  // Any thread.
  void stop() noexcept { watch_.signal(); }

 private:
  using Clock = std::chrono::steady_clock;
  // How often to look without being told. A link on the way to the folder may change, or a file system tell nothing.
  static constexpr auto kTold = std::chrono::milliseconds(1000);
  static constexpr auto kNotTold = std::chrono::milliseconds(100);

  struct Held {
    platform::File file;
    platform::FileStatus status;
    int watched = -1;
    uint64_t lost_before = 0;
  };

  void hold_before(Traces& traces, platform::File file);
  void begin_with_first(platform::File& file, Bookmark& place);
  void catch_up() noexcept;
  bool apply_changes() noexcept;
  void begin_successors() noexcept;
  void follow_link(const char* name) noexcept;
  void open_successors();
  [[nodiscard]] bool take_first(const Successors::Entry& first, int error);
  [[nodiscard]] bool still_there(const char* name, const platform::FileStatus& status) const;
  [[nodiscard]] int open_named(const char* name, platform::File& file) const;
  void hold(platform::File file, const platform::FileStatus& status) noexcept;
  void look_at_path();
  [[nodiscard]] const platform::FileStatus& newest() const noexcept;
  [[nodiscard]] bool has_news(const Held& held) const noexcept;

  platform::FolderWatch watch_;
  std::mutex mutex_;  // guards all that follows
  std::string path_;  // empty: there is none
  Successors successors_;
  std::deque<Held> held_;
  LeftFiles left_;
  uint64_t lost_ = 0;  // behind all that are held
  uint64_t lost_before_current_ = 0;
  platform::FileStatus current_;
  SeenSizes sizes_;  // of that one
  int current_watched_ = -1;
  bool opening_ = false;         // the first file
  bool told_ = false;            // something, since the last look
  bool all_watched_ = false;     // what is to be told of will be told
  Clock::time_point next_look_;  // at the path
};

}  // namespace slipring
