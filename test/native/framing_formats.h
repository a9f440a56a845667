// Formats of records with random rules, and a reference for each that sees at once all that goes on without a break.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "core/framing/delimiter.h"
#include "core/framing/fixed_size.h"
#include "core/framing/frame.h"
#include "core/framing/length_prefix.h"
#include "framing_rig.h"

namespace slipring::test {

using Long = Framing::Long;
using Random = std::mt19937;

inline std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

inline std::string random_text(Random& random, std::string_view alphabet, std::size_t length) {
  std::string text;
  while (text.size() < length) text += alphabet[below(random, alphabet.size())];
  return text;
}

// What is to be told. A format adds to it until its input has no more ends; then it returns where an unfinished record
// begins, or nothing when one was too long.
struct Expected {
  Told told;
  std::size_t before = 0;  // bytes of the source before this input
  std::optional<std::size_t> too_long(std::size_t at) {
    told.add(std::string("! too long at ").append(std::to_string(before + at)));
    return std::nullopt;
  }
};

struct Format {
  std::function<std::unique_ptr<const Framer>()> framer = {};
  // `closed`: there is no more of the last record.
  std::function<std::optional<std::size_t>(std::string_view, bool closed, Expected&)> tell = {};
  std::string alphabet;
  std::size_t tail = 0;
  std::size_t longest = 1;
  Long long_records = Long::kFail;
  bool ends_with_source = false;
};

inline std::optional<std::size_t> tell_delimited(std::string_view input, bool closed, Expected& expected,
                                                 const Format& format, std::string_view delimiter, bool takes_return) {
  for (std::size_t at = 0;;) {
    const std::size_t found = input.find(delimiter, at);
    const bool has_end = found != std::string_view::npos;
    const bool is_record = has_end || (closed && format.ends_with_source);
    std::string_view record = input.substr(at, has_end ? found - at : std::string_view::npos);
    // The last bytes of an unfinished one may begin its end.
    std::size_t size = record.size() - (is_record ? 0 : std::min(record.size(), delimiter.size() - 1));
    if (takes_return && (has_end || !is_record) && size > 0 && record[size - 1] == '\r') --size;
    for (; size > format.longest; size -= format.longest) {
      if (format.long_records == Long::kFail) return expected.too_long(at);
      const bool is_split = format.long_records == Long::kSplit;
      expected.told.add(std::string(record.substr(0, format.longest)) + (is_split ? "" : "~"));
      if (!is_split) break;
      record.remove_prefix(format.longest);
      at += format.longest;
    }
    const bool is_cut = size > format.longest;
    if (is_record && !is_cut && (has_end || size > 0)) expected.told.add(std::string(record.substr(0, size)));
    if (!has_end) return is_record || is_cut ? input.size() : at;
    at = found + delimiter.size();
  }
}

inline Format delimited(Random& random) {
  const std::string alphabet = "ab\r\n";
  const std::string delimiter = random_text(random, alphabet, 1 + below(random, below(random, 4) == 0 ? 16 : 3));
  const bool takes_return = below(random, 2) == 0;
  Format format{.alphabet = below(random, 2) == 0 ? alphabet : alphabet + "xxxxxxxxxxxxxxxxxxxx",
                .tail = delimiter.size(),
                .longest = 1 + below(random, below(random, 2) == 0 ? 8 : 150),
                .long_records = static_cast<Long>(below(random, 3)),
                .ends_with_source = below(random, 4) > 0};
  format.framer = [=, longest = format.longest] {
    return std::make_unique<DelimiterFramer>(std::as_bytes(std::span(delimiter)), takes_return, longest);
  };
  const Format rules = format;
  format.tell = [=](std::string_view input, bool closed, Expected& expected) {
    return tell_delimited(input, closed, expected, rules, delimiter, takes_return);
  };
  return format;
}

inline Format sized(Random& random) {
  const std::size_t size = 1 + below(random, below(random, 2) == 0 ? 8 : 200);
  const auto tell = [=](std::string_view input, bool, Expected& expected) {
    std::size_t at = 0;
    for (; input.size() - at >= size; at += size) expected.told.add(std::string(input.substr(at, size)));
    return std::optional(at);
  };
  return {.framer = [=] { return std::make_unique<FixedSizeFramer>(size); }, .tell = tell, .alphabet = "abc"};
}

inline Format prefixed(Random& random) {
  const std::size_t widths[] = {1, 2, 4};
  const LengthPrefix prefix{.width = widths[below(random, 3)],
                            .is_big_endian = below(random, 2) == 0,
                            .offset = below(random, 4),
                            .counts_all = below(random, 2) == 0,
                            .longest = below(random, 120)};
  const auto tell = [=](std::string_view input, bool, Expected& expected) -> std::optional<std::size_t> {
    const std::size_t head = prefix.offset + prefix.width;
    for (std::size_t at = 0;;) {
      if (input.size() - at < head) return at;
      std::size_t number = 0;
      for (std::size_t i = 0; i < prefix.width; ++i) {
        const std::size_t place = prefix.is_big_endian ? i : prefix.width - 1 - i;
        number = number * 256 + static_cast<unsigned char>(input[at + prefix.offset + place]);
      }
      const std::size_t size = number + (prefix.counts_all ? 0 : head);
      if (size < head || size - head > prefix.longest) return expected.too_long(at);
      if (input.size() - at < size) return at;
      expected.told.add(std::string(input.substr(at, size)));
      at += size;
    }
  };
  return {
      .framer = [=] { return std::make_unique<LengthPrefixFramer>(prefix); },
      .tell = tell,
      .alphabet = std::string(prefix.width == 1 ? "\4\5\6\7\x50" : "\0\0\0\0\0\0\0\5\x50", prefix.width == 1 ? 5 : 9)};
}

inline std::optional<std::string> decode(std::string_view frame, bool is_slip) {
  std::string record;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    if (is_slip && frame[i] != '\xDB') {
      record += frame[i];
    } else if (is_slip) {
      const char next = ++i < frame.size() ? frame[i] : '\0';
      if (next != '\xDC' && next != '\xDD') return std::nullopt;
      record += next == '\xDC' ? '\xC0' : '\xDB';
    } else {
      const std::size_t block = static_cast<unsigned char>(frame[i]) - 1u;
      if (i + block >= frame.size()) return std::nullopt;
      record += frame.substr(i + 1, block);
      i += block;
      if (block < 254 && i + 1 < frame.size()) record += '\0';
    }
  }
  return record;
}

