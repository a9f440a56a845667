#include "sources/follow/successors.h"

#include <algorithm>
#include <new>
#include <span>
#include <utility>

namespace slipring {

using platform::FolderChange;

namespace {

// More are not kept in mind.
constexpr std::size_t kMostLinks = 64;

void copy_name(std::string_view name, std::span<char> into) noexcept {
  const std::size_t length = std::min(name.size(), into.size() - 1);
  std::copy_n(name.begin(), length, into.begin());  // memcpy() may not be given an empty name
  into[length] = '\0';
}

}  // namespace

void Successors::begin(std::string_view name, std::string_view target) noexcept {
  entries_.clear();
  links_.clear();
  swap_ = {};
  rename(followed_, name);
  lead_to(target);
}

void Successors::lead_to(std::string_view target) noexcept {
  is_link_ = !target.empty();
  if (entries_.empty()) rename(target_, target);
}

void Successors::apply(const FolderChange& change) noexcept {
  using Kind = FolderChange::Kind;
  using Stage = Swap::Stage;
  if (change.kind == Kind::kWritten) return;
  if (change.kind == Kind::kUnknown) return lose_all();
  if (swap_.stage == Stage::kMoved && change.kind == Kind::kMovedAway && change.name == swap_.to) {
    swap_.stage = Stage::kMovingBack;
    swap_.cookie = change.cookie;
    return;
  }
  const bool arrives = change.kind == Kind::kMovedHere;
  const bool is_back = arrives && change.cookie == swap_.cookie && change.name == swap_.from;
  if (swap_.stage == Stage::kMovingBack && is_back) return change_places();
  end_swap();
  lose_who_left(arrives ? &change : nullptr);
  if (arrives) return arrive(change);
  if (change.kind == Kind::kMovedAway) return leave(change.name, change.cookie);
  const bool is_new = change.kind == Kind::kCreated;
  remove(change.name, is_new ? How::kMissing : How::kTold);
  if (is_new && is_followed(change.name)) return add(change.name);
  if (is_new) note_created(change.name);
}

bool Successors::unsettled() const noexcept {
  return swap_.stage != Swap::Stage::kNone ||
         std::ranges::any_of(entries_, [](const Entry& entry) { return entry.name[0] == '\0'; });
}

void Successors::settle() noexcept {
  end_swap();
  lose_who_left(nullptr);
}

const Successors::Entry* Successors::first() const noexcept {
  return entries_.empty() || entries_.front().name[0] == '\0' ? nullptr : &entries_.front();
}

bool Successors::has(uint64_t id) const noexcept {
  return std::ranges::any_of(entries_, [&](const Entry& entry) { return entry.id == id; });
}

void Successors::drop_first() noexcept {
  const Entry first = entries_.front();
  std::erase_if(links_, [&](const Link& link) { return link.of == first.id; });
  entries_.pop_front();
  lost_first() += first.lost_before;
}

void Successors::lose_first() noexcept {
  drop_first();
  ++lost_first();
}

uint64_t Successors::take_lost() noexcept { return std::exchange(lost_first(), 0); }

void Successors::add(std::string_view name) noexcept {
  if (name == followed_.name) rename(target_, "");  // another link, if it is one
  try {
    Entry& entry = entries_.emplace_back();
    rename(entry, name);
    entry.id = entry.stamp;
    entry.lost_before = std::exchange(lost_, 0);
  } catch (const std::bad_alloc&) {
    lose_all();  // as if we had not been told: it is found again by its name
  }
}

void Successors::rename(Entry& entry, std::string_view name) noexcept {
  copy_name(name, entry.name);
  entry.stamp = ++last_stamp_;
}

// Takes the name from whoever has it.
void Successors::leave(std::string_view name, uint32_t cookie) noexcept {
  const auto take = [&](Entry& entry) {
    if (name != entry.name) return;
    rename(entry, "");
    entry.cookie = cookie;
    std::erase_if(links_, [&](const Link& link) { return link.of == entry.id && link.if_missing; });
  };
  for (Entry& entry : entries_) take(entry);
  for (Link& link : links_) take(link.entry);
  copy_name(name, swap_.from);
  swap_.cookie = cookie;
}

void Successors::arrive(const FolderChange& change) noexcept {
  const auto moves = [&](const Entry& entry) { return entry.name[0] == '\0' && entry.cookie == change.cookie; };
  // Not lost yet: see Swap.
  if (Entry* overwritten = find(change.name)) {
    rename(*overwritten, "");
    overwritten->cookie = 0;
    swap_.overwritten = overwritten->id;
  }
  std::erase_if(links_, [&](const Link& link) { return change.name == link.entry.name; });
  const bool concerns_us = swap_.overwritten != 0 || is_followed(change.name) || is_followed(swap_.from);
  if (change.cookie == swap_.cookie && concerns_us) {
    swap_.stage = Swap::Stage::kMoved;
    copy_name(change.name, swap_.to);
  }
  const auto entry = std::ranges::find_if(entries_, moves);
  const auto link = std::ranges::find_if(links_, [&](const Link& candidate) { return moves(candidate.entry); });
  if (entry != entries_.end()) {
    rename(*entry, change.name);
  } else if (is_followed(change.name)) {
    if (link != links_.end()) links_.erase(link);
    add(change.name);
  } else if (link != links_.end()) {
    rename(link->entry, change.name);
  }
}

// Nothing has the name any more, or something new.
void Successors::remove(std::string_view name, How how) noexcept {
  std::erase_if(links_, [&](const Link& link) { return name == link.entry.name; });
  while (const Entry* entry = find(name)) lose(entry->id, how);
}

// What was created may be a link to a file that nobody has opened yet: then that one is not gone when its name is.
// Nobody tells which file it is a link to, so we ask for a name that no other file is likely to get.
void Successors::note_created(std::string_view name) noexcept {
  const std::string_view first_name = is_link_ ? target_.name : followed_.name;
  if (first_name.empty() || !name.starts_with(first_name)) return;
  if (const Entry* file = find(first_name)) note_link(name, *file, false);
}

void Successors::note_link(std::string_view name, const Entry& file, bool if_missing) noexcept {
  if (links_.size() >= kMostLinks) return;
  try {
    Link& link = links_.emplace_back();
    rename(link.entry, name);
    link.of = file.id;
    link.if_missing = if_missing;
  } catch (const std::bad_alloc&) { return; }
}

// A file that was moved there and back again looks the same when there was none with the other name. Then there is none
// now: that will be seen.
void Successors::change_places() noexcept {
  const Swap swap = std::exchange(swap_, {});
  const auto overwritten =
      std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.id == swap.overwritten; });
  if (overwritten != entries_.end()) return rename(*overwritten, swap.from);
  Entry* moved = find(swap.to);
  if (is_followed(swap.from)) {
    if (moved != nullptr) moved->perhaps_later = true;
    add(swap.from);
  } else if (moved != nullptr) {
    note_link(swap.from, *moved, true);
  }
}

