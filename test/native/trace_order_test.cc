// In which order the files were at a path of which something is left.
#include "sources/follow/trace_order.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using slipring::Age;
using slipring::Numbers;
using slipring::Trace;

namespace {

struct Made {
  std::string name;
  uint64_t modified = 0;
  uint64_t birth = 0;
  std::optional<uint32_t> number = std::nullopt;
};

Trace make(const Made& made) {
  Trace trace;
  trace.name = made.name;
  trace.status.modified = made.modified;
  trace.birth = made.birth;
  trace.number = made.number;
  return trace;
}

// How the numbers count, and the names in their order.
std::pair<Numbers, std::string> order_of(std::initializer_list<Made> all) {
  std::vector<Trace> traces;
  for (const Made& made : all) traces.push_back(make(made));
  const Numbers numbers = put_in_order(traces);
  std::string names;
  for (const Trace& trace : traces) names += trace.name;
  return {numbers, names};
}

using Order = std::pair<Numbers, std::string>;

constexpr uint64_t kSecond = 1'000'000'000;

// Of a file, when `left` was read to its end.
Age age(const Made& made, const Made& left, Numbers numbers = Numbers::kDown, bool is_copy = false) {
  const Trace trace = make(left);
  return age_of(make(made), {.trace = trace, .modified = left.modified, .is_copy = is_copy}, numbers);
}

}  // namespace

TEST_CASE("files come in the order in which they were written to last, then of their births, then of their names") {
  CHECK(order_of({{"c", 2, 9}, {"b", 3, 1}, {"a", 2, 9}, {"d", 2, 8}}).second == "dacb");
}

TEST_CASE("numbers count as the clock says, and down when it says nothing, and others stay where they are") {
  CHECK(order_of({{"1", 5, 5, 1}, {"3", 5, 5, 3}, {"2", 5, 5, 2}}) == Order(Numbers::kDown, "321"));
  CHECK(order_of({{"1", 5, 5, 1}, {"x", 4}, {"2", 5, 5, 2}, {"3", 3, 3, 3}}) == Order(Numbers::kDown, "3x21"));
  CHECK(order_of({{"1", 1, 0, 1}, {"x", 2}, {"3", 3, 0, 3}, {"2", 3, 0, 2}}) == Order(Numbers::kUp, "1x23"));
}

TEST_CASE("where births contradict, a late writer teaches nothing, and neither do births alone") {
  CHECK(order_of({{"3", 9, 1, 3}, {"2", 5, 2, 2}, {"1", 6, 3, 1}}) == Order(Numbers::kDown, "321"));
  CHECK(order_of({{"2", 5, 2, 2}, {"1", 5, 1, 1}}) == Order(Numbers::kDown, "21"));
}

TEST_CASE("numbers that contradict each other say nothing") {
  CHECK(order_of({{"3", 9, 0, 3}, {"2", 5, 0, 2}, {"1", 6, 0, 1}}) == Order(Numbers::kMixed, "213"));
}

TEST_CASE("between two numbers are those that are missing") {
  CHECK(numbers_between(5, 2, Numbers::kDown) == 2);
  CHECK(numbers_between(2, 5, Numbers::kDown) == 0);
  CHECK(numbers_between(2, 5, Numbers::kUp) == 2);
  CHECK(numbers_between(5, 0, Numbers::kUp) == 0);
  CHECK(numbers_between(5, 2, Numbers::kMixed) == 0);
}

TEST_CASE("a file is later when nothing speaks against it, and older when nothing or two things speak for it") {
  const Made left{"2", 5 * kSecond, 50, 2};
  CHECK(age({"1", 6 * kSecond, 60, 1}, left) == Age::kLater);
  CHECK(age({"1", 5 * kSecond, 50, 1}, left) == Age::kLater);
  CHECK(age({"1", 5 * kSecond, 50, 1}, left, Numbers::kUp) == Age::kOlder);
  CHECK(age({"1", 4 * kSecond, 60, 1}, left) == Age::kUncertain);
  CHECK(age({"1", 4 * kSecond, 60, 1}, left, Numbers::kUp) == Age::kOlder);
  CHECK(age({"3", 6 * kSecond, 60, 3}, left) == Age::kUncertain);
  CHECK(age({"3", 6 * kSecond, 40, 3}, left) == Age::kOlder);
  CHECK(age({"x", 4 * kSecond, 0}, left) == Age::kOlder);
  CHECK(age({"x", 5 * kSecond, 50}, left) == Age::kUncertain);
}

TEST_CASE("what is as old as a place that JavaScript kept is not younger") {
  CHECK(age({"x", 5 * kSecond + 2000}, {"y", 5 * kSecond}) == Age::kUncertain);
  CHECK(age({"x", 5 * kSecond + 2001}, {"y", 5 * kSecond}) == Age::kLater);
}

TEST_CASE("what was born before a copy may be later, and what was born before the file itself may not") {
  CHECK(age({"1", 6 * kSecond, 40, 1}, {"2", 5 * kSecond, 50, 2}, Numbers::kDown, true) == Age::kLater);
  CHECK(age({"1", 6 * kSecond, 40, 1}, {"2", 5 * kSecond, 50, 2}) == Age::kUncertain);
}

TEST_CASE("numbers that contradict each other have to be outvoted") {
  const Made left{"2", 5 * kSecond, 50, 2};
  CHECK(age({"1", 6 * kSecond, 50, 1}, left, Numbers::kMixed) == Age::kUncertain);
  CHECK(age({"1", 4 * kSecond, 50, 1}, left, Numbers::kMixed) == Age::kUncertain);
  CHECK(age({"1", 6 * kSecond, 60, 1}, left, Numbers::kMixed) == Age::kLater);
  CHECK(age({"1", 4 * kSecond, 40, 1}, left, Numbers::kMixed) == Age::kOlder);
}

TEST_CASE("dates count up") {
  CHECK(age({"a-20261129", 5, 50}, {"a-20261130", 5, 50}) == Age::kOlder);
  CHECK(age({"a-20261201", 5, 50}, {"a-20261130", 5, 50}) == Age::kLater);
}
