// Consistent Overhead Byte Stuffing: Cheshire and Baker, IEEE/ACM Transactions on Networking 7 (2), 1999.
#include <cstring>

#include "core/framing/frame.h"

namespace slipring {

namespace {

// A block of so many bytes is not followed by a zero that was taken out.
constexpr std::size_t kFullBlock = 254;

std::optional<std::size_t> decode_cobs(std::span<const std::byte> frame, std::byte* into) noexcept {
  std::size_t length = 0;
  for (std::size_t i = 0; i < frame.size();) {
    const std::size_t block = std::to_integer<std::size_t>(frame[i]) - 1;  // no zero is in a frame
    if (block > frame.size() - i - 1) return std::nullopt;
    std::memmove(into + length, frame.data() + i + 1, block);
    length += block;
    i += block + 1;
    if (i < frame.size() && block != kFullBlock) into[length++] = std::byte{0};
  }
  return length;
}

}  // namespace

constinit const Escaping kCobs{.end = std::byte{0}, .overhead = kFullBlock, .decode = decode_cobs};

}  // namespace slipring
