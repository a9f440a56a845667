// Messages: chunks that the event loop has read itself, and that get to JavaScript without a slot. Each is read into
// one place, which stays warm, and copied from there: pages of its own would have to come first.
#pragma once

#include <napi.h>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>

namespace slipring {

// JS thread.
class Messages {
 public:
  Messages() = default;
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;

  // Once. What passes messages on, `on_message(arrayBuffer)` or `on_short_message(begin, end)`, is called in the async
  // context of this call.
  void open(Napi::Env env, Napi::Function on_message, Napi::Function on_short_message);
  // Also while a message is passed on.
  void close();

  // Memory for short messages, one behind the other, instead of what was offered before.
  void offer(Napi::ArrayBuffer pool);
  // Where the next message may be put. Empty when there is no memory.
  [[nodiscard]] std::span<std::byte> place() noexcept;
  // So many bytes are there. Calls into JavaScript.
  void pass(Napi::Env env, std::size_t length);
  // Calls `function` in the same context.
  void call(Napi::Env env, const Napi::FunctionReference& function, std::initializer_list<napi_value> arguments) const;

 private:
  // As large as a device's slot, and aligned, because to read into the middle of a page takes several times as long on
  // some machines.
  struct alignas(4096) Room {
    std::byte bytes[std::size_t{64} * 1024];
  };

  bool pass_in_pool(Napi::Env env, std::span<const std::byte> message);

  std::optional<Napi::AsyncContext> context_;
  Napi::FunctionReference on_message_;
  Napi::FunctionReference on_short_message_;
  std::unique_ptr<Room> room_;  // from the first message on
  Napi::Reference<Napi::ArrayBuffer> pool_;
  std::size_t pool_used_ = 0;  // how many bytes of it
};

}  // namespace slipring
