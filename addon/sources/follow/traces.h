// What is left in a folder of the files that were at a path, and where among them somebody has left off: the file that
// he read, whatever its name is now, and those that came after it.
//
// Reading thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/file_status.h"
#include "sources/follow/series.h"
#include "sources/follow/trace_order.h"
#include "sources/resume_point.h"

namespace slipring {

class Traces {
 public:
  using Known = std::function<bool(const platform::FileStatus&)>;

  // Looks until nothing is renamed meanwhile.
  Traces(const std::string& path, const ResumePoint& point);
  // Then, once: finds out what is what. `known` are the file at the path and those that came to it since.
  void sort(const Known& known);

  // Where to read on; nothing when it is lost.
  [[nodiscard]] std::optional<Trace>& target() noexcept { return target_; }
  // Those that came after it, in their order, but for the known ones.
  [[nodiscard]] std::vector<Trace>& later() noexcept { return later_; }
  // Why there is no target; null when there is one.
  [[nodiscard]] const char* why_lost() const noexcept { return why_lost_; }
  // Whether it is among the known ones.
  [[nodiscard]] bool target_is_known() const noexcept { return target_is_known_; }
  // How many files are lost in its place, and behind all that came later.
  [[nodiscard]] uint64_t lost() const noexcept { return lost_; }
  [[nodiscard]] uint64_t lost_behind() const noexcept { return lost_behind_; }

 private:
  [[nodiscard]] bool look(const std::string& folder);
  void see(const std::string& folder, const std::string& name);
  using Traced = std::vector<Trace>::iterator;

  void take(Traced trace, bool is_copy);
  void lose(Traced itself, const Known& known);
  [[nodiscard]] bool is_younger(const Trace& trace) const noexcept;
  [[nodiscard]] Age age_of(const Trace& trace) const noexcept;
  void take_later(const Known& known);

  const Series series_;
  const ResumePoint point_;
  std::vector<Trace> found_;
  Numbers numbers_ = Numbers::kDown;
  std::vector<uint64_t> compressed_;  // when each was written to last
  std::vector<std::string> names_;    // that were found
  std::optional<Trace> target_;
  bool target_is_copy_ = false;
  std::vector<Trace> later_;
  bool target_is_known_ = false;
  const char* why_lost_ = nullptr;
  uint64_t lost_ = 0;
  uint64_t lost_behind_ = 0;
};

}  // namespace slipring
