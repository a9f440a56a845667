// Records that are all as long, as packets of a transport stream are.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>

#include "core/framing/framer.h"

namespace slipring {

class FixedSizeFramer final : public Framer {
 public:
  // 1 byte or more.
  explicit FixedSizeFramer(std::size_t size) noexcept : size_(size) { assert(size > 0); }

  Framed find(std::span<std::byte> bytes, std::size_t /*seen*/, Ends& ends) const noexcept override {
    std::size_t consumed = 0;
    for (; bytes.size() - consumed >= size_ && !ends.full(); consumed += size_) ends.add(consumed + size_);
    return {.consumed = consumed, .length = consumed};
  }

 private:
  std::size_t size_;
};

}  // namespace slipring
