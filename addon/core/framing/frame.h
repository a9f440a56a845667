// Records that a byte ends which cannot be in them, because it is escaped there: SLIP (RFC 1055) and COBS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/framing/framer.h"

namespace slipring {

// A way to write the byte that ends frames when it is in one.
struct Escaping {
  std::byte end;         // a frame
  std::size_t overhead;  // one byte more at most for so many, and for what is left of them
  // Writes the bytes of a frame, which comes without its end, to `into`, where there is room for as many and which may
  // be the same memory or lie before it. Returns how many there are, nothing when they make no sense.
  std::optional<std::size_t> (*decode)(std::span<const std::byte> frame, std::byte* into) noexcept;
};

extern const Escaping kSlip;
extern const Escaping kCobs;

// Empty frames are none: some senders begin with the byte that ends them, to end what noise there was.
class FrameFramer final : public Framer {
 public:
  // `longest`: frame, when it is decoded.
  explicit FrameFramer(Escaping escaping, std::size_t longest = SIZE_MAX) noexcept
      : escaping_(escaping), longest_(longest) {}

  Framed find(std::span<std::byte> bytes, std::size_t seen, Ends& ends) const noexcept override;

 private:
  [[nodiscard]] bool is_too_long(std::size_t encoded) const noexcept;

  Escaping escaping_;
  std::size_t longest_;
};

}  // namespace slipring
