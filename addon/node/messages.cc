#include "node/messages.h"

#include <memory>

#include "node/uncaught.h"

namespace slipring {

namespace {

// To read into the middle of a page takes several times as long on some machines.
constexpr std::size_t kPageSize = 4096;

}  // namespace

void Messages::open(Napi::Env env, Napi::Function on_message, Napi::Function make_room) {
  on_message_ = Napi::Persistent(on_message);
  make_room_ = Napi::Persistent(make_room);
  // Without an object of ours, which Node would only hold weakly, and with it the values of AsyncLocalStorage.
  context_.emplace(env, "slipring.message", Napi::Object());
}

void Messages::close() {
  on_message_.Reset();
  make_room_.Reset();
  room_.Reset();
  place_ = {};
  context_.reset();
}

std::span<std::byte> Messages::place(Napi::Env env) {
  if (place_.empty() && context_) ask_for_room(env);
  return place_;
}

// Of JavaScript, where having no memory is an exception and not the end of the process. Not in advance: most streams
// never need it.
void Messages::ask_for_room(Napi::Env env) {
  napi_value made = nullptr;
  if (napi_call_function(env, env.Global(), make_room_.Value(), 0, nullptr, &made) != napi_ok) {
    napi_value ignored = nullptr;  // without room a slot is used, and for that there is no memory either
    napi_get_and_clear_last_exception(env, &ignored);
    return;
  }
  const Napi::ArrayBuffer room(env, made);
  room_ = Napi::Persistent(room);
  begin_ = static_cast<std::byte*>(room_.Value().Data());
  std::size_t room_size = room_.Value().ByteLength();
  const std::size_t size = room_size - kPageSize;
  void* aligned = begin_;
  if (std::align(kPageSize, size, aligned, room_size) == nullptr) return;
  place_ = std::span(static_cast<std::byte*>(aligned), size);
}

void Messages::pass(Napi::Env env, std::size_t length, uint32_t records) {
  call(env, on_message_,
       {Napi::Number::New(env, static_cast<double>(place_.data() - begin_)),
        Napi::Number::New(env, static_cast<double>(length)), Napi::Number::New(env, records)});
}

// Rule 7. For Node to enter the context costs less than for the function itself. Nothing is touched after the call,
// which may have closed this.
void Messages::call(Napi::Env env, const Napi::FunctionReference& function,
                    std::initializer_list<napi_value> arguments) const {
  if (!context_) return;  // closed
  napi_value run = function.Value();
  report_uncaught(env, napi_make_callback(env, *context_, run, run, arguments.size(), arguments.begin(), nullptr));
}

}  // namespace slipring
