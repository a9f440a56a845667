#include "sources/follow/trace_order.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sources/follow/series.h"

namespace slipring {

namespace {

// Below zero when `one` is less.
template <typename Value>
int compare(const Value& one, const Value& other) noexcept {
  return one < other ? -1 : (other < one ? 1 : 0);
}

int compare_births(const Trace& one, const Trace& other) noexcept {
  return one.birth == 0 || other.birth == 0 ? 0 : compare(one.birth, other.birth);
}

// Dates count up.
int compare_names(const Trace& one, const Trace& other, Numbers numbers) noexcept {
  if (one.number && other.number) {
    if (numbers == Numbers::kMixed) return 0;
    const int up = compare(*one.number, *other.number);
    return numbers == Numbers::kUp ? up : -up;
  }
  return Series::differ_in_date(one.name, other.name) ? compare(one.name, other.name) : 0;
}

// `numbered` are in the order of the clock. Only neighbours are asked: where any two differ, two neighbours do. Births
// alone teach nothing, since those of copies are late, but they can contradict.
Numbers learn(const std::vector<Trace>& numbered) {
  std::vector<const Trace*> sorted;
  sorted.reserve(numbered.size());
  for (const Trace& trace : numbered) sorted.push_back(&trace);
  std::ranges::stable_sort(sorted, {}, [](const Trace* trace) { return *trace->number; });
  bool up = false;
  bool down = false;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const Trace& one = *sorted[i - 1];
    const Trace& other = *sorted[i];
    const int written = compare(one.status.modified, other.status.modified);
    if (*one.number == *other.number || written * compare_births(one, other) < 0) continue;
    up |= written < 0;
    down |= written > 0;
  }
  if (up && down) return Numbers::kMixed;
  return up ? Numbers::kUp : Numbers::kDown;
}

}  // namespace

bool Trace::is_before(const Trace& other) const noexcept {
  if (status.modified != other.status.modified) return status.modified < other.status.modified;
  return birth != other.birth ? birth < other.birth : name < other.name;
}

Numbers put_in_order(std::vector<Trace>& traces) {
  std::ranges::sort(traces, [](const Trace& one, const Trace& other) { return one.is_before(other); });
  std::vector<Trace> numbered;
  for (Trace& trace : traces) {
    if (trace.number) numbered.push_back(std::move(trace));
  }
  const Numbers numbers = learn(numbered);
  std::ranges::stable_sort(
      numbered, [&](const Trace& one, const Trace& other) { return compare_names(one, other, numbers) < 0; });
  auto next = numbered.begin();
  for (Trace& trace : traces) {
    if (trace.number) trace = std::move(*next++);
  }
  return numbers;
}

uint64_t numbers_between(uint32_t one, uint32_t other, Numbers numbers) noexcept {
  if (numbers == Numbers::kMixed) return 0;
  const auto [first, last] = numbers == Numbers::kUp ? std::pair(one, other) : std::pair(other, one);
  return last > first ? uint64_t{last} - first - 1 : 0;
}

// Nothing may speak against it that a file came later, since what was read must not come again. That it is older two
// of three may say.
Age age_of(const Trace& trace, const Leaving& left, Numbers numbers) noexcept {
  const uint64_t modified = trace.status.modified;
  const int written = modified > left.modified + kClock ? 1 : -(modified < left.modified ? 1 : 0);
  const int born = std::max(compare_births(trace, left.trace), left.is_copy ? 0 : -1);
  const std::array<int, 3> votes = {written, born, compare_names(trace, left.trace, numbers)};
  const auto later = std::ranges::count(votes, 1);
  const auto older = std::ranges::count(votes, -1);
  const bool is_contradictory = numbers == Numbers::kMixed && trace.number && left.trace.number;
  if (older >= 2 || (older == 1 && later == 0 && !is_contradictory)) return Age::kOlder;
  return older == 0 && later > (is_contradictory ? 1 : 0) ? Age::kLater : Age::kUncertain;
}

}  // namespace slipring
