// The options of a source, copied out of JavaScript values into the form that the C interface hands to `open`.
#pragma once

#include <napi.h>

#include <string>
#include <string_view>
#include <vector>

#include "platform/file.h"
#include "slipring/source.h"

namespace slipring {

class SourceOptions {
 public:
  // JS thread. Takes an object whose values are numbers, buffers, or Externals, which become the integers of their
  // addresses; lib/ has checked them.
  explicit SourceOptions(const Napi::Object& options);

  // False when the environment refused to read them, as it does from the moment its worker is being terminated.
  [[nodiscard]] bool complete() const noexcept { return complete_; }

  // Any thread. Valid as long as this object neither moves nor dies.
  [[nodiscard]] slipring_options view() const noexcept {
    return {sizeof(slipring_options), sizeof(slipring_option), items_.size(), items_.data()};
  }

  // JS thread, when the source is closed or was never opened.
  void let_go() noexcept { kept_.close(); }

  SourceOptions(SourceOptions&&) = default;
  SourceOptions& operator=(SourceOptions&&) = delete;
  SourceOptions(const SourceOptions&) = delete;
  SourceOptions& operator=(const SourceOptions&) = delete;

 private:
  void keep_descriptor() noexcept;
  slipring_option* find(std::string_view name) noexcept;

  std::vector<std::string> texts_;  // reserved in full first: items_ point into it
  std::vector<slipring_option> items_;
  platform::File kept_;
  bool complete_ = false;
};

}  // namespace slipring
