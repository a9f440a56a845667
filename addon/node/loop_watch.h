// Lets the event loop wait for a source's data beside the producer thread, so that the JS thread, when it has nothing
// else to do, is woken by the data itself. Node-API cannot do that: libuv can, whose interface is as stable. Where the
// program has no libuv, or the system no epoll, there is no watch, and the producer thread does everything.
#pragma once

#include <napi.h>

#include <memory>

#include "node/session.h"

namespace slipring {

class LoopWatch {
 public:
  // Who takes the chunk that was read, for `on_data`.
  class Taker {
   public:
    // JS thread. As Channel::take().
    virtual int32_t take_chunk() = 0;

   protected:
    ~Taker() = default;
  };

  LoopWatch() = default;
  ~LoopWatch();
  LoopWatch(const LoopWatch&) = delete;
  LoopWatch& operator=(const LoopWatch&) = delete;

  // JS thread, once. `on_data` is called with what `taker`, who outlives this, took. Without a result: if the
  // descriptor cannot be watched, start() does nothing.
  void open(Napi::Function on_data, int descriptor, std::shared_ptr<Session> session, Taker& taker);

  // JS thread. Nothing wakes it any more.
  void close() noexcept;

  // JS thread, when it has nothing to do. From now on it is woken by data, until it says so itself that this is of no
  // use.
  void start() noexcept;

 private:
  struct Handle;
  Handle* handle_ = nullptr;  // the event loop's, until it has closed it
};

}  // namespace slipring
