#include "node/doorbell.h"

#include <utility>

#include "node/uncaught.h"

namespace slipring {

// JS thread.
napi_status Doorbell::open(napi_env env, napi_value callback, std::shared_ptr<Owner> owner) {
  auto kept = std::make_unique<std::shared_ptr<Owner>>(std::move(owner));
  napi_value name = nullptr;
  napi_status status = napi_create_string_utf8(env, "slipring.doorbell", NAPI_AUTO_LENGTH, &name);
  if (status != napi_ok) return status;
  // An unlimited queue, of which the channel's `listening` flag never lets us use more than one place.
  status = napi_create_threadsafe_function(env, callback, nullptr, name, 0, 1, kept.get(), on_finalize, nullptr,
                                           on_ring, &function_);
  if (status == napi_ok) static_cast<void>(kept.release());  // on_finalize owns it now
  return status;
}

// Any thread.
void Doorbell::ring() noexcept {
  if (!gate_.enter()) return;
  const napi_status status = napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
  if (status != napi_ok) gate_.shut();
  gate_.leave();
}

// JS thread.
void Doorbell::ref(napi_env env) noexcept {
  if (function_ != nullptr) napi_ref_threadsafe_function(env, function_);
}

// JS thread.
void Doorbell::unref(napi_env env) noexcept {
  if (function_ != nullptr) napi_unref_threadsafe_function(env, function_);
}

// JS thread.
void Doorbell::release() noexcept {
  if (function_ == nullptr) return;
  napi_release_threadsafe_function(std::exchange(function_, nullptr), napi_tsfn_abort);
}

// JS thread.
void Doorbell::forget() noexcept {
  silence();
  function_ = nullptr;
}

// JS thread. Node opened a handle scope for it (Rule 10).
void Doorbell::on_ring(napi_env env, napi_value callback, void* /*context*/, void* /*data*/) {
  if (env == nullptr) return;  // torn down: JavaScript is gone
  napi_value receiver = nullptr;
  if (napi_get_undefined(env, &receiver) != napi_ok) return;
  report_uncaught(env, napi_call_function(env, receiver, callback, 0, nullptr, nullptr));
}

// JS thread. Node may call it before or after our own release, and before the queue has drained.
void Doorbell::on_finalize(napi_env env, void* owner, void* /*hint*/) {
  const std::unique_ptr<std::shared_ptr<Owner>> kept(static_cast<std::shared_ptr<Owner>*>(owner));
  (*kept)->doorbell_gone(env);
}

}  // namespace slipring
