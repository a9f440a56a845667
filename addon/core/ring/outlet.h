// Where the producer thread itself writes what it has read, when it is asked to: see Pump::carry().
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace slipring {

// Producer thread.
class Outlet {
 public:
  Outlet() = default;
  virtual ~Outlet() = default;
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  // Whether a write is over soon, whatever others do (Rule 1).
  [[nodiscard]] virtual bool takes_at_once() noexcept = 0;
  struct Result {
    std::size_t bytes = 0;
    int error = 0;  // errno, or 0
  };
  // Writes once, behind what it wrote before. May write less than all.
  [[nodiscard]] virtual Result write(std::span<const std::byte> bytes) noexcept = 0;
};

}  // namespace slipring