inline Format framed(Random& random, bool is_slip) {
  const std::size_t longest = 1 + below(random, below(random, 2) == 0 ? 8 : 150);
  const auto tell = [=](std::string_view input, bool, Expected& expected) -> std::optional<std::size_t> {
    // So many are too many, however they were written.
    const std::size_t most = is_slip ? 2 * longest + 1 : longest + longest / 254 + 1;
    for (std::size_t at = 0;;) {
      const std::size_t end = input.find(is_slip ? '\xC0' : '\0', at);
      const std::string_view frame = input.substr(at, end - at);
      if (frame.size() > most) return expected.too_long(at);
      if (end == std::string_view::npos) return at;
      const std::optional<std::string> record = decode(frame, is_slip);
      if (record && record->size() > longest) return expected.too_long(at);
      if (!record) expected.told.lost(1);
      if (record && !frame.empty()) expected.told.add(*record);
      at = end + 1;
    }
  };
  return {.framer = [=] { return std::make_unique<FrameFramer>(is_slip ? kSlip : kCobs, longest); },
          .tell = tell,
          .alphabet = is_slip ? "\xC0\xDB\xDC\xDD\xDC\xDDxyz" : std::string("\0\1\2\2\3\4\5\x20", 8)};
}

}  // namespace slipring::test
