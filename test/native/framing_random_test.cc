// Framing of random inputs, cut in random places, into slots of random sizes, against a reference.
#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framing_formats.h"

namespace slipring {

namespace {

using test::below;
using test::Expected;
using test::Format;
using test::Random;
using test::random_text;
using test::Said;

std::string in_one_line(const test::Words& words) {
  std::string line;
  for (const std::string& word : words) {
    for (const char byte : word)
      line += byte >= ' ' ? std::string(1, byte) : std::string("\\").append(std::to_string(byte));
    line += '|';
  }
  return line;
}

// What there is between two inputs, and behind the last: the source says one thing or two.
struct Break {
  uint64_t lost = 0;
  bool is_another = false;
  bool follows = false;  // it is told with the bytes before it
  [[nodiscard]] bool is_one() const { return lost > 0 || is_another || follows; }
};

Break random_break(Random& random) {
  Break made{.lost = below(random, 3), .is_another = below(random, 2) == 0, .follows = below(random, 4) == 0};
  if (made.lost == 2 && below(random, 2) == 0) made.lost = SLIPRING_LOST_UNKNOWN;
  return made;
}

// The input in pieces, with nothing between some of them.
void say(Random& random, std::string input, const Break& before, std::vector<Said>& said) {
  Said next{.lost = before.lost, .flags = before.is_another ? SLIPRING_CHUNK_ANOTHER : 0};
  const std::size_t piece = 1 + below(random, 90);
  while (!input.empty() || next.lost > 0 || next.flags != 0) {
    if (below(random, 5) > 0) {
      next.bytes = input.substr(0, 1 + below(random, piece));
      input.erase(0, next.bytes.size());
    }
    if (below(random, 2) == 0) next.flags |= next.bytes.empty() ? 0 : SLIPRING_CHUNK_MORE;
    said.push_back(std::exchange(next, {}));
  }
}

void compare(const Format& format, Random& random) {
  std::vector<Said> said;
  Expected expected;
  std::string all;
  const std::size_t inputs = 1 + below(random, 3);
  Break before;
  bool is_over = false;
  for (std::size_t i = 0; i < inputs; ++i) {
    const std::string input = random_text(random, format.alphabet, below(random, below(random, 4) == 0 ? 400 : 90));
    say(random, input, before, said);
    const bool is_last = i + 1 == inputs;
    const bool fails = is_last && below(random, 4) == 0;
    before = is_last && below(random, 2) == 0 ? Break{} : random_break(random);
    if (said.empty() || said.back().bytes.empty()) before.follows = false;
    if (!is_last && !before.is_one()) before.is_another = true;
    if (before.follows) said.back().flags |= SLIPRING_CHUNK_LOSS_FOLLOWS;
    if (is_last) {
      said.push_back({.result = fails ? SLIPRING_FAILED : SLIPRING_END,
                      .lost = before.lost,
                      .flags = before.is_another ? SLIPRING_CHUNK_ANOTHER : 0});
    }
    if (is_over) continue;
    const std::optional<std::size_t> rest = format.tell(input, before.is_one() || !fails, expected);
    is_over = !rest;
    if (is_over) continue;
    if (*rest < input.size()) {
      if (before.is_one()) expected.told.lost(1);
      if (!before.is_one() && is_last && !fails) {
        expected.told.add(std::string("! incomplete at ").append(std::to_string(expected.before + *rest)));
        is_over = true;
        continue;
      }
    }
    expected.before += input.size();
    if (before.follows) expected.told.lost(SLIPRING_LOST_UNKNOWN);
    if (before.lost > 0) expected.told.lost(before.lost);
    if (is_last) expected.told.add(fails ? "! failed" : "! end");
  }
  Framing::Rules rules{format.framer(), format.longest, format.long_records, format.ends_with_source};
  const auto slot_size = [&] { return 64 + 8 * below(random, 20); };
  const auto told = test::frame(std::move(rules), std::move(said), format.tail, slot_size);
  if (told != expected.told.words()) CHECK(in_one_line(told) == in_one_line(expected.told.words()));
}

}  // namespace

TEST_CASE("50000 random inputs between delimiters become what the reference says") {
  Random random(1);
  for (int i = 0; i < 50'000; ++i) compare(test::delimited(random), random);
}

TEST_CASE("10000 random inputs of records of one size become what the reference says") {
  Random random(2);
  for (int i = 0; i < 10'000; ++i) compare(test::sized(random), random);
}

TEST_CASE("15000 random inputs with lengths before the records become what the reference says") {
  Random random(3);
  for (int i = 0; i < 15'000; ++i) compare(test::prefixed(random), random);
}

TEST_CASE("25000 random inputs of frames become what the reference says") {
  Random random(4);
  for (int i = 0; i < 25'000; ++i) compare(test::framed(random, i % 2 == 0), random);
}

}  // namespace slipring