void Successors::end_swap() noexcept {
  const Swap swap = std::exchange(swap_, {});
  if (swap.overwritten != 0) lose(swap.overwritten);
  if (swap.stage == Swap::Stage::kMovingBack) {
    leave(swap.to, swap.cookie);
  } else if (swap.stage == Swap::Stage::kNone) {
    swap_ = swap;  // a name that was taken
  }
}

// Unless it has another name.
void Successors::lose(uint64_t id, How how) noexcept {
  const auto entry = std::ranges::find_if(entries_, [&](const Entry& candidate) { return candidate.id == id; });
  if (entry == entries_.end()) return;
  const auto link = std::ranges::find_if(links_, [&](const Link& candidate) {
    const bool counts = !candidate.if_missing || how == How::kMissing;
    return counts && candidate.of == id && candidate.entry.name[0] != '\0';
  });
  if (link != links_.end()) {
    rename(*entry, link->entry.name);
    links_.erase(link);
    return;
  }
  std::erase_if(links_, [&](const Link& candidate) { return candidate.of == id; });
  const bool is_lost = how == How::kTold || !entry->perhaps_later;
  const uint64_t lost = entry->lost_before + (is_lost ? 1 : 0);
  const auto next = entries_.erase(entry);
  (next != entries_.end() ? next->lost_before : lost_) += lost;
}

// The names may be those of others by now. Whatever has the one that is followed will be found.
void Successors::lose_all() noexcept {
  const bool last_is_there = !entries_.empty() && is_followed(entries_.back().name);
  for (const Entry& entry : entries_) lost_ += entry.lost_before + 1;
  if (last_is_there) --lost_;
  entries_.clear();
  links_.clear();
  swap_ = {};
}

// The two halves of a move come one after the other. Who has not arrived by the next change went to another folder.
void Successors::lose_who_left(const FolderChange* arrival) noexcept {
  const auto left = [&](const Entry& entry) {
    return entry.name[0] == '\0' && (arrival == nullptr || entry.cookie != arrival->cookie);
  };
  std::erase_if(links_, [&](const Link& link) { return left(link.entry); });
  for (auto entry = entries_.begin(); (entry = std::ranges::find_if(entries_, left)) != entries_.end();) {
    lose(entry->id);
  }
}

bool Successors::is_followed(std::string_view name) const noexcept {
  return !name.empty() && (name == followed_.name || name == target_.name);
}

Successors::Entry* Successors::find(std::string_view name) noexcept {
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) { return name == entry.name; });
  return found != entries_.end() ? &*found : nullptr;
}

}  // namespace slipring
