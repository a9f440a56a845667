// Records that say at their beginning how long they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/framing/framer.h"

namespace slipring {

struct LengthPrefix {
  std::size_t width = 4;           // bytes of the number: 1, 2 or 4
  bool is_big_endian = false;      //
  std::size_t offset = 0;          // bytes of the record before the number
  bool counts_all = false;         // the number counts the whole record, and not only what follows it
  std::size_t longest = SIZE_MAX;  // record, of what follows the number
};

class LengthPrefixFramer final : public Framer {
 public:
  explicit LengthPrefixFramer(const LengthPrefix& prefix) noexcept;

  Framed find(std::span<std::byte> bytes, std::size_t seen, Ends& ends) const noexcept override;

 private:
  [[nodiscard]] std::size_t number(const std::byte* at) const noexcept;

  LengthPrefix prefix_;
};

}  // namespace slipring
