#include "platform/thread.h"

#include <pthread.h>
#include <signal.h>

#include <cassert>
#include <cstddef>

namespace slipring::platform {

namespace {

// Sources need little, and there may be hundreds of streams. Sanitizers' frames are larger.
constexpr std::size_t kStackSize = std::size_t{256} << 10;

void* run_body(void* argument) {
  const std::unique_ptr<Thread::Body> body(static_cast<Thread::Body*>(argument));
  body->run();
  return nullptr;
}

// Signals belong to the threads that the application and Node know about: a new thread inherits the mask.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

struct Thread::Handle {
  pthread_t id;
};

Thread::Thread() = default;
Thread::~Thread() { assert(handle_ == nullptr); }

int Thread::start(std::unique_ptr<Body> body) {
  auto handle = std::make_unique<Handle>();
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackSize);
  int error = 0;
  {
    const AllSignalsBlocked blocked;
    error = pthread_create(&handle->id, &attributes, run_body, body.get());
  }
  pthread_attr_destroy(&attributes);
  if (error != 0) return error;
  static_cast<void>(body.release());  // run_body owns it now
  handle_ = std::move(handle);
  return 0;
}

void Thread::join() {
  if (handle_ == nullptr) return;
  pthread_join(handle_->id, nullptr);
  handle_.reset();
}

}  // namespace slipring::platform
