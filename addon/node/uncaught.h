// What a callback throws that no JavaScript called.
#pragma once

#include <napi.h>

namespace slipring {

// JS thread. `status` is that of the call. An exception becomes an 'uncaughtException' (Rule 7).
inline void report_uncaught(napi_env env, napi_status status) noexcept {
  if (status != napi_pending_exception) return;  // ok, or a terminated worker that cannot run anything
  napi_value exception = nullptr;
  if (napi_get_and_clear_last_exception(env, &exception) == napi_ok) napi_fatal_exception(env, exception);
}

}  // namespace slipring
