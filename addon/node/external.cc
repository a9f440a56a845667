#include "node/external.h"

#include "slipring/source.h"

namespace slipring {

Napi::Value is_source_table(const Napi::CallbackInfo& info) {
  constexpr napi_type_tag kTag = {SLIPRING_SOURCE_TAG_LOWER, SLIPRING_SOURCE_TAG_UPPER};
  const Napi::Env env = info.Env();
  // Asked here: Deno has no util.types.isExternal().
  if (!info[0].IsExternal()) return Napi::Boolean::New(env, false);
  bool is_table = false;
  const bool asked = napi_check_object_type_tag(env, info[0], &kTag, &is_table) == napi_ok;
  return Napi::Boolean::New(env, asked && is_table && info[0].As<Napi::External<void>>().Data() != nullptr);
}

}  // namespace slipring
