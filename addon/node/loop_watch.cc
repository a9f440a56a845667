#include "node/loop_watch.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/clock.h"
#include "platform/readiness.h"

namespace slipring {

namespace {

// When help is of no use, it is offered again after this time.
constexpr uint64_t kPauseNs = 20'000'000;
// When the producer thread was quicker, after this: it may be so only now and then.
constexpr uint64_t kShortPauseNs = 1'000'000;
// How often in a row the loop comes again while the producer thread reads, which makes way then: a read that does not
// wait takes no longer.
constexpr uint32_t kTurnsAwaited = 100;
// After a message longer than this there is likely to be more: to look costs less than a turn of the event loop, which
// would only ask the system whether there is.
constexpr std::size_t kLong = 1024;
// But not more often in one turn than libuv reads a stream: others want theirs (Rule 11).
constexpr uint32_t kReadsInATurn = 32;

// The few functions of libuv that are needed, as uv.h has declared them since 1.19. A handle is opaque here.
struct Libuv {
  static constexpr int kPollHandle = 8;  // UV_POLL
  static constexpr int kReadable = 1;    // UV_READABLE

  size_t (*handle_size)(int type) = nullptr;
  int (*poll_init)(uv_loop_s* loop, void* handle, int descriptor) = nullptr;
  int (*poll_start)(void* handle, int events, void (*callback)(void* handle, int status, int events)) = nullptr;
  int (*poll_stop)(void* handle) = nullptr;
  void (*unref)(void* handle) = nullptr;
  void (*close)(void* handle, void (*callback)(void* handle)) = nullptr;
  void (*set_data)(void* handle, void* data) = nullptr;

  // False when the program lacks one.
  bool load() noexcept {
    return find(handle_size, "uv_handle_size") && find(poll_init, "uv_poll_init") &&
           find(poll_start, "uv_poll_start") && find(poll_stop, "uv_poll_stop") && find(unref, "uv_unref") &&
           find(close, "uv_close") && find(set_data, "uv_handle_set_data");
  }

 private:
  template <class Function>
  static bool find(Function& function, const char* name) noexcept {
    void* const symbol = platform::program_symbol(name);
    function = std::bit_cast<Function>(symbol);
    return function != nullptr;
  }
};

}  // namespace

// All of it is the JS thread's.
struct LoopWatch::Handle {
  static void on_readable(void* poll, int status, int events);
  static void on_env_cleanup(napi_async_cleanup_hook_handle hook, void* handle);
  static void on_closed(void* poll);
  // What libuv calls `data`, the first field of every handle.
  static Handle* of(void* poll) noexcept { return *static_cast<Handle**>(poll); }

  bool read(bool first);
  void stop() noexcept {
    if (!std::exchange(active, false)) return;
    uv.poll_stop(poll.get());
    session->pump().stop_helping();
  }
  void close() noexcept {
    stop();
    if (!std::exchange(closing, true)) uv.close(poll.get(), on_closed);
  }

  Libuv uv;
  napi_env env = nullptr;
  platform::Readiness readiness;
  std::shared_ptr<Session> session;
  std::unique_ptr<std::max_align_t[]> poll;  // a uv_poll_t
  LoopWatch* owner = nullptr;
  Taker* taker = nullptr;  // as long as there is an owner
  napi_async_cleanup_hook_handle hook = nullptr;
  bool active = false;
  bool closing = false;
  uint64_t not_before_ns = 0;
  uint32_t turns_awaited = 0;
};

LoopWatch::~LoopWatch() { close(); }

void LoopWatch::close() noexcept {
  if (handle_ == nullptr) return;
  handle_->owner = nullptr;
  std::exchange(handle_, nullptr)->close();
}

void LoopWatch::open(Napi::Env env, int descriptor, std::shared_ptr<Session> session, Taker& taker) {
  auto handle = std::make_unique<Handle>();
  uv_loop_s* loop = nullptr;
  if (!handle->uv.load() || napi_get_uv_event_loop(env, &loop) != napi_ok) return;
  if (handle->readiness.open(descriptor) != 0) return;
  const std::size_t size = handle->uv.handle_size(Libuv::kPollHandle);
  handle->poll = std::make_unique<std::max_align_t[]>(size / sizeof(std::max_align_t) + 1);
  if (handle->uv.poll_init(loop, handle->poll.get(), handle->readiness.descriptor()) != 0) return;
  handle->env = env;
  handle->session = std::move(session);
  handle->taker = &taker;
  handle->owner = this;
  handle_ = handle.release();  // on_closed() frees it
  handle_->uv.set_data(handle_->poll.get(), handle_);
  handle_->uv.unref(handle_->poll.get());  // the doorbell keeps the loop running, or does not
  napi_add_async_cleanup_hook(env, Handle::on_env_cleanup, handle_, &handle_->hook);
}

void LoopWatch::start() noexcept {
  if (handle_ == nullptr || handle_->active || handle_->closing) return;
  if (monotonic_ns() < handle_->not_before_ns) return;
  handle_->active = handle_->uv.poll_start(handle_->poll.get(), Libuv::kReadable, Handle::on_readable) == 0;
  if (handle_->active) handle_->session->pump().promise_help();
}

void LoopWatch::Handle::on_readable(void* poll, int /*status*/, int /*events*/) {
  auto* self = of(poll);
  uint32_t reads = 1;
  while (self->read(reads == 1) && reads < kReadsInATurn) reads++;
}

// Whether it is worth while to read on at once. Only the `first` read of a turn is sure to find something.
bool LoopWatch::Handle::read(bool first) {
  if (!session->channel().listens()) {
    stop();  // behind already: start() comes again
    return false;
  }
  const Napi::HandleScope scope(env);  // Rule 10: one for each message
  const Pump::Help help = session->pump().help(taker->place());
  const bool has_message = help.message > 0 || help.records > 0;
  if (!first && !has_message && !help.published) return false;
  turns_awaited = help.in_turn ? 0 : turns_awaited + 1;
  if (!help.useful || !help.was_needed || turns_awaited == kTurnsAwaited) {
    // The descriptor may stay readable: the loop would spin.
    turns_awaited = 0;
    not_before_ns = monotonic_ns() + (help.useful ? kShortPauseNs : kPauseNs);
    stop();
  }
  if (has_message) {
    taker->on_message(help.message, help.records, help.read_at);
  } else if (help.published) {
    taker->on_chunk();
  }
  // JavaScript may have closed the watch, but the event loop still has the handle.
  return help.message > kLong && active;
}

void LoopWatch::Handle::on_env_cleanup(napi_async_cleanup_hook_handle /*hook*/, void* handle) {
  static_cast<Handle*>(handle)->close();
}

void LoopWatch::Handle::on_closed(void* poll) {
  std::unique_ptr<Handle> self(of(poll));
  if (self->owner != nullptr) self->owner->handle_ = nullptr;
  napi_async_cleanup_hook_handle hook = self->hook;
  self.reset();
  napi_remove_async_cleanup_hook(hook);  // the environment may end now
}

}  // namespace slipring
