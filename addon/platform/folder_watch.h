// Tells what happens to the names of files in a folder, in order, and that a file was written to. On Linux the kernel
// tells; where it does not, or will not, nothing is told, and whoever waits looks for himself from time to time.
//
// What the name leads to may be in another folder, if it is that of a symbolic link. Then that is watched, too, and the
// names in there begin with a slash here.
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

  // From now on the folder that `path` is in is watched instead of any other, and that of the file it leads to. Returns
  // 0 or an errno; then no folder is.
  int watch_folder_of(const char* path) noexcept;
  // Whether a folder is watched.
  [[nodiscard]] bool has_folder() const noexcept;
  // The path's name in its folder.
  [[nodiscard]] const char* name() const noexcept;
  // When that is a link: the name of the file it leads to. Otherwise, and when there is none, it is empty.
  [[nodiscard]] const char* target() const noexcept;
  // Opens what has `name` in the watched folder, for reading. Returns 0 or an errno.
  [[nodiscard]] int open_file(const char* name, File& file) const noexcept;
  // Whether that is a symbolic link.
  [[nodiscard]] bool is_link(const char* name) const noexcept;

  // Waits for what is just happening to a name in the folder: all that can be seen there is told by next() then. False
  // when that is not certain.
  [[nodiscard]] bool settle() const noexcept;
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
