// The module's entry. It exports one class and one number, and keeps no state: each environment (main thread or worker)
// defines its own, and nothing in this addon has static storage and a destructor (Rule 6).
#include <napi.h>

#include "node/producer.h"
#include "platform/memory.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("Producer", slipring::Producer::define(env));
  exports.Set("hugePageSize", static_cast<double>(slipring::platform::huge_page_size()));
  return exports;
}

}  // namespace

NODE_API_MODULE(slipring, init)
