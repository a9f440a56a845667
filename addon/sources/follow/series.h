// Which names in a folder are those of files that were at one path before, as far as names say so: what logrotate and
// the libraries for logs give them, a number or a date behind the path's own name or before its ending.
//
// Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slipring {

class Series {
 public:
  // The path's name.
  explicit Series(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] bool has(std::string_view name) const noexcept;
  // Whether it is one that was compressed since.
  [[nodiscard]] bool has_compressed(std::string_view name) const noexcept;
  // The number that a rotation has put behind the path's own name. A date is none.
  [[nodiscard]] std::optional<uint32_t> number_of(std::string_view name) const noexcept;
  // Whether two names are the same but for digits, one for one, and have enough of them for a date.
  [[nodiscard]] static bool differ_in_date(std::string_view one, std::string_view other) noexcept;

 private:
  std::string name_;
};

}  // namespace slipring
