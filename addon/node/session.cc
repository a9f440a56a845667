#include "node/session.h"

#include <cerrno>
#include <utility>

#include "sources/registry.h"

namespace slipring {

// What the producer thread runs, and its reference to the session.
class Session::ThreadBody final : public platform::Thread::Body {
 public:
  explicit ThreadBody(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  // Producer thread.
  void run() override { session_->pump_.run(session_->options_.view()); }

 private:
  const std::shared_ptr<Session> session_;
};

Session::Session(const slipring_source& source, SourceOptions options, uint32_t slots, Overflow overflow,
                 std::optional<std::chrono::milliseconds> patience, std::shared_ptr<platform::ThreadCache> threads)
    : options_(std::move(options)),
      channel_(slots, doorbell_),
      pump_(source, channel_, overflow),
      keeps_thread_(leaves_its_thread_alone(source)),
      thread_(std::move(threads)),
      patience_(patience) {}

// JS thread.
int Session::start(Napi::Env env, Napi::Function on_ring) {
  const napi_status status = doorbell_.open(env, on_ring, shared_from_this());
  if (status != napi_ok) {
    Napi::Error::New(env).ThrowAsJavaScriptException();
    return 0;
  }
  // After the doorbell: hooks run in reverse order, so ours stops the thread before Node closes the doorbell.
  napi_add_env_cleanup_hook(env, on_env_cleanup, this);
  hooked_env_ = env;
  const int error = thread_.start(std::make_unique<ThreadBody>(shared_from_this()));
  if (error != 0) stop(env);
  return error;
}

// JS thread. Rule 3: this order.
void Session::stop(napi_env env) {
  doorbell_.silence();
  request_stop();
  if (ends_in_time()) {
    thread_.join(keeps_thread_);
    pump_.forget_destination();
  } else {
    thread_.give_up();
    gave_up_ = true;
  }
  doorbell_.release();
  if (hooked_env_ != nullptr) {
    napi_remove_env_cleanup_hook(env, on_env_cleanup, this);
    hooked_env_ = nullptr;
  }
}

// JS thread.
void Session::request_stop() {
  if (!asked_) asked_ = Clock::now();
  pump_.request_stop();
}

// JS thread. Another stop() does not wait anew.
bool Session::ends_in_time() { return !patience_ || thread_.is_done_before(*asked_ + *patience_); }

// JS thread. The session lives: the doorbell's reference to it is dropped after all cleanup hooks have run.
void Session::on_env_cleanup(void* session) {
  auto* self = static_cast<Session*>(session);
  self->stop(self->hooked_env_);
}

// JS thread.
void Session::doorbell_gone(napi_env env) {
  doorbell_.forget();
  stop(env);
}

}  // namespace slipring
