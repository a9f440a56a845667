// How what comes to the path is seen, opened and held. With the mutex, by both threads.
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "sources/follow/succession.h"

namespace slipring {

using platform::File;
using platform::FileStatus;
using platform::FolderChange;

namespace {

// How often to look for the second half of what was told last, before what else there is to do.
constexpr int kMostRounds = 8;

}  // namespace

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

}  // namespace slipring
