#include "sources/follow/succession.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace slipring {

using platform::File;
using platform::FileStatus;
using platform::FolderChange;

namespace {

using Clock = std::chrono::steady_clock;

// How often to look without being told. A link on the way to the folder may change, or a file system tell nothing.
constexpr auto kTold = std::chrono::milliseconds(1000);
constexpr auto kNotTold = std::chrono::milliseconds(100);

// How often to look for the second half of what was told last, before what else there is to do.
constexpr int kMostRounds = 8;

}  // namespace

// Reading thread.
int Succession::open(const char* path, int flags, int mode, bool notified, File& file) {
  path_ = path;
  if (const int error = watch_.open(notified)) return error;
  watch_.watch_folder_of(path);  // before the file: nothing may happen in between
  catch_up();
  begin_successors();
  const int error = file.open(path, flags, mode);
  if (error != 0 && error != ENOENT) return error;
  if (error == 0) static_cast<void>(status_of(file, current_));
  opening_ = error == 0;
  catch_up();
  open_successors();
  opening_ = false;
  lost_ = 0;  // before there was a stream
  next_look_ = Clock::now();
  return 0;
}

// Reading thread.
int Succession::open(const File& file, bool notified) {
  static_cast<void>(status_of(file, current_));
  return watch_.open(notified);
}

// Both threads.
bool Succession::look() {
  const std::lock_guard<std::mutex> lock(mutex_);
  told_ = false;
  catch_up();
  open_successors();
  if (Clock::now() >= next_look_) {
    look_at_path();
    next_look_ = Clock::now() + (watch_.has_folder() ? kTold : kNotTold);
  }
  return told_;
}

// Reading thread. Empty files tell nothing: who created one may still write to the file before. But who writes to one
// has left that file, and what he wrote there can be read by now.
bool Succession::moved_on() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (held_.size() >= kMostHeld) return true;
  return std::ranges::any_of(held_, [&](const Held& held) { return has_news(held); });
}

// Reading thread.
bool Succession::advance(const File& current, File& next, Bookmark& place) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (held_.empty()) return false;
  left_.leave(current, place);
  Held& held = held_.front();
  const Bookmark* left = left_.place_in(held.file, held.status);
  place = left != nullptr ? *left : Bookmark();
  watch_.unwatch(current_watched_);
  current_ = held.status;
  current_watched_ = held.watched;
  lost_before_current_ += held.lost_before;
  sizes_ = {};
  next = std::move(held.file);
  held_.pop_front();
  return true;
}

// Reading thread.
uint64_t Succession::take_lost(bool at_end) {
  const std::lock_guard<std::mutex> lock(mutex_);
  uint64_t lost = std::exchange(lost_before_current_, 0);
  if (!at_end) return lost;
  // What is held has nothing in it so far.
  for (Held& held : held_) lost += std::exchange(held.lost_before, 0);
  return lost + std::exchange(lost_, 0);
}

// Reading thread.
bool Succession::was_cut() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return sizes_.cut();
}

// Reading thread.
int64_t Succession::begin_anew(const File& current, int64_t position) {
  const std::lock_guard<std::mutex> lock(mutex_);
  FileStatus status;
  if (status_of(current, status) == 0) sizes_.see(status.size);
  return sizes_.begin(position);
}

// Watching thread. With the mutex it is looked at: the file may become another one meanwhile.
void Succession::see_size(const File& current) {
  const std::lock_guard<std::mutex> lock(mutex_);
  FileStatus status;
  if (status_of(current, status) == 0 && status.same_file(current_)) sizes_.see(status.size);
}

// Reading thread.
void Succession::expect_writes(const File* current) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (current != nullptr) current_watched_ = watch_.watch_once(*current);
  all_watched_ = current == nullptr || current_watched_ != -1;
  for (Held& held : held_) {
    held.watched = watch_.watch_once(held.file);
    if (held.watched == -1) all_watched_ = false;
  }
}

// Watching thread.
bool Succession::wait() {
  bool told = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    told = all_watched_ && (path_.empty() || watch_.has_folder());
  }
  return watch_.wait(static_cast<int>((told ? kTold : kNotTold).count()));
}

// With the mutex. All that could be seen before is told after it. While more is told than can be, it does not go on.
void Succession::catch_up() noexcept {
  for (int rounds = 0; rounds < kMostRounds; ++rounds) {
    const bool settled = watch_.settle();
    const bool told = apply_changes();
    if (!told && settled) successors_.settle();
    if (!told || !settled || !successors_.unsettled()) return;
  }
}

// With the mutex. Whether there were any.
bool Succession::apply_changes() noexcept {
  FolderChange change;
  bool told = false;
  while (watch_.next(change)) {
    told = true;
    successors_.apply(change);
    if (change.kind == FolderChange::Kind::kUnknown) next_look_ = {};
  }
  told_ = told_ || told;
  return told;
}

