// One running source: the block that the JS object and the producer thread share (Rule 4). The last one frees it.
//
// Members are destroyed in reverse order: the pump and the channel before the doorbell they ring.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>

#include "core/channel.h"
#include "core/pump.h"
#include "node/doorbell.h"
#include "node/source_options.h"
#include "platform/thread.h"
#include "slipring/source.h"

namespace slipring {

class Session final : public Doorbell::Owner, public std::enable_shared_from_this<Session> {
 public:
  Session(const slipring_source& source, SourceOptions options, uint32_t slots, Overflow overflow);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // JS thread, once. Returns 0, or the errno with which no thread could be had. Throws into JavaScript when Node
  // refuses the doorbell; then it returns 0.
  [[nodiscard]] int start(Napi::Env env, Napi::Function on_ring);

  // JS thread, any number of times, from wherever comes first: the stream's end, the environment's cleanup hook, or
  // the doorbell's finalizer (Rule 3). The thread is joined when it returns.
  void stop(napi_env env);

  [[nodiscard]] Channel& channel() noexcept { return channel_; }
  [[nodiscard]] Doorbell& doorbell() noexcept { return doorbell_; }
  [[nodiscard]] Pump& pump() noexcept { return pump_; }

 private:
  class ThreadBody;
  static void on_env_cleanup(void* session);
  void doorbell_gone(napi_env env) override;

  const SourceOptions options_;
  Doorbell doorbell_;
  Channel channel_;
  Pump pump_;
  platform::Thread thread_;        // JS thread only
  napi_env hooked_env_ = nullptr;  // JS thread only: where the cleanup hook is registered
};

}  // namespace slipring
