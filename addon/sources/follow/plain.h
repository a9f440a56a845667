// What cannot be followed: the file source goes on with what is open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "platform/file.h"
#include "sources/registry.h"
#include "sources/support.h"

namespace slipring {

class Plain {
 public:
  Plain() = default;
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;
  ~Plain() {
    if (is_open()) kFileSource.close(self_);
  }

  // Producer thread, as are all but cancel(). `owned`: the descriptor is closed at the end, and not by `file`.
  int32_t open(platform::File& file, const slipring_options& options, bool owned, slipring_error* error) {
    slipring_option items[5] = {};
    slipring_options plain = {.struct_size = sizeof plain, .item_size = sizeof items[0], .count = 0, .items = items};
    const auto add = [&](const slipring_option& option) { items[plain.count++] = option; };
    add({.name = "fd", .text = nullptr, .text_size = 0, .integer = file.descriptor()});
    add({.name = "owned", .text = nullptr, .text_size = 0, .integer = owned ? 1 : 0});
    for (const char* name : {"start", "length", "cache"}) {
      if (const slipring_option* option = find_option(options, name)) add(*option);
    }
    const int32_t status = kFileSource.open(&plain, &self_, error);
    if (status == 0) file.disown();
    return status;
  }

  [[nodiscard]] bool is_open() const noexcept { return self_ != nullptr; }
  int64_t read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) const {
    return kFileSource.read(self_, into.data(), into.size(), chunk, error);
  }
  // Any thread.
  void cancel() const {
    if (is_open()) kFileSource.cancel(self_);
  }

 private:
  void* self_ = nullptr;
};

}  // namespace slipring
