// The module's entry. It exports one class, one function and one number, and keeps no state but that of each
// environment (main thread or worker); nothing in this addon has static storage and a destructor (Rule 6).
#include <napi.h>

#include "node/environment.h"
#include "node/external.h"
#include "node/producer.h"
#include "platform/image.h"
#include "platform/memory.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  slipring::platform::pin_image();
  slipring::Environment::open(env);
#ifdef __MINGW32__
  // The first call of an import that is loaded late comes without its floating-point argument, from binutils' thunks.
  static_cast<void>(Napi::Number::New(env, 0));
#endif
  exports.Set("Producer", slipring::Producer::define(env));
  exports.Set("isSourceTable", Napi::Function::New<slipring::is_source_table>(env, "isSourceTable"));
  exports.Set("hugePageSize", static_cast<double>(slipring::platform::huge_page_size()));
  return exports;
}

}  // namespace

NODE_API_MODULE(slipring, init)
