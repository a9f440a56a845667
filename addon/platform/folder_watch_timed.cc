// Where the system is not asked for news.
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>

#include "platform/folder_watch.h"

namespace slipring::platform {

struct FolderWatch::State {
  std::mutex mutex;
  std::condition_variable changed;
  bool signalled = false;  // under mutex
};

FolderWatch::FolderWatch() = default;
FolderWatch::~FolderWatch() = default;

int FolderWatch::open(bool /*notified*/) {
  state_.reset(new (std::nothrow) State);
  return state_ != nullptr ? 0 : ENOMEM;
}

int FolderWatch::watch_folder_of(const char* /*path*/) noexcept { return ENOSYS; }
bool FolderWatch::has_folder() const noexcept { return false; }
const char* FolderWatch::name() const noexcept { return ""; }
const char* FolderWatch::target() const noexcept { return ""; }
int FolderWatch::open_file(const char* /*name*/, File& /*file*/) const noexcept { return ENOSYS; }
bool FolderWatch::is_link(const char* /*name*/) const noexcept { return false; }
bool FolderWatch::settle() const noexcept { return false; }
bool FolderWatch::next(FolderChange& /*change*/) noexcept { return false; }
int FolderWatch::watch_once(const File& /*file*/) noexcept { return -1; }
void FolderWatch::unwatch(int /*watched*/) noexcept {}

bool FolderWatch::wait(int milliseconds) noexcept {
  std::unique_lock<std::mutex> lock(state_->mutex);
  return !state_->changed.wait_for(lock, std::chrono::milliseconds(milliseconds), [&] { return state_->signalled; });
}

void FolderWatch::signal() noexcept {
  if (state_ == nullptr) return;  // open() failed: nobody waits
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->signalled = true;
  }
  state_->changed.notify_all();
}

}  // namespace slipring::platform