// With the mutex.
void Succession::open_successors() {
  while (held_.size() < kMostHeld) {
    lost_ += successors_.take_lost();
    if (successors_.first() == nullptr) break;
    const Successors::Entry first = *successors_.first();
    File file;
    FileStatus status;
    int error = open_named(first.name, file);
    if (error == 0) error = status_of(file, status);
    // What happened before it was opened is known now, and some of what happened since.
    catch_up();
    if (successors_.has(first.id)) {
      const Successors::Entry* now = successors_.first();
      if (now == nullptr || now->stamp != first.stamp) continue;  // it was moved: perhaps that is another file
      if (!take_first(first, error)) break;
    } else {
      // It is gone. Perhaps what was opened is what took its place.
      if (error != 0 || !status.regular || still_there(first.name, status)) continue;
      successors_.was_not_lost();
    }
    if (error != 0 || !status.regular) continue;
    follow_link(first.name);
    // The file that was opened came after those: what is told of may be older than it.
    if (opening_ && status.same_file(current_)) {
      held_.clear();
      lost_ = 0;
    }
    if (!status.same_file(newest())) hold(std::move(file), status);
  }
}

// With the mutex, after it was tried to open the first one. Returns false when that is to be tried again later.
bool Succession::take_first(const Successors::Entry& first, int error) {
  // No descriptor left; or it is being moved; or no permission, perhaps only so far.
  if (error == EMFILE || error == ENFILE || (error == ENOENT && successors_.unsettled())) return false;
  if (error != 0 && error != ENOENT && successors_.count() == 1) return false;
  // Where a link to nowhere leads to, a file is found when it comes.
  if (error == 0 || (error == ENOENT && watch_.is_link(first.name))) {
    successors_.drop_first();
  } else if (error == ENOENT) {
    successors_.miss_first();
  } else {
    successors_.lose_first();
  }
  return true;
}

// With the mutex.
bool Succession::still_there(const char* name, const FileStatus& status) const {
  File file;
  FileStatus found;
  return open_named(name, file) == 0 && status_of(file, found) == 0 && found.same_file(status);
}

// With the mutex. Without a folder any name stands for the path.
void Succession::begin_successors() noexcept {
  successors_.begin(watch_.has_folder() ? watch_.name() : "path", watch_.target());
}

// With the mutex. What came to the path was opened under that name: if it is a link, it leads to another folder, or to
// another name there.
void Succession::follow_link(const char* name) noexcept {
  if (!watch_.has_folder() || std::strcmp(name, watch_.name()) != 0) return;
  if (watch_.target()[0] == '\0' && !watch_.is_link(name)) return;
  watch_.watch_folder_of(path_.c_str());
  catch_up();
  successors_.lead_to(watch_.target());
  next_look_ = {};  // something may have happened there before
}

// With the mutex.
int Succession::open_named(const char* name, File& file) const {
  return watch_.has_folder() ? watch_.open_file(name, file) : file.open(path_.c_str(), 0, 0);
}

// With the mutex.
void Succession::hold(File file, const FileStatus& status) noexcept {
  try {
    held_.push_back({.file = std::move(file), .status = status, .watched = -1, .lost_before = lost_});
    lost_ = 0;
  } catch (const std::bad_alloc&) {
    next_look_ = {};  // it is found again by its name
  }
}

// With the mutex. Compares what is at the path with what is known to have been there last.
void Succession::look_at_path() {
  successors_.settle();  // what is not complete by now never will be
  if (path_.empty() || successors_.count() > 0) return;
  FileStatus status;
  const int error = status_of(path_.c_str(), status);
  catch_up();
  if (successors_.count() > 0) return open_successors();
  if (error == 0 && status.same_file(newest())) return;
  // Perhaps the folder is another one by now.
  watch_.watch_folder_of(path_.c_str());
  catch_up();
  if (successors_.count() > 0) return open_successors();
  lost_ += successors_.take_lost();
  begin_successors();
  if (!status.regular) return;
  successors_.found();
  open_successors();
}

// With the mutex. The last one that is known to have been at the path.
const FileStatus& Succession::newest() const noexcept { return held_.empty() ? current_ : held_.back().status; }

// With the mutex. Whether there is something to read in it that is not in one before.
bool Succession::has_news(const Held& held) const noexcept {
  FileStatus status;
  if (status_of(held.file, status) != 0 || status.size == 0) return false;
  const auto is_it = [&](const Held& other) { return status.same_file(other.status); };
  // One that has come back is looked at where it comes first.
  if (status.same_file(current_) || &*std::ranges::find_if(held_, is_it) != &held) return false;
  const Bookmark* left = left_.place_in(held.file, status);
  return left == nullptr || status.size != left->position();
}

}  // namespace slipring
