#include "node/environment.h"

namespace slipring {

// Hooks run in reverse order: this one, the first to be added, after those of all sessions. Where a runtime has another
// order, a thread that a session gives back later is joined at once (Rule 3).
void Environment::open(Napi::Env env) {
  auto* const self = new Environment();
  env.SetInstanceData(self);
  env.AddCleanupHook([threads = self->threads_] { threads->close(); });
}

}  // namespace slipring
