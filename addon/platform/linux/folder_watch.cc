#include "platform/folder_watch.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <utility>

namespace slipring::platform {

namespace {

// Added: when a folder is watched anew that is watched already, the kernel would forget for a moment what it has to
// tell.
constexpr uint32_t kNames =
    IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_MOVE_SELF | IN_ONLYDIR | IN_MASK_ADD;
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

// Whether the kernel itself knows what is in it: no other machine, and no process.
bool is_near(const File& folder) noexcept {
  constexpr uint32_t kFuse = 0x65735546;
  constexpr uint32_t kCifs = 0xff534d42;
  constexpr uint32_t kSmb2 = 0xfe534d42;
  constexpr uint32_t kCeph = 0x00c36400;
  struct statfs system{};
  if (::fstatfs(folder.descriptor(), &system) != 0) return false;
  const auto type = static_cast<uint32_t>(system.f_type);
  const auto others = {
      kFuse, kCifs, kSmb2, kCeph, uint32_t{NFS_SUPER_MAGIC}, uint32_t{V9FS_MAGIC}, uint32_t{AFS_FS_MAGIC}};
  return std::ranges::find(others, type) == others.end();
}

FolderChange::Kind kind_of(uint32_t mask) noexcept {
  if ((mask & IN_CREATE) != 0) return FolderChange::Kind::kCreated;
  if ((mask & IN_MOVED_FROM) != 0) return FolderChange::Kind::kMovedAway;
  return (mask & IN_MOVED_TO) != 0 ? FolderChange::Kind::kMovedHere : FolderChange::Kind::kDeleted;
}

}  // namespace

struct FolderWatch::State {
  // A name in a folder.
  struct Place {
    File folder;
    int watched = -1;
    bool is_near = true;  // nobody else is asked when it is listed
    char name[NAME_MAX + 2] = "";
  };

  File wake;
  File inotify;  // not open: nothing is told
  Place path;
  Place target;  // what the path leads to, when that is a link

  // What was read from the kernel, and how much of it was told.
  alignas(inotify_event) char events[4096] = {};
  std::size_t filled = 0;
  std::size_t told = 0;
  char name[NAME_MAX + 2] = "";  // that was told last, if it is one of the target's folder

  // Both may be in one folder, for which the kernel has one number.
  void forget(Place& place) noexcept {
    const Place& other = &place == &path ? target : path;
    if (place.watched != -1 && place.watched != other.watched) {
      ::inotify_rm_watch(inotify.descriptor(), place.watched);
    }
    place.folder.close();
    place.watched = -1;
    place.name[0] = '\0';
  }

  // Returns 0, or an errno and nothing is watched there.
  int watch(Place& place, const char* file) noexcept {
    char text[PATH_MAX];
    if (!copy_text(file, text)) return ENAMETOOLONG;
    char* slash = std::strrchr(text, '/');
    const char* base = slash == nullptr ? text : slash + 1;
    if (slash != nullptr) *slash = '\0';
    // What is left of a path in the root is nothing, and that of a bare name is where we are.
    const char* parent = slash == nullptr ? "." : slash == text ? "/" : text;
    File folder;
    int error = folder.open(parent, O_RDONLY | O_DIRECTORY, 0);
    const int watched = error == 0 ? add_watch(inotify, folder, kNames) : -1;
    if (error == 0 && watched == -1) error = errno;
    if (watched != place.watched) forget(place);
    if (error != 0) return error;
    place.folder = std::move(folder);
    place.watched = watched;
    place.is_near = is_near(place.folder);
    const bool is_elsewhere = &place == &target && watched != path.watched;
    // The kernel has no names that are longer.
    static_cast<void>(copy_text(base, std::span(place.name).subspan(is_elsewhere ? 1 : 0)));
    if (is_elsewhere) place.name[0] = '/';
    return 0;
  }

  // A name as it is told, as one of a folder.
  [[nodiscard]] std::pair<int, const char*> place_of(const char* told_name) const noexcept {
    return told_name[0] == '/' ? std::pair(target.folder.descriptor(), told_name + 1)
                               : std::pair(path.folder.descriptor(), told_name);
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
  State& state = *state_;
  if (state.inotify.descriptor() == -1) return ENOSYS;
  char real[PATH_MAX];
  const bool is_there = ::realpath(path, real) != nullptr;
  int error = state.watch(state.path, path);
  if (error == 0 && is_there && is_link(state.path.name)) {
    if (state.watch(state.target, real) == 0) return 0;
  } else if (error != 0 && is_there) {
    error = state.watch(state.path, real);  // of the link itself nothing can be told
  }
  state.forget(state.target);
  return error;
}

bool FolderWatch::has_folder() const noexcept { return state_->path.watched != -1; }
const char* FolderWatch::name() const noexcept { return state_->path.name; }
const char* FolderWatch::target() const noexcept { return state_->target.name; }

int FolderWatch::open_file(const char* name, File& file) const noexcept {
  const auto [folder, base] = state_->place_of(name);
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  int descriptor = ::openat(folder, base, flags);
  while (descriptor == -1 && errno == EINTR) descriptor = ::openat(folder, base, flags);
  if (descriptor == -1) return errno;
  file = File(descriptor, true);
  return 0;
}

bool FolderWatch::is_link(const char* name) const noexcept {
  const auto [folder, base] = state_->place_of(name);
  struct stat found{};
  return ::fstatat(folder, base, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(found.st_mode);
}

// Whoever changes a name in a folder holds its lock until that is told of. Listing the folder takes the lock as well;
// what is listed is of no interest.
bool FolderWatch::settle() const noexcept {
  char entries[512];
  bool settled = true;
  for (const State::Place* place : {&state_->path, &state_->target}) {
    if (place->watched == -1) continue;
    const bool listed =
        place->is_near && ::syscall(SYS_getdents64, place->folder.descriptor(), entries, sizeof entries) >= 0;
    settled = settled && listed;
  }
  return settled;
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
    const bool of_path = event.wd == state.path.watched;
    const bool of_target = event.wd == state.target.watched;
    if ((of_path || of_target) && (event.mask & kFolderLost) != 0) {
      if (of_target) state.forget(state.target);
      if (of_path) state.forget(state.path);
      return true;
    }
    if ((event.mask & IN_ISDIR) != 0) continue;
    if (!of_path && !of_target) {
      // What is told of a folder that is not watched any more is of no interest.
      if ((event.mask & IN_MODIFY) == 0) continue;
      change.kind = FolderChange::Kind::kWritten;
      return true;
    }
    // The name is padded with NULs.
    if (event.len == 0) name = "";
    if (!of_path) {
      static_cast<void>(std::snprintf(state.name, sizeof state.name, "/%s", name));
      name = state.name;
    }
    change = {.kind = kind_of(event.mask), .cookie = event.cookie, .name = name};
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
