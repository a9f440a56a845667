// What the streams of one JavaScript thread, the main one or a worker, have in common.
#pragma once

#include <napi.h>

#include <memory>

#include "platform/thread_cache.h"

namespace slipring {

// JS thread.
class Environment {
 public:
  // Once, when the addon is loaded. Node frees it.
  static void open(Napi::Env env);
  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  [[nodiscard]] const std::shared_ptr<platform::ThreadCache>& threads() const noexcept { return threads_; }

 private:
  // Sessions may outlive the environment's data.
  const std::shared_ptr<platform::ThreadCache> threads_ = std::make_shared<platform::ThreadCache>();
};

}  // namespace slipring
