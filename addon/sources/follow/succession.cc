#include "sources/follow/succession.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace slipring {

using platform::File;
using platform::FileStatus;

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
