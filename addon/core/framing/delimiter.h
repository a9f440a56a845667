// Records that end with a delimiter of some bytes, as lines do.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "core/framing/framer.h"

namespace slipring {

class DelimiterFramer final : public Framer {
 public:
  static constexpr std::size_t kLongest = 16;

  // 1 to kLongest bytes. `takes_return`: a carriage return before it belongs to it, if there is one. `longest`: record,
  // without its delimiter.
  DelimiterFramer(std::span<const std::byte> delimiter, bool takes_return, std::size_t longest) noexcept;

  Framed find(std::span<std::byte> bytes, std::size_t seen, Ends& ends) const noexcept override;
  [[nodiscard]] std::optional<std::size_t> next_record(std::span<const std::byte> bytes) const noexcept override;

 private:
  [[nodiscard]] const std::byte* next(const std::byte* begin, const std::byte* end) const noexcept;

  std::array<std::byte, kLongest> delimiter_{};
  std::size_t size_;
  bool takes_return_;
  std::size_t longest_;
};

}  // namespace slipring
