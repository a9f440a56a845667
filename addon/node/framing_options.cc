#include "node/framing_options.h"

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/framing/delimiter.h"
#include "core/framing/fixed_size.h"
#include "core/framing/frame.h"
#include "core/framing/length_prefix.h"

namespace slipring {

namespace {

enum class Frame : uint8_t { kDelimiter, kSize, kLengthPrefix, kSlip, kCobs };

std::size_t number(const Napi::Object& options, const char* name) {
  return static_cast<std::size_t>(options.Get(name).As<Napi::Number>().Int64Value());
}

std::unique_ptr<const Framer> make_framer(const Napi::Object& options) {
  switch (static_cast<Frame>(number(options, "frame"))) {
    case Frame::kDelimiter: {
      const auto delimiter = options.Get("delimiter").As<Napi::Buffer<std::byte>>();
      return std::make_unique<DelimiterFramer>(std::span(delimiter.Data(), delimiter.Length()),
                                               number(options, "takesReturn") != 0, number(options, "longest"));
    }
    case Frame::kSize:
      return std::make_unique<FixedSizeFramer>(number(options, "size"));
    case Frame::kLengthPrefix:
      return std::make_unique<LengthPrefixFramer>(LengthPrefix{
          .width = number(options, "width"),
          .is_big_endian = number(options, "isBigEndian") != 0,
          .offset = number(options, "offset"),
          .counts_all = number(options, "countsAll") != 0,
          .longest = number(options, "longest"),
      });
    case Frame::kSlip:
      return std::make_unique<FrameFramer>(kSlip, number(options, "longest"));
    case Frame::kCobs:
      break;
  }
  return std::make_unique<FrameFramer>(kCobs, number(options, "longest"));
}

}  // namespace

std::unique_ptr<Framing> make_framing(const Napi::Object& options) {
  const std::size_t longest = number(options, "longest");
  const auto long_records = static_cast<Framing::Long>(number(options, "longRecords"));
  const bool ends_with_source = number(options, "endsWithSource") != 0;
  const bool flushes = number(options, "flushes") != 0;
  return std::make_unique<Framing>(
      Framing::Rules{make_framer(options), longest, long_records, ends_with_source, flushes});
}

}  // namespace slipring
