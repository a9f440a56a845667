#include "sources/successors.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace slipring {

using platform::FolderChange;

void Successors::begin(std::string_view name) noexcept {
  entries_.clear();
  rename(followed_, name);
}

void Successors::apply(const FolderChange& change) noexcept {
  if (change.kind == FolderChange::Kind::kWritten) return;
  if (change.kind == FolderChange::Kind::kUnknown) {
    entries_.clear();  // the names may be those of others by now
    return;
  }
  const bool followed = change.name == followed_.name;
  forget_who_left(change);
  switch (change.kind) {
    case FolderChange::Kind::kMovedAway:
      for (Entry& entry : entries_) {
        if (change.name != entry.name) continue;
        rename(entry, "");
        entry.cookie = change.cookie;
      }
      return;
    case FolderChange::Kind::kMovedHere: {
      remove(change.name);
      const auto moved = std::ranges::find_if(
          entries_, [&](const Entry& entry) { return entry.name[0] == '\0' && entry.cookie == change.cookie; });
      if (moved != entries_.end()) return rename(*moved, change.name);
      if (followed) add(change.name);
      return;
    }
    case FolderChange::Kind::kCreated:
      remove(change.name);
      if (followed) add(change.name);
      return;
    default:
      remove(change.name);
  }
}

const Successors::Entry* Successors::first() const noexcept {
  return entries_.empty() || entries_.front().name[0] == '\0' ? nullptr : &entries_.front();
}

bool Successors::has(uint64_t id) const noexcept {
  return std::ranges::any_of(entries_, [&](const Entry& entry) { return entry.id == id; });
}

void Successors::add(std::string_view name) noexcept {
  try {
    Entry& entry = entries_.emplace_back();
    rename(entry, name);
    entry.id = entry.stamp;
  } catch (const std::bad_alloc&) {
    entries_.clear();  // as if we had not been told: it is found again by its name
  }
}

void Successors::remove(std::string_view name) noexcept {
  std::erase_if(entries_, [&](const Entry& entry) { return name == entry.name; });
}

void Successors::rename(Entry& entry, std::string_view name) noexcept {
  const std::size_t length = std::min(name.size(), sizeof entry.name - 1);
  std::memcpy(entry.name, name.data(), length);
  entry.name[length] = '\0';
  entry.stamp = ++last_stamp_;
}

// The two halves of a move come one after the other. Who has not arrived by the next change went to another folder.
void Successors::forget_who_left(const FolderChange& change) noexcept {
  const bool arrival = change.kind == FolderChange::Kind::kMovedHere;
  std::erase_if(entries_, [&](const Entry& entry) {
    return entry.name[0] == '\0' && (!arrival || entry.cookie != change.cookie);
  });
}

}  // namespace slipring
