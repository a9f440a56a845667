// Lets the event loop wait for a source's data beside the producer thread, so that the JS thread, when it has nothing
// else to do, is woken by the data itself. Node-API cannot do that: libuv can, whose interface is as stable. Where the
// program has no libuv, or the system no epoll, there is no watch, and the producer thread does everything.
#pragma once

#include <napi.h>

#include <cstddef>
#include <memory>
#include <span>

#include "node/session.h"

namespace slipring {

class LoopWatch {
 public:
  // Who gets what was read.
  class Taker {
   public:
    // JS thread. Where a chunk that is small enough may be put instead of into a slot.
    [[nodiscard]] virtual std::span<std::byte> place() = 0;
    // JS thread, right after place(): so many bytes are there, since `read_at`. May call into JavaScript, which may
    // close the watch.
    virtual void on_message(std::size_t length, uint32_t records, uint64_t read_at) = 0;
    // JS thread. The channel has a chunk. May call into JavaScript, too.
    virtual void on_chunk() = 0;

   protected:
    ~Taker() = default;
  };

  LoopWatch() = default;
  ~LoopWatch();
  LoopWatch(const LoopWatch&) = delete;
  LoopWatch& operator=(const LoopWatch&) = delete;

  // JS thread, once. `taker` outlives this. Without a result: if the descriptor cannot be watched, start() does
  // nothing.
  void open(Napi::Env env, int descriptor, std::shared_ptr<Session> session, Taker& taker);

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
