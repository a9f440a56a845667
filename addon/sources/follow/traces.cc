#include "sources/follow/traces.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "platform/folder.h"

namespace slipring {

using platform::FileStatus;

namespace {

// How often to look again, because something was renamed meanwhile.
constexpr int kMostLooks = 16;

// What leads to the path is in the folder of what it leads to.
std::string place_of(const std::string& path) {
  std::string real = platform::real_path(path);
  return real.empty() ? path : real;
}

}  // namespace

Traces::Traces(const std::string& path, const ResumePoint& point)
    : series_(platform::parts_of(place_of(path)).name), point_(point) {
  const std::string folder = platform::parts_of(place_of(path)).folder;
  for (int looks = 0; looks < kMostLooks && !look(folder); ++looks) {}
  numbers_ = put_in_order(found_);
}

// Whether nothing was renamed since the last look: a name that comes while a folder is listed may be missed, and that
// file's old name as well.
bool Traces::look(const std::string& folder) {
  std::vector<std::string> names;
  found_.clear();
  compressed_.clear();
  static_cast<void>(platform::list_folder(folder, names));  // what cannot be listed has nothing to show
  std::ranges::sort(names);
  for (const std::string& name : names) see(folder, name);
  // With its file: a name may have got another one's.
  std::vector<std::string> seen;
  for (const Trace& trace : found_) seen.push_back(trace.name + '/' + std::to_string(trace.status.number));
  return std::exchange(names_, std::move(seen)) == names_ && !names_.empty();
}

void Traces::see(const std::string& folder, const std::string& name) {
  const bool is_of_series = series_.has(name);
  const std::string path = folder + '/' + name;
  FileStatus status;
  if (status_of(path.c_str(), status) != 0 || !status.regular) return;
  if (series_.has_compressed(name)) compressed_.push_back(status.modified);
  if (!is_of_series && !point_.id().may_be(status)) return;
  Trace trace;
  if (trace.file.open(path.c_str(), 0, 0) != 0 || status_of(trace.file, trace.status) != 0) return;
  if (!is_of_series && !point_.is_in(trace.file)) return;
  const auto is_it = [&](const Trace& other) { return other.status.same_file(trace.status); };
  if (std::ranges::any_of(found_, is_it)) return;  // a second name
  trace.birth = birth_of(trace.file);
  trace.number = series_.number_of(name);
  trace.name = name;
  found_.push_back(std::move(trace));
}

// The file itself; or if that was cut, the last that it was copied to before.
void Traces::sort(const Known& known) {
  // Whatever clocks say, the known ones are the last.
  std::stable_partition(found_.begin(), found_.end(), [&](const Trace& trace) { return !known(trace.status); });
  const auto is_it = [&](const Trace& trace) { return point_.is_in(trace.file); };
  const auto is_copy = [&](const Trace& trace) { return point_.is_in_copy(trace.file); };
  const auto is_cut = [&](const Trace& trace) { return point_.id().is_number_of(trace.file); };
  if (const auto itself = std::ranges::find_if(found_, is_it); itself != found_.end()) {
    target_is_known_ = known(itself->status);
    take(itself, false);
  } else if (const auto copy = std::find_if(found_.rbegin(), found_.rend(), is_copy); copy != found_.rend()) {
    take(copy.base() - 1, true);
  } else {
    lose(std::ranges::find_if(found_, is_cut), known);
  }
  take_later(known);
}

void Traces::take(Traced trace, bool is_copy) {
  target_ = std::move(*trace);
  target_is_copy_ = is_copy;
  // What is younger than a file that is at the path was copied from it.
  found_.erase(target_is_known_ ? found_.begin() : trace, trace + 1);
}

// Keeps what surely came after it.
void Traces::lose(Traced itself, const Known& known) {
  lost_ = 1;
  if (itself != found_.end()) {
    why_lost_ = ResumePoint::kCut;
    // What is in it now came later; unless it is known, it stays.
    std::erase_if(found_, [&, number = itself->status](const Trace& trace) {
      return known(trace.status) || !(trace.status.same_file(number) || is_younger(trace));
    });
    return;
  }
  std::erase_if(found_, [&](const Trace& trace) { return !is_younger(trace); });
  const uint64_t since = std::max(point_.modified(), point_.id().birth());
  std::erase_if(compressed_, [&](uint64_t modified) { return modified < since; });
  why_lost_ = compressed_.empty() ? ResumePoint::kGone : ResumePoint::kCompressed;
  if (!compressed_.empty()) lost_ = compressed_.size();
}

// Whether it came after the file that was read. When nobody knows how old that was, birth has to do, and one that was
// still there then had no copies. A copy of that file itself has what was read as well, and more.
bool Traces::is_younger(const Trace& trace) const noexcept {
  if (point_.may_be_in(trace.file)) return false;
  const uint64_t birth = point_.id().birth();
  if (trace.birth != 0 && trace.birth < birth) return false;  // whoever wrote to it later
  if (point_.modified() != 0) return trace.status.modified > point_.modified() + kClock;
  return why_lost_ == nullptr && birth != 0 && trace.birth > birth;
}

Age Traces::age_of(const Trace& trace) const noexcept {
  if (!target_) return Age::kLater;  // it is left, and so it is younger
  const uint64_t modified = point_.modified() != 0 ? point_.modified() : target_->status.modified;
  return slipring::age_of(trace, {.trace = *target_, .modified = modified, .is_copy = target_is_copy_}, numbers_);
}

// Rotations count without a gap: whose number is missing is lost. So is what may have been read.
void Traces::take_later(const Known& known) {
  std::optional<uint32_t> last;
  if (target_ && !target_is_known_) last = target_->number;
  for (Trace& trace : found_) {
    const bool is_known = known(trace.status);
    const Age age = is_known ? Age::kLater : age_of(trace);
    if (age == Age::kOlder) continue;
    const std::optional<uint32_t> number = trace.number;
    if (last && number) lost_behind_ += numbers_between(*last, *number, numbers_);
    // The one at the path has no number, and comes after the first.
    if (number || !is_known) last = number;
    if (is_known) continue;
    if (age == Age::kUncertain) {
      ++lost_behind_;
      continue;
    }
    trace.lost_before = std::exchange(lost_behind_, 0);
    later_.push_back(std::move(trace));
  }
  if (last) lost_behind_ += numbers_between(*last, 0, numbers_);
}

}  // namespace slipring
