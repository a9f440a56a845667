// Messages: chunks that the event loop has read itself, and that get to JavaScript without a slot. Each is read into
// one place, which stays warm, and copied from there by JavaScript: pages of its own would have to come first.
#pragma once

#include <napi.h>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>

namespace slipring {

// JS thread.
class Messages {
 public:
  Messages() = default;
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;

  // Once. `on_message(begin, length, records)` is called in the async context of this call, for a message in the
  // ArrayBuffer that `make_room()` returns, which nobody else has.
  void open(Napi::Env env, Napi::Function on_message, Napi::Function make_room);
  // Also while a message is passed on.
  void close();

  // Where the next message may be put. Empty when there is no memory. Within a handle scope.
  [[nodiscard]] std::span<std::byte> place(Napi::Env env);
  // So many bytes are there, and behind them the table of so many records. Calls into JavaScript.
  void pass(Napi::Env env, std::size_t length, uint32_t records);
  // Calls `function` in the same context.
  void call(Napi::Env env, const Napi::FunctionReference& function, std::initializer_list<napi_value> arguments) const;

 private:
  void ask_for_room(Napi::Env env);

  std::optional<Napi::AsyncContext> context_;
  Napi::FunctionReference on_message_;
  Napi::FunctionReference make_room_;
  Napi::Reference<Napi::ArrayBuffer> room_;  // keeps `place_` alive, from the first message on
  std::byte* begin_ = nullptr;               // of its memory
  std::span<std::byte> place_;               // what begins at a page of it
};

}  // namespace slipring
