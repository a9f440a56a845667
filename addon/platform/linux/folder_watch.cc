#include "platform/folder_watch.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <utility>

namespace slipring::platform {

namespace {

constexpr uint32_t kNames = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_MOVE_SELF | IN_ONLYDIR;
// The folder is no longer where the path leads to, or the kernel stopped to tell.
constexpr uint32_t kFolderLost = IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT;

// False when there is no room for it.
bool copy_text(const char* text, std::span<char> into) noexcept {
  const std::size_t size = std::strlen(text) + 1;
  if (size > into.size()) return false;
  std::memcpy(into.data(), text, size);
  return true;
}

// Watches the very thing that is open, whatever its name is by now. Returns -1 with errno.
int add_watch(const File& inotify, const File& file, uint32_t mask) noexcept {
  char link[32];
  static_cast<void>(std::snprintf(link, sizeof link, "/proc/self/fd/%d", file.descriptor()));
  return ::inotify_add_watch(inotify.descriptor(), link, mask);
}

FolderChange::Kind kind_of(uint32_t mask) noexcept {
  if ((mask & IN_CREATE) != 0) return FolderChange::Kind::kCreated;
  if ((mask & IN_MOVED_FROM) != 0) return FolderChange::Kind::kMovedAway;
  return (mask & IN_MOVED_TO) != 0 ? FolderChange::Kind::kMovedHere : FolderChange::Kind::kDeleted;
}

}  // namespace

struct FolderWatch::State {
  File wake;
  File inotify;  // not open: nothing is told
  File folder;
  int watched_folder = -1;
  char name[NAME_MAX + 1] = "";

  // What was read from the kernel, and how much of it was told.
  alignas(inotify_event) char events[4096] = {};
  std::size_t filled = 0;
  std::size_t told = 0;

  void forget_folder() noexcept {
    folder.close();
    if (watched_folder != -1) ::inotify_rm_watch(inotify.descriptor(), watched_folder);
    watched_folder = -1;
  }
};

FolderWatch::FolderWatch() = default;
FolderWatch::~FolderWatch() = default;

int FolderWatch::open(bool notified) {
  File wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), true);
  if (wake.descriptor() == -1) return errno;
  state_.reset(new (std::nothrow) State);
  if (state_ == nullptr) return ENOMEM;
  state_->wake = std::move(wake);
  // No instance left, or no such call: then without.
  if (notified) state_->inotify = File(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK), true);
  return 0;
}

int FolderWatch::watch_folder_of(const char* path) noexcept {
  if (state_->inotify.descriptor() == -1) return ENOSYS;
  char real[PATH_MAX];
  if (::realpath(path, real) == nullptr) {
    // A file that is not there yet has no links to follow.
    if (!copy_text(path, real)) return ENAMETOOLONG;
  }
  char* slash = std::strrchr(real, '/');
  const char* name = slash == nullptr ? real : slash + 1;
  if (slash != nullptr) *slash = '\0';
  // What is left of a path in the root is nothing, and that of a bare name is where we are.
  const char* parent = slash == nullptr ? "." : slash == real ? "/" : real;
  File folder;
  int error = folder.open(parent, O_PATH | O_DIRECTORY, 0);
  const int watched = error == 0 ? add_watch(state_->inotify, folder, kNames) : -1;
  if (error == 0 && watched == -1) error = errno;
  // The kernel gives the folder it watches already the number that it has.
  if (watched != state_->watched_folder) state_->forget_folder();
  if (error != 0) return error;
  state_->folder = std::move(folder);
  state_->watched_folder = watched;
  static_cast<void>(copy_text(name, state_->name));  // the kernel has none that are longer
  return 0;
}

bool FolderWatch::has_folder() const noexcept { return state_->watched_folder != -1; }
const char* FolderWatch::name() const noexcept { return state_->name; }

int FolderWatch::open_file(const char* name, File& file) const noexcept {
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  int descriptor = ::openat(state_->folder.descriptor(), name, flags);
  while (descriptor == -1 && errno == EINTR) descriptor = ::openat(state_->folder.descriptor(), name, flags);
  if (descriptor == -1) return errno;
  file = File(descriptor, true);
  return 0;
}

bool FolderWatch::next(FolderChange& change) noexcept {
  State& state = *state_;
  while (state.inotify.descriptor() != -1) {
    if (state.told == state.filled) {
      const IoResult result = state.inotify.read(std::as_writable_bytes(std::span(state.events)));
      if (result.bytes == 0) return false;  // EAGAIN, as a rule
      state.filled = result.bytes;
      state.told = 0;
    }
    inotify_event event{};
    std::memcpy(&event, state.events + state.told, sizeof event);
    const char* name = state.events + state.told + sizeof event;
    state.told += sizeof event + event.len;
    change = {};
    if ((event.mask & IN_Q_OVERFLOW) != 0) return true;
    if (event.wd != state.watched_folder) {
      // What is told of a folder that is not watched any more is of no interest.
      if ((event.mask & IN_MODIFY) == 0) continue;
      change.kind = FolderChange::Kind::kWritten;
      return true;
    }
    if ((event.mask & kFolderLost) != 0) {
      state.forget_folder();
      return true;
    }
    // The name is padded with NULs.
    change = {.kind = kind_of(event.mask), .cookie = event.cookie, .name = event.len > 0 ? name : ""};
    return true;
  }
  return false;
}

int FolderWatch::watch_once(const File& file) noexcept {
  if (state_->inotify.descriptor() == -1) return -1;
  return add_watch(state_->inotify, file, IN_MODIFY | IN_ONESHOT);
}

void FolderWatch::unwatch(int watched) noexcept {
  // What was told of once is not watched any more: that fails, and no number is used twice.
  if (watched != -1) ::inotify_rm_watch(state_->inotify.descriptor(), watched);
}

bool FolderWatch::wait(int milliseconds) noexcept {
  pollfd watched[2] = {
      {.fd = state_->inotify.descriptor(), .events = POLLIN, .revents = 0},  // -1 is passed over
      {.fd = state_->wake.descriptor(), .events = POLLIN, .revents = 0},
  };
  static_cast<void>(::poll(watched, 2, milliseconds));  // interrupted: a look too many
  return watched[1].revents == 0;
}

void FolderWatch::signal() noexcept {
  if (state_ == nullptr) return;  // open() failed: nobody waits
  const uint64_t once = 1;
  while (::write(state_->wake.descriptor(), &once, sizeof once) == -1 && errno == EINTR) {}
}

}  // namespace slipring::platform
