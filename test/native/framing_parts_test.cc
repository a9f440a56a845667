// Framing between a source that gives its bytes in any pieces and slots of any size.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/framing/delimiter.h"
#include "core/framing/fixed_size.h"
#include "core/framing/frame.h"
#include "core/framing/framing.h"
#include "core/framing/length_prefix.h"

namespace slipring {

namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

// A source of these bytes, in random pieces, sometimes with nothing to give.
struct Script {
  std::string_view input;
  Random& random;
  std::size_t piece;
  bool was_asked_after_end = false;

  static int64_t read(void* self, void* data, size_t size, slipring_chunk* /*chunk*/, slipring_error* /*error*/) {
    auto& script = *static_cast<Script*>(self);
    if (below(script.random, 4) == 0) return SLIPRING_NOTHING;
    if (script.input.empty()) {
      REQUIRE(!script.was_asked_after_end);
      script.was_asked_after_end = true;
      return SLIPRING_END;
    }
    const std::size_t length = std::min({size, script.input.size(), 1 + below(script.random, script.piece)});
    std::memcpy(data, script.input.data(), length);
    script.input.remove_prefix(length);
    return static_cast<int64_t>(length);
  }
};

struct Outcome {
  std::vector<std::string> records;
  int32_t error = 0;
  bool operator==(const Outcome&) const = default;
};

struct Margins {
  std::size_t head = 0;
  std::size_t tail = 0;
};

Outcome run(Framing::Rules rules, std::string_view input, Margins margins, Random& random) {
  slipring_source source{};
  source.read = Script::read;
  Script script{input, random, 1 + below(random, 200)};
  Framing framing(std::move(rules));
  Outcome outcome;
  std::string unfinished;
  bool goes_on = false;
  for (;;) {
    std::vector<std::byte> slot(64 + 8 * below(random, 20));
    slipring_chunk chunk{};
    chunk.struct_size = sizeof chunk;
    slipring_error error{};
    const int64_t length = framing.read(source, &script, slot, chunk, error);
    if (length == SLIPRING_NOTHING) continue;
    if (length == SLIPRING_FAILED) outcome.error = error.number;
    if (length < 0 || (length == 0 && chunk.record_count == 0)) break;
    const std::size_t table = (static_cast<std::size_t>(length) + 7) / 8 * 8;
    REQUIRE(table + 4 * chunk.record_count <= slot.size());
    std::size_t begin = 0;
    for (uint32_t i = 0; i < chunk.record_count; ++i) {
      uint32_t entry = 0;
      std::memcpy(&entry, slot.data() + table + 4 * i, 4);
      const std::size_t end = entry & Ends::kLargest;
      if (!goes_on) begin += margins.head;
      unfinished += std::string(reinterpret_cast<const char*>(slot.data()) + begin, end - begin);
      goes_on = false;
      outcome.records.push_back(std::move(unfinished));
      unfinished.clear();
      begin = end + margins.tail + ((entry & Ends::kReturn) != 0 ? 1 : 0);
    }
    if (chunk.record_count == 0) {
      const std::size_t head = goes_on ? 0 : margins.head;
      unfinished +=
          std::string(reinterpret_cast<const char*>(slot.data()) + head, static_cast<std::size_t>(length) - head);
      goes_on = true;
    }
  }
  CHECK(!goes_on);
  return outcome;
}

std::string random_text(Random& random, std::string_view alphabet, std::size_t length) {
  std::string text;
  while (text.size() < length) text += alphabet[below(random, alphabet.size())];
  return text;
}

// Mostly short ones, some longer than any slot.
std::size_t random_length(Random& random) { return below(random, below(random, 10) == 0 ? 1500 : 30); }

constexpr int kInputs = 2000;
constexpr std::size_t kLongest = 4000;

}  // namespace

