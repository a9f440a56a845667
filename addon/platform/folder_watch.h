// Tells what happens to the names in a folder, in order, and that a file was written to. On Linux the kernel tells;
// where it does not, or will not, nothing is told, and whoever waits looks for himself from time to time.
//
// One thread waits. next(), watch_folder_of(), open_file(), watch_once() and unwatch() may be called by several, one at
// a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "platform/file.h"

namespace slipring::platform {

struct FolderChange {
  enum class Kind : uint8_t {
    kCreated,
    kMovedAway,  // from this name; followed by kMovedHere with the same cookie if it stays in the folder
    kMovedHere,  // whatever had this name before is gone
    kDeleted,
    kWritten,  // a file of watch_once(); no name
    kUnknown,  // something was missed: what the names stand for is to be found out anew
  };
  Kind kind = Kind::kUnknown;
  uint32_t cookie = 0;
  std::string_view name;  // valid until the next call of next()
};

class FolderWatch {
 public:
  FolderWatch();
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  // Before anything else. Without `notified` nothing is ever told. Returns 0 or an errno.
  [[nodiscard]] int open(bool notified);

  // From now on the folder that the file at `path` is in, links followed, is watched instead of any other. Returns 0 or
  // an errno; then no folder is.
  int watch_folder_of(const char* path) noexcept;
  // Whether a folder is watched.
  [[nodiscard]] bool has_folder() const noexcept;
  // The name of that file in its folder.
  [[nodiscard]] const char* name() const noexcept;
  // Opens what has `name` in the watched folder, for reading. Returns 0 or an errno.
  [[nodiscard]] int open_file(const char* name, File& file) const noexcept;

  // The next thing that happened. False when there is none.
  [[nodiscard]] bool next(FolderChange& change) noexcept;

  // wait() returns once when the file was written to, or cut, since now. Returns a number for unwatch(), or -1 when
  // that will not be told.
  [[nodiscard]] int watch_once(const File& file) noexcept;
  void unwatch(int watched) noexcept;

  // Blocks until something happened, but not longer than that. False after signal().
  [[nodiscard]] bool wait(int milliseconds) noexcept;
  // Any thread. From now on wait() returns false at once.
  void signal() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace slipring::platform
