#include "platform/wake.h"

#include <windows.h>

#include <atomic>
#include <cerrno>
#include <new>
#include <utility>

#include "platform/win/error.h"

namespace slipring::platform {

// A handle that somebody gave us can only be read synchronously, and of most nobody can say whether a read would block.
// So the read blocks, and signal() cancels it from a thread of the system's pool: again and again until the waiting
// thread is past it, because it may be about to begin.
struct Wake::State {
  State() noexcept = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // The waiting thread.
  ~State() {
    past.store(true, std::memory_order_release);  // pairs with cancel_reads()
    if (work != nullptr) {
      ::WaitForThreadpoolWorkCallbacks(work, FALSE);
      ::CloseThreadpoolWork(work);
    }
    if (thread != nullptr) ::CloseHandle(thread);
  }

  // A thread of the pool.
  static void CALLBACK cancel_reads(PTP_CALLBACK_INSTANCE /*instance*/, void* context, PTP_WORK /*work*/) {
    auto* state = static_cast<State*>(context);
    while (!state->past.load(std::memory_order_acquire)) {  // pairs with the waiting thread's stores
      ::CancelSynchronousIo(state->thread);
      ::Sleep(1);
    }
  }

  HANDLE thread = nullptr;  // the one that waits
  PTP_WORK work = nullptr;
  std::atomic<bool> signalled{false};
  std::atomic<bool> past{false};  // the waiting thread will not read any more
};

Wake::Wake() = default;
Wake::~Wake() = default;

int Wake::open() {
  std::unique_ptr<State> state(new (std::nothrow) State);
  if (state == nullptr) return ENOMEM;
  const HANDLE process = ::GetCurrentProcess();
  if (::DuplicateHandle(process, ::GetCurrentThread(), process, &state->thread, 0, FALSE, DUPLICATE_SAME_ACCESS) == 0) {
    return errno_of(::GetLastError());
  }
  state->work = ::CreateThreadpoolWork(State::cancel_reads, state.get(), nullptr);
  if (state->work == nullptr) return errno_of(::GetLastError());
  state_ = std::move(state);
  return 0;
}

void Wake::signal() noexcept {
  if (state_ == nullptr) return;                                            // open() failed: nobody waits
  if (state_->signalled.exchange(true, std::memory_order_acq_rel)) return;  // pairs with wait_readable()
  ::SubmitThreadpoolWork(state_->work);
}

int Wake::wait_readable(const File& /*file*/) noexcept {
  if (!state_->signalled.load(std::memory_order_acquire)) return 0;  // pairs with signal()
  state_->past.store(true, std::memory_order_release);               // pairs with cancel_reads()
  return ECANCELED;
}

}  // namespace slipring::platform
