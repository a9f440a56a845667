// What is missing between records, what cuts one off, and where an error is.
#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/framing/delimiter.h"
#include "core/framing/frame.h"
#include "core/framing/length_prefix.h"
#include "framing_rig.h"

namespace slipring {

namespace {

using test::end_of_source;
using test::frame;
using test::Said;
using test::Words;
using Long = Framing::Long;

Framing::Rules delimited(std::string_view delimiter, std::size_t longest, Long what, bool ends_with_source = true) {
  return {std::make_unique<DelimiterFramer>(std::as_bytes(std::span(delimiter)), delimiter == "\n", longest), longest,
          what, ends_with_source};
}

Framing::Rules slip(std::size_t longest = 500) {
  return {std::make_unique<FrameFramer>(kSlip, longest), longest, Long::kFail, false};
}

Framing::Rules cobs() { return {std::make_unique<FrameFramer>(kCobs, 500), 500, Long::kFail, false}; }

Framing::Rules prefixed() {
  return {std::make_unique<LengthPrefixFramer>(LengthPrefix{.width = 1, .longest = 20}), 20, Long::kFail, false};
}

Words lines(std::vector<Said> said, std::size_t longest = 500, Long what = Long::kFail) {
  return frame(delimited("\n", longest, what), std::move(said), 1);
}

}  // namespace

TEST_CASE("a line that a loss cuts off is handed on as it is, and the loss is told behind it") {
  CHECK(lines({{"one\ntw"}, {.bytes = "o\nthree\n", .lost = 3}, end_of_source()}) ==
        Words{"one", "tw", "<3>", "o", "three", "! end"});
  CHECK(lines({{std::string(100, 'x')}, {.bytes = "o\n", .lost = 3}, end_of_source()}) ==
        Words{std::string(100, 'x'), "<3>", "o", "! end"});
}

TEST_CASE("a batch of records without bytes is no end") {
  CHECK(lines({{"one\ntw"}, {.result = 0, .record_count = 1}, {"o\n"}, end_of_source()}) ==
        Words{"one", "two", "! end"});
}

TEST_CASE("a loss before a line that another one cuts off keeps its place") {
  CHECK(lines({{.bytes = "ab", .lost = 1}, {.bytes = "cd\n", .lost = 2}, end_of_source()}) ==
        Words{"<1>", "ab", "<2>", "cd", "! end"});
}

TEST_CASE("what was begun is handed on before a loss that comes with nothing, the end or a failure") {
  CHECK(lines({{"ab"}, {.lost = 2}, {"c\n"}, end_of_source()}) == Words{"ab", "<2>", "c", "! end"});
  CHECK(lines({{"ab"}, {.result = SLIPRING_END, .lost = 2}}) == Words{"ab", "<2>", "! end"});
  CHECK(lines({{"ab"}, {.result = SLIPRING_FAILED, .lost = 2}}) == Words{"ab", "<2>", "! failed"});
}

TEST_CASE("a failure without a loss gives no part of a line, and comes after all before it") {
  CHECK(lines({{"one\nab"}, {.result = SLIPRING_FAILED}}) == Words{"one", "! failed"});
}

TEST_CASE("no line goes on in another file, nor over bytes that were cut off one") {
  const Words expected{"one", "tw", "o", "! end"};
  CHECK(lines({{"one\ntw"}, {.bytes = "o\n", .flags = SLIPRING_CHUNK_ANOTHER}, end_of_source()}) == expected);
  CHECK(lines({{"one\ntw"}, {.bytes = "o\n", .lost_bytes = 70}, end_of_source()}) == expected);
}

TEST_CASE("a loss behind a chunk cuts off what it ends with, whatever comes next") {
  const Said loses{.bytes = "one\ntw", .flags = SLIPRING_CHUNK_LOSS_FOLLOWS};
  CHECK(lines({loses, {"o\n"}, end_of_source()}) == Words{"one", "tw", "<?>", "o", "! end"});
  CHECK(lines({loses, {}, end_of_source()}) == Words{"one", "tw", "<?>", "! end"});
  CHECK(lines({loses, end_of_source()}) == Words{"one", "tw", "<?>", "! end"});
  CHECK(lines({{.bytes = "tw", .flags = SLIPRING_CHUNK_LOSS_FOLLOWS}, {"o\n"}, end_of_source()}) ==
        Words{"tw", "<?>", "o", "! end"});
}

TEST_CASE("what makes no sense without its end is one missing record when it is cut off") {
  CHECK(frame(prefixed(), {{"\2ab\3ab"}, {.bytes = "\1x", .flags = SLIPRING_CHUNK_ANOTHER}, end_of_source()}, 0) ==
        Words{"\2ab", "<1>", "\1x", "! end"});
  CHECK(frame(slip(), {{"ab"}, {.bytes = "c\xC0", .lost = 4}, end_of_source()}, 0) == Words{"<5>", "c", "! end"});
  CHECK(frame(slip(), {{"a\xC0"}, {.bytes = "c\xC0", .lost = 4}, end_of_source()}, 0) ==
        Words{"a", "<4>", "c", "! end"});
}

TEST_CASE("files and records that are missing in the same place, and a number too large, are no number") {
  const Said files{.lost = 2, .flags = SLIPRING_CHUNK_LOST_FILES};
  CHECK(frame(slip(), {{"\xDB\xC0"}, files, {"a\xC0"}, end_of_source()}, 0) == Words{"<?>", "a", "! end"});
  CHECK(frame(slip(), {files, {"a\xC0"}, end_of_source()}, 0) == Words{"<2>", "a", "! end"});
  CHECK(lines({{.bytes = "a\n", .lost = uint64_t{1} << 53}, end_of_source()}) == Words{"<?>", "a", "! end"});
}

TEST_CASE("damaged frames are missing in their place, whatever comes before and behind them") {
  CHECK(frame(slip(), {{"a\xC0\xDBx\xC0\x62\xC0\xDB\xC0\xDB\xC0"}, end_of_source()}, 0) ==
        Words{"a", "<1>", "b", "<2>", "! end"});
  CHECK(frame(slip(), {{"a"}, {"\xC0"}, {"\xDB"}, {"\xC0\x62\xC0"}, end_of_source()}, 0) ==
        Words{"a", "<1>", "b", "! end"});
  CHECK(frame(slip(), {{"\xDB\xC0\xDB\xC0\x61\xC0"}, end_of_source()}, 0) == Words{"<2>", "a", "! end"});
  CHECK(frame(cobs(), {{{"\2x\0\5y\0\2z\0", 9}}, end_of_source()}, 0) == Words{"x", "<1>", "z", "! end"});
  const std::string large(100, 'x');
  CHECK(frame(slip(), {{large + "\xC0\xDB\xC0" + large + "\xDB\xC0" + large + "\xC0"}, end_of_source()}, 0) ==
        Words{large, "<2>", large, "! end"});
}

TEST_CASE("a truncated line is left out up to its end, or to where it is cut off") {
  CHECK(lines({{"one\nlon"}, {"g"}, {"er"}, {"\ntwo\n"}, end_of_source()}, 3, Long::kTruncate) ==
        Words{"one", "lon~", "two", "! end"});
  CHECK(lines({{"longer"}, {.bytes = "two\n", .flags = SLIPRING_CHUNK_ANOTHER}, end_of_source()}, 3, Long::kTruncate) ==
        Words{"lon~", "two", "! end"});
  CHECK(frame(delimited("abab", 3, Long::kTruncate), {{"longera"}, {"b"}, {"abtw"}, end_of_source()}, 4) ==
        Words{"lon~", "tw", "! end"});
  CHECK(frame(delimited("\n", 3, Long::kTruncate, false), {{"longer"}, end_of_source()}, 1) == Words{"lon~", "! end"});
  CHECK(lines({{"longer\n"}, end_of_source()}, 6, Long::kTruncate) == Words{"longer", "! end"});
}

TEST_CASE("a last record may not be longer by what could have been the beginning of its end") {
  const std::vector<Said> said{{"abc-"}, end_of_source()};
  CHECK(frame(delimited("--", 3, Long::kSplit), said, 2) == Words{"abc", "-", "! end"});
  CHECK(frame(delimited("--", 3, Long::kTruncate), said, 2) == Words{"abc~", "! end"});
  CHECK(frame(delimited("--", 3, Long::kFail), said, 2) == Words{"! too long at 0"});
  CHECK(lines({{"abc\r"}, end_of_source()}, 3, Long::kSplit) == Words{"abc", "\r", "! end"});
  CHECK(lines({{"abc\r"}, {"\n"}, end_of_source()}, 3) == Words{"abc", "! end"});
}

TEST_CASE("prefixes say that a record is too long before it is there") {
  CHECK(frame(prefixed(), {{"\1a\x15"}, {}, {"b"}, end_of_source()}, 0) == Words{"\1a", "! too long at 2"});
  CHECK(frame(prefixed(), {{std::string("\1a\x15").append(21, 'b').append("\1c")}, end_of_source()}, 0) ==
        Words{"\1a", "! too long at 2"});
  const std::string longest = std::string("\x14").append(20, 'b');
  CHECK(frame(prefixed(), {{longest}, end_of_source()}, 0) == Words{longest, "! end"});
}

TEST_CASE("an error says where in all that the source gave the record begins") {
  CHECK(lines({{"one\nlong"}, end_of_source()}, 3) == Words{"one", "! too long at 4"});
  CHECK(lines({{"one\ntw"}, {.bytes = "long", .flags = SLIPRING_CHUNK_ANOTHER}, end_of_source()}, 3) ==
        Words{"one", "tw", "! too long at 6"});
  CHECK(frame(prefixed(), {{"\1a\2b"}, end_of_source()}, 0) == Words{"\1a", "! incomplete at 2"});
  CHECK(frame(prefixed(), {{"\1a\2b"}, {.bytes = "\2b", .lost = 1}, end_of_source()}, 0) ==
        Words{"\1a", "<2>", "! incomplete at 4"});
  CHECK(frame(slip(2), {{"\xDB\xDC\xC0\xC0xyz\xC0"}, end_of_source()}, 0) == Words{"\xC0", "! too long at 4"});
  const std::string large(100, '\xDB');
  CHECK(frame(slip(), {{"\xDB\xDD\xC0" + large + "\xC0x"}, end_of_source()}, 0) ==
        Words{"\xDB", "<1>", "! incomplete at 104"});
}

TEST_CASE("what was read behind a long record fills the next chunks") {
  std::string input = std::string(100, 'x').append("\n");
  for (int i = 0; i < 32; ++i) input += "a\n";
  int reads = 0;
  const auto slot_size = [&] { return ++reads, 64; };
  CHECK(frame(delimited("\n", 500, Long::kFail), {{input}, end_of_source()}, 1, slot_size).size() == 34);
  CHECK(reads <= 8);
}

TEST_CASE("a chunk says that the next one will not wait, and what makes it wait is told before it does") {
  const Said with_more{.bytes = "a\n", .flags = SLIPRING_CHUNK_MORE};
  const std::vector<Said> said{with_more, {"b"}, {"\n"}, with_more, {std::string(100, 'x')}, {"y\n"}, end_of_source()};
  CHECK(lines(said) == Words{"a", "b", "a", std::string(100, 'x').append("y"), "! end"});
}

}  // namespace slipring
