// Framers against what their formats say, and against a reference that sees the whole input at once.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/framing/delimiter.h"
#include "core/framing/fixed_size.h"
#include "core/framing/frame.h"
#include "core/framing/length_prefix.h"

namespace slipring {

namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// What a format makes of an input: the records, and the rest, whose end is not there.
struct Result {
  std::vector<std::string> records;
  std::string rest;
  std::size_t damaged = 0;
  bool too_long = false;
  bool operator==(const Result&) const = default;
};

// How many bytes lie between the begin and the content of a record, and between its content and the next one.
struct Margins {
  std::size_t head = 0;
  std::size_t tail = 0;
};

// Hands the input on in random pieces, with random room for it and for the ends, as a pump does.
Result frame_in_pieces(const Framer& framer, std::string_view input, Margins margins, Random& random) {
  Result result;
  std::string memory;
  std::size_t seen = 0;
  while (!input.empty() || seen != memory.size()) {
    const std::size_t piece = std::min(input.size(), 1 + below(random, 40));
    memory += input.substr(0, piece);
    input.remove_prefix(piece);
    std::vector<uint32_t> room(1 + below(random, 5));
    Ends ends(room);
    const Framed framed = framer.find(std::as_writable_bytes(std::span(memory)), seen, ends);
    REQUIRE(framed.length <= framed.consumed);
    std::size_t begin = 0;
    for (const uint32_t entry : ends.all()) {
      const std::size_t end = entry & ~Ends::kReturn;
      result.records.push_back(memory.substr(begin + margins.head, end - begin - margins.head));
      begin = end + margins.tail + ((entry & Ends::kReturn) != 0 ? 1 : 0);
    }
    CHECK(begin == framed.length);
    result.damaged += framed.damaged;
    result.too_long = framed.too_long;
    memory.erase(0, framed.consumed);
    if (framed.too_long) break;
    seen = ends.full() || framed.damaged > 0 ? 0 : memory.size();
  }
  result.rest = memory + std::string(input);
  return result;
}

std::string random_text(Random& random, std::string_view alphabet, std::size_t length) {
  std::string text;
  while (text.size() < length) text += alphabet[below(random, alphabet.size())];
  return text;
}

Result split(std::string_view input, std::string_view delimiter, bool takes_return) {
  Result result;
  for (;;) {
    const std::size_t at = input.find(delimiter);
    if (at == std::string_view::npos) break;
    std::string_view record = input.substr(0, at);
    if (takes_return && record.ends_with('\r')) record.remove_suffix(1);
    result.records.emplace_back(record);
    input.remove_prefix(at + delimiter.size());
  }
  result.rest = input;
  return result;
}

std::string slip_frame(std::string_view record) {
  std::string frame;
  for (const char byte : record) {
    if (byte == '\xC0') {
      frame += "\xDB\xDC";
    } else if (byte == '\xDB') {
      frame += "\xDB\xDD";
    } else {
      frame += byte;
    }
  }
  return frame + '\xC0';
}

// As the paper writes it: each block begins with one more than the number of bytes up to the next zero, 254 at most.
std::string cobs_frame(std::string_view record) {
  std::string frame;
  std::string with_zero(record);
  with_zero += '\0';
  for (std::size_t begin = 0; begin < with_zero.size();) {
    const std::size_t zero = with_zero.find('\0', begin);
    const std::size_t length = std::min<std::size_t>(zero - begin, 254);
    frame += static_cast<char>(length + 1);
    frame += with_zero.substr(begin, length);
    begin += length + (length < 254 ? 1 : 0);
    if (length == 254 && begin == with_zero.size() - 1) break;  // the zero at the end needs no block of its own
  }
  return frame + '\0';
}

constexpr int kInputs = 4000;

}  // namespace

TEST_CASE("a line ends with a line feed, and a carriage return before it is no part of it") {
  Random random(1);
  const DelimiterFramer framer(bytes_of("\n"), true, SIZE_MAX);
  const Result result = frame_in_pieces(framer, "one\r\n\n\r\n\r\r\ntwo\rthree\nfour\r", {.tail = 1}, random);
  CHECK(result.records == std::vector<std::string>{"one", "", "", "\r", "two\rthree"});
  CHECK(result.rest == "four\r");
}

TEST_CASE("records between delimiters are those of a search in the whole input") {
  Random random(2);
  for (int i = 0; i < kInputs; ++i) {
    const std::string delimiter = random_text(random, "ab\r\n", 1 + below(random, i % 8 == 0 ? 16 : 3));
    const std::string input = random_text(random, "ab\r\n", below(random, 300));
    const bool takes_return = delimiter == "\n" || below(random, 4) == 0;
    const DelimiterFramer framer(bytes_of(delimiter), takes_return, SIZE_MAX);
    CHECK(frame_in_pieces(framer, input, {.tail = delimiter.size()}, random) == split(input, delimiter, takes_return));
  }
}

