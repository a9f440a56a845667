#include "platform/thread.h"

#include <process.h>
#include <windows.h>

#include <cassert>
#include <cerrno>

namespace slipring::platform {

namespace {

// As on other systems: address space only, until it is used.
constexpr unsigned kStackSize = 256u << 10;

unsigned __stdcall run_body(void* argument) {
  const std::unique_ptr<Thread::Body> body(static_cast<Thread::Body*>(argument));
  body->run();
  return 0;
}

}  // namespace

struct Thread::Handle {
  HANDLE thread;
};

Thread::Thread() = default;
Thread::~Thread() { assert(handle_ == nullptr); }

int Thread::start(std::unique_ptr<Body> body) {
  auto handle = std::make_unique<Handle>();
  const uintptr_t thread =
      ::_beginthreadex(nullptr, kStackSize, run_body, body.get(), STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr);
  if (thread == 0) return errno != 0 ? errno : EAGAIN;
  static_cast<void>(body.release());  // run_body owns it now
  handle->thread = reinterpret_cast<HANDLE>(thread);
  handle_ = std::move(handle);
  return 0;
}

void Thread::join() {
  if (handle_ == nullptr) return;
  ::WaitForSingleObject(handle_->thread, INFINITE);
  ::CloseHandle(handle_->thread);
  handle_.reset();
}

void Thread::give_up() {
  if (handle_ == nullptr) return;
  ::CloseHandle(handle_->thread);
  handle_.reset();
}

void name_this_thread(const char* /*name*/) noexcept {}

void run_soon() noexcept {}

}  // namespace slipring::platform
