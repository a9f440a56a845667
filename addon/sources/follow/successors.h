// The files that came to one name in a folder after the one that is followed, oldest first, each with the name that it
// has by now, and how many were lost between them. Knows only what it is told of the folder's changes, in their order;
// opens nothing.
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
    char name[258];        // empty while it is between two names
    uint32_t cookie;       // of the move that took its last name
    uint64_t stamp;        // another one after each thing that happened to it
    uint64_t id;           // the same as long as it is known
    uint64_t lost_before;  // how many came between the one before and this one, and were lost
    bool perhaps_later;    // if nothing has its name, it was moved back, and is the next one
  };

  // `name` is the one that is followed; when it is that of a link, `target` is the one of the file it leads to. What is
  // known is forgotten.
  void begin(std::string_view name, std::string_view target = {}) noexcept;
  // Where the link leads by now, unless it is known to have been replaced since. From its coming until then nothing
  // that is told of a target's name counts.
  void lead_to(std::string_view target) noexcept;

  void apply(const platform::FolderChange& change) noexcept;
  // A file that has the name was found without being told of it.
  void found() noexcept { add(followed_.name); }

  // Whether what was told last may be the first half of something.
  [[nodiscard]] bool unsettled() const noexcept;
  // There is no second half.
  void settle() noexcept;

  // The oldest one; null when there is none, or when it has no name at the moment. Valid until the next change.
  [[nodiscard]] const Entry* first() const noexcept;
  // Whether it is still somewhere.
  [[nodiscard]] bool has(uint64_t id) const noexcept;
  [[nodiscard]] std::size_t count() const noexcept { return entries_.size(); }
  // The oldest one was opened, or is of no use.
  void drop_first() noexcept;
  // How many were lost before the oldest one, or when there is none, at the end. They are told once.
  [[nodiscard]] uint64_t take_lost() noexcept;
  // The oldest one cannot be opened; or nothing has its name, although nobody told of that; or one that was the oldest,
  // and is gone by now, was opened in time.
  void lose_first() noexcept;
  void miss_first() noexcept { lose(entries_.front().id, How::kMissing); }
  void was_not_lost() noexcept { lost_first() -= lost_first() > 0 ? 1 : 0; }

 private:
  // Another name of an entry's file, by a link; or if nothing has the first one, although nobody told of that.
  struct Link {
    Entry entry;
    uint64_t of;
    bool if_missing;
  };
  enum class How : uint8_t { kTold, kMissing };
  // A move, and perhaps one that goes the same way back at once: then two files have changed places, and what seemed to
  // be overwritten by the first one was not.
  struct Swap {
    enum class Stage : uint8_t { kNone, kMoved, kMovingBack } stage = Stage::kNone;
    char from[258] = "";
    char to[258] = "";
    uint32_t cookie = 0;       // of the last change, if that took a name
    uint64_t overwritten = 0;  // the id of an entry
  };

  void add(std::string_view name) noexcept;
  void rename(Entry& entry, std::string_view name) noexcept;
  void leave(std::string_view name, uint32_t cookie) noexcept;
  void arrive(const platform::FolderChange& change) noexcept;
  void remove(std::string_view name, How how) noexcept;
  void note_link(std::string_view name, const Entry& file, bool if_missing) noexcept;
  void note_created(std::string_view name) noexcept;
  void change_places() noexcept;
  void end_swap() noexcept;
  void lose(uint64_t id, How how = How::kTold) noexcept;
  void lose_all() noexcept;
  void lose_who_left(const platform::FolderChange* arrival) noexcept;
  [[nodiscard]] bool is_followed(std::string_view name) const noexcept;
  [[nodiscard]] Entry* find(std::string_view name) noexcept;
  [[nodiscard]] uint64_t& lost_first() noexcept { return entries_.empty() ? lost_ : entries_.front().lost_before; }

  std::deque<Entry> entries_;
  std::deque<Link> links_;
  Entry followed_{};
  Entry target_{};
  bool is_link_ = false;  // the one that is followed
  Swap swap_;
  uint64_t lost_ = 0;  // after the last entry
  uint64_t last_stamp_ = 0;
};

}  // namespace slipring
