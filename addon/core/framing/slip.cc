// RFC 1055.
#include <cstring>

#include "core/framing/frame.h"

namespace slipring {

namespace {

constexpr auto kEnd = std::byte{0xC0};
constexpr auto kEscape = std::byte{0xDB};
constexpr auto kEscapedEnd = std::byte{0xDC};
constexpr auto kEscapedEscape = std::byte{0xDD};

std::optional<std::size_t> decode_slip(std::span<const std::byte> frame, std::byte* into) noexcept {
  std::size_t length = 0;
  for (;;) {
    const void* const escape = std::memchr(frame.data(), std::to_integer<unsigned char>(kEscape), frame.size());
    const std::size_t plain = escape == nullptr
                                  ? frame.size()
                                  : static_cast<std::size_t>(static_cast<const std::byte*>(escape) - frame.data());
    std::memmove(into + length, frame.data(), plain);
    length += plain;
    if (plain == frame.size()) return length;
    if (frame.size() - plain < 2) return std::nullopt;
    const std::byte escaped = frame[plain + 1];
    if (escaped != kEscapedEnd && escaped != kEscapedEscape) return std::nullopt;
    into[length++] = escaped == kEscapedEnd ? kEnd : kEscape;
    frame = frame.subspan(plain + 2);
  }
}

}  // namespace

constinit const Escaping kSlip{.end = kEnd, .overhead = 1, .decode = decode_slip};

}  // namespace slipring
