// The files that came to one name in a folder after the one that is followed, oldest first, each with the name that it
// has by now. Knows only what it is told of the folder's changes, in their order; opens nothing.
//
// One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>

#include "platform/folder_watch.h"

namespace slipring {

class Successors {
 public:
  struct Entry {
    char name[256];   // empty while it is between two names
    uint32_t cookie;  // of the move that took its last name
    uint64_t stamp;   // another one after each thing that happened to it
    uint64_t id;      // the same as long as it is known
  };

  // `name` is the one that is followed. What is known is forgotten.
  void begin(std::string_view name) noexcept;

  void apply(const platform::FolderChange& change) noexcept;
  // A file that has the name was found without being told of it.
  void found() noexcept { add(followed_.name); }

  // The oldest one; null when there is none, or when it has no name at the moment. Valid until the next change.
  [[nodiscard]] const Entry* first() const noexcept;
  // Whether it is still somewhere.
  [[nodiscard]] bool has(uint64_t id) const noexcept;
  [[nodiscard]] std::size_t count() const noexcept { return entries_.size(); }
  // The oldest one was opened, or is of no use.
  void drop_first() noexcept { entries_.pop_front(); }

 private:
  void add(std::string_view name) noexcept;
  void remove(std::string_view name) noexcept;
  void rename(Entry& entry, std::string_view name) noexcept;
  void forget_who_left(const platform::FolderChange& change) noexcept;

  std::deque<Entry> entries_;
  Entry followed_{};
  uint64_t last_stamp_ = 0;
};

}  // namespace slipring
