// A source whose every function is a lambda of the test, and the options that lead the C table to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "slipring/source.h"

namespace slipring::test {

// Options for slipring_source::open. Keeps the text alive.
class Options {
 public:
  Options& text(const char* name, std::string value) {
    texts_.push_back({name, std::move(value)});
    return *this;
  }
  Options& integer(const char* name, int64_t value) {
    integers_.push_back({name, value});
    return *this;
  }
  // Valid until the next change.
  [[nodiscard]] slipring_options view() {
    items_.clear();
    for (const auto& [name, value] : texts_) items_.push_back({name, value.c_str(), value.size(), 0});
    for (const auto& [name, value] : integers_) items_.push_back({name, nullptr, 0, value});
    return {sizeof(slipring_options), sizeof(slipring_option), items_.size(), items_.data()};
  }

 private:
  std::vector<std::pair<const char*, std::string>> texts_;
  std::vector<std::pair<const char*, int64_t>> integers_;
  std::vector<slipring_option> items_;
};

class ScriptedSource {
 public:
  std::function<int32_t(slipring_error*)> on_open = [](slipring_error*) { return 0; };
  std::function<int64_t(std::span<std::byte>, slipring_chunk*, slipring_error*)> on_read =
      [](std::span<std::byte>, slipring_chunk*, slipring_error*) { return 0; };
  std::function<void()> on_cancel = [] {};
  std::function<void()> on_close = [] {};
  std::function<int32_t(slipring_error*)> on_wait = [](slipring_error*) { return 0; };
  std::function<int32_t(const slipring_sink*, slipring_error*)> on_start = [](const slipring_sink*, slipring_error*) {
    return 0;
  };
  int64_t descriptor = 33;
  const char* name = "scripted";

  slipring_source table = {
      sizeof(slipring_source),
      SLIPRING_ABI_VERSION,
      open,
      read,
      cancel,
      close,
      get_descriptor,
      nullptr,
      nullptr,
      get_name,
      0,
  };

  // From now on it is one that can wait without a slot.
  void can_wait() { table.wait = wait; }
  // Any table of these functions, from now on one that pushes.
  static void can_only_push(slipring_source& table) {
    table.read = nullptr;
    table.start = start;
  }

  [[nodiscard]] Options options() {
    return Options().integer("object", static_cast<int64_t>(reinterpret_cast<intptr_t>(this)));
  }

 private:
  static ScriptedSource* object(void* self) { return static_cast<ScriptedSource*>(self); }

  static int32_t open(const slipring_options* options, void** self, slipring_error* error) {
    auto* source = reinterpret_cast<ScriptedSource*>(static_cast<intptr_t>(options->items[0].integer));
    *self = source;
    return source->on_open(error);
  }
  static int64_t read(void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error) {
    return object(self)->on_read({static_cast<std::byte*>(data), size}, chunk, error);
  }
  static void cancel(void* self) { object(self)->on_cancel(); }
  static void close(void* self) { object(self)->on_close(); }
  static int32_t wait(void* self, slipring_error* error) { return object(self)->on_wait(error); }
  static int32_t start(void* self, const slipring_sink* sink, slipring_error* error) {
    return object(self)->on_start(sink, error);
  }
  static const char* get_name(void* self) { return object(self)->name; }
  static int64_t get_descriptor(void* self) { return object(self)->descriptor; }
};

}  // namespace slipring::test
