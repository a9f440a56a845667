#include "platform/thread.h"

#include <pthread.h>
#include <signal.h>
#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace slipring::platform {

namespace {

// Sources need little, and there may be hundreds of streams. Sanitizers' frames are larger.
constexpr std::size_t kStackSize = std::size_t{256} << 10;

void* run_body(void* argument) {
  name_this_thread("slipring");
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

#ifdef SYS_sched_setattr
// As the kernel has it; the C library does not.
struct SchedulingAttributes {
  uint32_t size;
  uint32_t policy;  // 0: the usual one
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t slice_ns;  // how long it runs at a time: who asks for little is let in early
  uint64_t deadline;
  uint64_t period;
};

constexpr uint64_t kShortestSliceNs = 100'000;
constexpr int32_t kFavoured = -10;

bool set_scheduling(int32_t nice) noexcept {
  SchedulingAttributes attributes{};
  attributes.size = sizeof attributes;
  attributes.nice = nice;
  attributes.slice_ns = kShortestSliceNs;
  return ::syscall(SYS_sched_setattr, 0, &attributes, 0) == 0;
}
#endif

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

void name_this_thread(const char* name) noexcept {
#ifdef __APPLE__
  pthread_setname_np(name);
#else
  pthread_setname_np(pthread_self(), name);
#endif
}

void run_soon() noexcept {
#ifdef SYS_sched_setattr
  const int nice = ::getpriority(PRIO_PROCESS, 0);  // of this thread, on Linux
  if (nice > kFavoured && set_scheduling(kFavoured)) return;
  set_scheduling(nice);
#endif
}

void Thread::join() {
  if (handle_ == nullptr) return;
  pthread_join(handle_->id, nullptr);
  handle_.reset();
}

void Thread::give_up() {
  if (handle_ == nullptr) return;
  pthread_detach(handle_->id);
  handle_.reset();
}

}  // namespace slipring::platform