TEST_CASE("records of one size are as many as fit") {
  Random random(3);
  for (int i = 0; i < kInputs; ++i) {
    const std::size_t size = 1 + below(random, 50);
    const std::string input = random_text(random, "abc", below(random, 300));
    Result expected;
    std::size_t at = 0;
    for (; input.size() - at >= size; at += size) expected.records.push_back(input.substr(at, size));
    expected.rest = input.substr(at);
    CHECK(frame_in_pieces(FixedSizeFramer(size), input, {}, random) == expected);
  }
}

TEST_CASE("records that begin with their length are those that were written") {
  Random random(4);
  for (int i = 0; i < kInputs; ++i) {
    const std::size_t widths[] = {1, 2, 4};
    const LengthPrefix prefix{.width = widths[below(random, 3)],
                              .is_big_endian = below(random, 2) == 0,
                              .offset = below(random, 3),
                              .counts_all = below(random, 2) == 0};
    const std::size_t head = prefix.offset + prefix.width;
    Result expected;
    std::string input;
    for (std::size_t left = below(random, 20); left > 0; --left) {
      const std::string payload = random_text(random, "abc", below(random, prefix.width > 1 ? 400 : 100));
      const std::size_t number = payload.size() + (prefix.counts_all ? head : 0);
      input += random_text(random, "xyz", prefix.offset);
      for (std::size_t k = 0; k < prefix.width; ++k) {
        input += static_cast<char>(number >> 8 * (prefix.is_big_endian ? prefix.width - 1 - k : k));
      }
      input += payload;
      expected.records.push_back(payload);
    }
    if (!input.empty() && below(random, 2) == 0) {
      expected.rest = input.substr(input.size() - head - expected.records.back().size());
      expected.rest.pop_back();
      expected.records.pop_back();
      input.pop_back();
    }
    CHECK(frame_in_pieces(LengthPrefixFramer(prefix), input, {.head = head}, random) == expected);
  }
}

TEST_CASE("a length that does not count its own prefix, and should, is nonsense") {
  Random random(5);
  const LengthPrefixFramer framer({.width = 2, .is_big_endian = true, .counts_all = true});
  const std::string input("\x00\x03!\x00\x01more", 9);
  const Result result = frame_in_pieces(framer, input, {.head = 2}, random);
  CHECK(result.records == std::vector<std::string>{"!"});
  CHECK(result.too_long);
  CHECK(result.rest == input.substr(3));
}

TEST_CASE("a record that says it is longer than it may be is known by its prefix alone") {
  const LengthPrefixFramer framer({.width = 4, .longest = 15});
  std::string input("\x0f\0\0\0", 4);
  uint32_t room = 0;
  Ends ends({&room, 1});
  CHECK_FALSE(framer.find(std::as_writable_bytes(std::span(input)), 0, ends).too_long);
  input[0] = 16;
  CHECK(framer.find(std::as_writable_bytes(std::span(input)), 0, ends).too_long);
}

TEST_CASE("frames hold what was put into them") {
  Random random(6);
  for (int i = 0; i < kInputs; ++i) {
    const bool is_slip = i % 2 == 0;
    Result expected;
    std::string input;
    for (std::size_t left = below(random, 8); left > 0; --left) {
      const std::size_t length = 1 + below(random, i % 8 == 1 ? 800 : 60);
      const std::string record =
          random_text(random, std::string_view("\xC0\xDB\xDC\xDD\0xy", i % 16 == 1 ? 4 : 7), length);
      input += is_slip ? slip_frame(record) : cobs_frame(record);
      expected.records.push_back(record);
      if (below(random, 4) == 0) input += is_slip ? '\xC0' : '\0';  // an empty frame is none
    }
    expected.rest = random_text(random, "ab", below(random, 3));
    input += expected.rest;
    CHECK(frame_in_pieces(FrameFramer(is_slip ? kSlip : kCobs), input, {}, random) == expected);
  }
}

TEST_CASE("a frame that makes no sense is left out, and counted") {
  Random random(7);
  using Records = std::vector<std::string>;
  const Result slip = frame_in_pieces(FrameFramer(kSlip), "a\xC0\xDBx\xC0\x62\xDB\xC0\x63\xC0", {}, random);
  CHECK(slip.records == Records{"a", "c"});
  CHECK(slip.damaged == 2);
  const std::string bytes("\x02x\0\x05y\0\x02z\0", 9);
  const Result cobs = frame_in_pieces(FrameFramer(kCobs), bytes, {}, random);
  CHECK(cobs.records == Records{"x", "z"});
  CHECK(cobs.damaged == 1);
}

}  // namespace slipring
