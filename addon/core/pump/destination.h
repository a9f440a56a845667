// Where the producer thread may put what it reads instead of handing it on.
#pragma once

#include <cstddef>
#include <span>

namespace slipring {

class Destination {
 public:
  Destination() = default;
  virtual ~Destination() = default;
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;

  // Producer thread. How many of the bytes it has taken: fewer than there are when it takes no more, for whatever
  // reason. The consumer finds out by itself.
  [[nodiscard]] virtual std::size_t write(std::span<const std::byte> bytes) noexcept = 0;
};

}  // namespace slipring
