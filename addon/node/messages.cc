#include "node/messages.h"

#include <cstring>
#include <new>

#include "node/uncaught.h"

namespace slipring {

namespace {

// A longer message gets memory of its own: what it costs to allocate it is little beside the copy.
constexpr std::size_t kShort = 1024;

// Where the next one begins in a pool: as far apart as in Node's.
constexpr std::size_t kAlignment = 8;

}  // namespace

void Messages::open(Napi::Env env, Napi::Function on_message, Napi::Function on_short_message) {
  on_message_ = Napi::Persistent(on_message);
  on_short_message_ = Napi::Persistent(on_short_message);
  // Without an object of ours, which Node would only hold weakly, and with it the values of AsyncLocalStorage.
  context_.emplace(env, "slipring.message", Napi::Object());
}

void Messages::close() {
  on_message_.Reset();
  on_short_message_.Reset();
  pool_.Reset();
  context_.reset();
}

void Messages::offer(Napi::ArrayBuffer pool) {
  pool_ = Napi::Persistent(pool);
  pool_used_ = 0;
}

std::span<std::byte> Messages::place() noexcept {
  // Not make_unique(), which would write zeroes to all of its pages.
  if (room_ == nullptr) room_.reset(new (std::nothrow) Room);
  return room_ != nullptr ? std::span(room_->bytes) : std::span<std::byte>();
}

void Messages::pass(Napi::Env env, std::size_t length) {
  const std::span<const std::byte> message = std::span(room_->bytes).first(length);
  if (length <= kShort && pass_in_pool(env, message)) return;
  void* data = nullptr;
  napi_value memory = nullptr;
  // Fails when JavaScript is about to end, and nobody could take it.
  if (napi_create_arraybuffer(env, length, &data, &memory) != napi_ok) return;
  std::memcpy(data, message.data(), length);
  call(env, on_message_, {memory});
}

// False when there is no pool, or no room there. Node is asked each time: whoever has a message of it may have
// transferred it.
bool Messages::pass_in_pool(Napi::Env env, std::span<const std::byte> message) {
  if (pool_.IsEmpty()) return false;
  void* data = nullptr;
  std::size_t size = 0;
  if (napi_get_arraybuffer_info(env, pool_.Value(), &data, &size) != napi_ok) return false;
  const std::size_t begin = pool_used_;
  const std::size_t end = begin + message.size();
  if (end > size) return false;
  std::memcpy(static_cast<std::byte*>(data) + begin, message.data(), message.size());
  pool_used_ = (end + kAlignment - 1) / kAlignment * kAlignment;
  call(env, on_short_message_,
       {Napi::Number::New(env, static_cast<double>(begin)), Napi::Number::New(env, static_cast<double>(end))});
  return true;
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
