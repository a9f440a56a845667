// One running source: the block that the JS object and the producer thread share (Rule 4). The last one frees it.
//
// Members are destroyed in reverse order: the pump and the channel before the doorbell they ring.
#pragma once

#include <napi.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/pump/pump.h"
#include "core/ring/channel.h"
#include "node/doorbell.h"
#include "node/source_options.h"
#include "platform/thread_cache.h"
#include "slipring/source.h"

namespace slipring {

class Session final : public Doorbell::Owner, public std::enable_shared_from_this<Session> {
 public:
  // `patience`: how long stop() waits for the thread of a source that may never return; without one, for ever.
  Session(const slipring_source& source, SourceOptions options, uint32_t slots, Overflow overflow,
          std::optional<std::chrono::milliseconds> patience, std::shared_ptr<platform::ThreadCache> threads);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // JS thread, once. Returns 0, or the errno with which no thread could be had. Throws into JavaScript when Node
  // refuses the doorbell; then it returns 0.
  [[nodiscard]] int start(Napi::Env env, Napi::Function on_ring);

  // JS thread, any number of times, from wherever comes first: the stream's end, the environment's cleanup hook, or
  // the doorbell's finalizer (Rule 3). The thread's work is joined when it returns, or given up.
  void stop(napi_env env);

  // JS thread. Asks the thread to end, and does not wait for it. Patience begins.
  void request_stop();

  // JS thread, after stop(), or when it was never started. What the options kept for the source is closed.
  void let_go_of_options() noexcept {
    if (!gave_up_) options_.let_go();
  }

  // JS thread, after stop(). The thread was given up: it may still use all that it was given.
  [[nodiscard]] bool gave_up() const noexcept { return gave_up_; }

  [[nodiscard]] Channel& channel() noexcept { return channel_; }
  [[nodiscard]] Doorbell& doorbell() noexcept { return doorbell_; }
  [[nodiscard]] Pump& pump() noexcept { return pump_; }

 private:
  class ThreadBody;
  static void on_env_cleanup(void* session);
  void doorbell_gone(napi_env env) override;
  bool ends_in_time();

  SourceOptions options_;
  Doorbell doorbell_;
  Channel channel_;
  Pump pump_;
  const bool keeps_thread_;        // the next stream may have it
  platform::CachedThread thread_;  // JS thread only
  napi_env hooked_env_ = nullptr;  // JS thread only: where the cleanup hook is registered

  using Clock = std::chrono::steady_clock;
  const std::optional<std::chrono::milliseconds> patience_;
  std::optional<Clock::time_point> asked_;  // JS thread only: when it was first asked to end
  bool gave_up_ = false;                    // JS thread only
};

}  // namespace slipring
