// What every built-in source needs on its side of the C table: its options by name, a way to say what failed, and how
// much may be read at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "slipring/source.h"

namespace slipring {

// A read from a disk or a device cannot be cancelled once it has begun: no single one takes long (Rule 1).
inline constexpr std::size_t kLargestRead = std::size_t{1} << 20;

inline const slipring_option* find_option(const slipring_options& options, std::string_view name) noexcept {
  for (std::size_t i = 0; i < options.count; ++i) {
    if (options.items[i].name == name) return &options.items[i];
  }
  return nullptr;
}

inline int64_t integer_option(const slipring_options& options, std::string_view name, int64_t absent) noexcept {
  const slipring_option* option = find_option(options, name);
  return option != nullptr ? option->integer : absent;
}

// Null when absent.
inline const char* text_option(const slipring_options& options, std::string_view name) noexcept {
  const slipring_option* option = find_option(options, name);
  return option != nullptr ? option->text : nullptr;
}

// Fills `error` with a failed system call; returns the -1 that open and read then return.
inline int32_t fail(slipring_error* error, int number, std::string_view syscall) noexcept {
  error->number = number;
  const std::size_t length = std::min(syscall.size(), sizeof error->syscall - 1);
  std::memcpy(error->syscall, syscall.data(), length);
  error->syscall[length] = '\0';
  return -1;
}

}  // namespace slipring
