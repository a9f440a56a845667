// How a succession begins where somebody has left off.
#include <algorithm>
#include <iterator>
#include <utility>

#include "sources/follow/succession.h"

namespace slipring {

using platform::File;
using platform::FileStatus;

// Reading thread. The folder was watched before, so what comes to the path since then is told of; what came before is
// found here.
const char* Succession::resume(const ResumePoint& point, File& file, Bookmark& place) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Traces traces(path_, point);
  catch_up();
  open_successors();
  const auto is_held = [&](const FileStatus& status) {
    return std::ranges::find_if(held_, [&](const Held& held) { return held.status.same_file(status); });
  };
  const bool is_open = file.descriptor() != -1;
  traces.sort([&](const FileStatus& status) {
    return (is_open && status.same_file(current_)) || is_held(status) != held_.end();
  });
  // One that was written to last before what was read has come back to the path: it was read as well.
  if (traces.why_lost() != nullptr && is_open && current_.modified < point.modified()) {
    left_.leave(file, Bookmark(current_.size));
  }
  if (traces.target_is_known()) {
    if (!is_open || !traces.target()->status.same_file(current_)) {
      held_.erase(held_.begin(), is_held(traces.target()->status) + 1);
    }
  } else {
    hold_before(traces, std::move(file));
  }
  if (std::optional<Trace>& target = traces.target()) {
    file = std::move(target->file);
    current_ = target->status;
    place = Bookmark(point.offset());
    place.look_back(file);
    place.know(point.id());
  } else {
    lost_before_current_ += traces.lost();
    begin_with_first(file, place);
  }
  return traces.why_lost();
}

// With the mutex. What came after the target, and then the file at the path, are before those that came since.
void Succession::hold_before(Traces& traces, File file) {
  std::deque<Held> held;
  for (Trace& trace : traces.later()) {
    held.push_back(
        {.file = std::move(trace.file), .status = trace.status, .watched = -1, .lost_before = trace.lost_before});
  }
  if (file.descriptor() != -1) {
    held.push_back({.file = std::move(file), .status = current_, .watched = -1, .lost_before = traces.lost_behind()});
  } else {
    (held_.empty() ? lost_ : held_.front().lost_before) += traces.lost_behind();
  }
  std::ranges::move(held_, std::back_inserter(held));
  held_ = std::move(held);
}

// With the mutex. The oldest that is left, if there is one.
void Succession::begin_with_first(File& file, Bookmark& place) {
  current_ = {};
  if (held_.empty()) return;
  Held& first = held_.front();
  const Bookmark* left = left_.place_in(first.file, first.status);
  place = left != nullptr ? *left : Bookmark();
  lost_before_current_ += first.lost_before;
  file = std::move(first.file);
  current_ = first.status;
  held_.pop_front();
}

}  // namespace slipring