TEST_CASE("lines come whole, whatever the pieces and the slots, also those that are longer than a slot") {
  Random random(1);
  for (int i = 0; i < kInputs; ++i) {
    Outcome expected;
    std::string input;
    const std::string delimiter = i % 3 == 0 ? "\n" : i % 3 == 1 ? "--" : "abcdefghijklmnop";
    for (std::size_t left = below(random, 30); left > 0; --left) {
      expected.records.push_back(random_text(random, "xyz", random_length(random)));
      input += expected.records.back() + (delimiter == "\n" && below(random, 2) == 0 ? "\r" : "") + delimiter;
    }
    if (below(random, 2) == 0) {
      expected.records.push_back(random_text(random, "xyz", 1 + random_length(random)));
      input += expected.records.back();
    }
    Framing::Rules rules{
        std::make_unique<DelimiterFramer>(std::as_bytes(std::span(delimiter)), delimiter == "\n", kLongest), kLongest,
        Framing::Long::kFail, true};
    CHECK(run(std::move(rules), input, {.tail = delimiter.size()}, random) == expected);
  }
}

TEST_CASE("a record of a prefix comes whole, and a beginning of one is an error after all before it") {
  Random random(2);
  for (int i = 0; i < kInputs; ++i) {
    Outcome expected;
    std::string input;
    for (std::size_t left = below(random, 20); left > 0; --left) {
      expected.records.push_back(random_text(random, "xyz", random_length(random)));
      const std::size_t size = expected.records.back().size();
      input += {static_cast<char>(size >> 8), static_cast<char>(size)};
      input += expected.records.back();
    }
    if (!input.empty() && below(random, 3) == 0) {
      input.pop_back();
      expected.records.pop_back();
      expected.error = Framing::kIncomplete;
    }
    Framing::Rules rules{std::make_unique<LengthPrefixFramer>(LengthPrefix{.width = 2, .is_big_endian = true}),
                         kLongest, Framing::Long::kFail, false};
    CHECK(run(std::move(rules), input, {.head = 2}, random) == expected);
  }
}

TEST_CASE("frames come whole, and without what was escaped in them") {
  Random random(3);
  for (int i = 0; i < kInputs; ++i) {
    Outcome expected;
    std::string input;
    for (std::size_t left = below(random, 20); left > 0; --left) {
      expected.records.push_back(random_text(random, "\xC0\xDBx", 1 + random_length(random)));
      for (const char byte : expected.records.back()) {
        input += byte == '\xC0' ? "\xDB\xDC" : byte == '\xDB' ? "\xDB\xDD" : std::string(1, byte);
      }
      input += '\xC0';
    }
    Framing::Rules rules{std::make_unique<FrameFramer>(kSlip), kLongest, Framing::Long::kFail, false};
    CHECK(run(std::move(rules), input, {}, random) == expected);
  }
}

TEST_CASE("a record that is longer than it may be is an error after all before it, or is split") {
  Random random(4);
  for (int i = 0; i < 200; ++i) {
    const std::string input = "one\n" + std::string(1000, 'x') + "\ntwo\n";
    const auto rules = [&](Framing::Long what) {
      const auto delimiter = std::as_bytes(std::span("\n", 1));
      return Framing::Rules{std::make_unique<DelimiterFramer>(delimiter, false, 300), 300, what, true};
    };
    const Outcome failed = run(rules(Framing::Long::kFail), input, {.tail = 1}, random);
    CHECK(failed.records == std::vector<std::string>{"one"});
    CHECK(failed.error == Framing::kTooLong);
    const Outcome split = run(rules(Framing::Long::kSplit), input, {.tail = 1}, random);
    CHECK(split.error == 0);
    std::string all;
    for (const std::string& record : split.records) all += record;
    CHECK(all == "one" + std::string(1000, 'x') + "two");
    CHECK(split.records.front() == "one");
    CHECK(split.records.back() == "two");
    const Outcome truncated = run(rules(Framing::Long::kTruncate), input, {.tail = 1}, random);
    CHECK(truncated.records == std::vector<std::string>{"one", std::string(300, 'x'), "two"});
  }
}

}  // namespace slipring
