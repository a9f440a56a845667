// The only user of the thread-safe function. It carries no data: ringing it makes the JS thread look at the channel.
//
// Rule 2: a ring never blocks and goes through the gate; any status but ok shuts the gate for good.
// Rule 4: the function has no context, so nothing can be touched that is gone when it is called late.
// Rule 7: what the callback throws becomes an 'uncaughtException'.
#pragma once

#include <napi.h>

#include <memory>

#include "core/ring/channel.h"
#include "core/ring/gate.h"

namespace slipring {

class Doorbell final : public Bell {
 public:
  // Called on the JS thread when Node takes the thread-safe function away before release() did.
  class Owner {
   public:
    virtual void doorbell_gone(napi_env env) = 0;

   protected:
    ~Owner() = default;
  };

  Doorbell() = default;
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;

  // JS thread, once. `callback` is called after each ring; `owner` is kept alive until Node has let go of the function.
  [[nodiscard]] napi_status open(napi_env env, napi_value callback, std::shared_ptr<Owner> owner);

  // Any thread.
  void ring() noexcept override;

  // JS thread. Whether an open doorbell keeps the event loop running.
  void ref(napi_env env) noexcept;
  void unref(napi_env env) noexcept;

  // JS thread. When it returns no other thread is ringing, and none ever will.
  void silence() noexcept { gate_.close(); }

  // JS thread, after silence() and after the ringing thread was joined. Further calls do nothing.
  void release() noexcept;

  // JS thread. Node has taken the function away: it must not be touched again.
  void forget() noexcept;

 private:
  static void on_ring(napi_env env, napi_value callback, void* context, void* data);
  static void on_finalize(napi_env env, void* owner, void* hint);

  Gate gate_;
  // Written by the JS thread before the ringing thread starts, and then only while the gate is closed.
  napi_threadsafe_function function_ = nullptr;
};

}  // namespace slipring
