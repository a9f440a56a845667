#include "core/framing/frame.h"

#include <cstring>

namespace slipring {

Framed FrameFramer::find(std::span<std::byte> bytes, std::size_t seen, Ends& ends) const noexcept {
  const auto end = std::to_integer<unsigned char>(escaping_.end);
  Framed framed;
  std::size_t from = seen;
  while (!ends.full() && framed.damaged == 0) {
    const auto* found = static_cast<const std::byte*>(std::memchr(bytes.data() + from, end, bytes.size() - from));
    const auto at = found == nullptr ? bytes.size() : static_cast<std::size_t>(found - bytes.data());
    const std::span<const std::byte> frame = bytes.subspan(framed.consumed, at - framed.consumed);
    if (is_too_long(frame.size())) {
      framed.too_long = true;
      break;
    }
    if (found == nullptr) break;
    const std::optional<std::size_t> length = escaping_.decode(frame, bytes.data() + framed.length);
    framed.too_long = length.value_or(0) > longest_;
    if (framed.too_long) break;
    if (!length) framed.damaged = 1;
    if (length && !frame.empty()) {
      framed.length += *length;
      ends.add(framed.length);
    }
    framed.consumed = from = at + 1;
  }
  return framed;
}

// Whether it is, however many of its bytes are escapes.
bool FrameFramer::is_too_long(std::size_t encoded) const noexcept {
  return encoded > longest_ && encoded - longest_ > longest_ / escaping_.overhead + 1;
}

}  // namespace slipring
