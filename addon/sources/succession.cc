#include "sources/succession.h"

#include <cerrno>
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

}  // namespace

// Reading thread.
int Succession::open(const char* path, int flags, int mode, bool notified, File& file) {
  path_ = path;
  if (const int error = watch_.open(notified)) return error;
  watch_.watch_folder_of(path);  // before the file: nothing may happen in between
  catch_up();
  successors_.begin(followed_name());
  if (const int error = file.open(path, flags, mode)) return error;
  static_cast<void>(status_of(file, current_));
  opening_ = true;
  catch_up();
  open_successors();
  opening_ = false;
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
  for (const Held& held : held_) {
    FileStatus status;
    if (status_of(held.file, status) == 0 && status.size > 0) return true;
  }
  return false;
}

// Reading thread.
bool Succession::advance(File& next) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (held_.empty()) return false;
  watch_.unwatch(current_watched_);
  current_ = held_.front().status;
  current_watched_ = held_.front().watched;
  next = std::move(held_.front().file);
  held_.pop_front();
  return true;
}

// Reading thread.
void Succession::expect_writes(const File& current) {
  const std::lock_guard<std::mutex> lock(mutex_);
  current_watched_ = watch_.watch_once(current);
  all_watched_ = current_watched_ != -1;
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

// With the mutex.
void Succession::catch_up() noexcept {
  FolderChange change;
  while (watch_.next(change)) {
    told_ = true;
    successors_.apply(change);
    if (change.kind == FolderChange::Kind::kUnknown) next_look_ = {};
  }
}

// With the mutex.
void Succession::open_successors() {
  while (held_.size() < kMostHeld) {
    if (successors_.first() == nullptr) return;
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
      // Not there: it is being moved, and we are about to be told. No descriptor left, or no permission yet: later.
      const bool hopeless = error != ENOENT && error != EMFILE && error != ENFILE && successors_.count() > 1;
      if (error != 0 && !hopeless) return;
      successors_.drop_first();
    } else if (error == 0 && still_there(first.name, status)) {
      continue;  // it is gone, and that is what took its place
    }
    if (error != 0 || !status.regular) continue;
    // The file that was opened came after those: what is told of may be older than it.
    if (opening_ && status.same_file(current_)) held_.clear();
    if (!known(status)) hold(std::move(file), status);
  }
}

// With the mutex.
bool Succession::still_there(const char* name, const FileStatus& status) const {
  File file;
  FileStatus found;
  return open_named(name, file) == 0 && status_of(file, found) == 0 && found.same_file(status);
}

// With the mutex. Without a folder it stands for the path.
const char* Succession::followed_name() const noexcept { return watch_.has_folder() ? watch_.name() : "path"; }

// With the mutex.
int Succession::open_named(const char* name, File& file) const {
  return watch_.has_folder() ? watch_.open_file(name, file) : file.open(path_.c_str(), 0, 0);
}

// With the mutex.
void Succession::hold(File file, const FileStatus& status) noexcept {
  try {
    held_.push_back({.file = std::move(file), .status = status, .watched = -1});
  } catch (const std::bad_alloc&) {
    next_look_ = {};  // it is found again by its name
  }
}

// With the mutex. Compares what is at the path with what is known to have been there last.
void Succession::look_at_path() {
  if (path_.empty()) return;
  if (successors_.count() > 0) {
    // Neither there nor moved since the last look: whatever it was, we were not told of its end.
    const Successors::Entry* first = successors_.first();
    const uint64_t stamp = first != nullptr ? first->stamp : 0;
    File file;
    if (first != nullptr && open_named(first->name, file) == ENOENT && stamp == missing_stamp_) {
      successors_.drop_first();
    }
    missing_stamp_ = stamp;
    return;
  }
  FileStatus status;
  if (status_of(path_.c_str(), status) == 0 && known(status)) return;
  // Perhaps the folder is another one by now.
  watch_.watch_folder_of(path_.c_str());
  catch_up();
  if (successors_.count() > 0) return open_successors();
  successors_.begin(followed_name());
  if (!status.regular) return;
  successors_.found();
  open_successors();
}

// With the mutex.
bool Succession::known(const FileStatus& status) const noexcept {
  if (status.same_file(current_)) return true;
  for (const Held& held : held_) {
    if (status.same_file(held.status)) return true;
  }
  return false;
}

}  // namespace slipring
