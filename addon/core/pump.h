// The producer loop: the only place that calls a source. It opens it, fills free slots from it until the end, an error
// or a stop, and closes it, all on the producer thread.
#pragma once

#include <mutex>

#include "core/channel.h"
#include "slipring/source.h"

namespace slipring {

class Pump {
 public:
  Pump(const slipring_source& source, Channel& channel) : source_(source), channel_(channel) {}
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  // Producer thread, once. Returns when the source is closed and the channel finished.
  void run(const slipring_options& options);

  // Any thread, any number of times. Makes run() return soon; does not wait for it.
  void request_stop();

 private:
  Outcome fill_slots(void* self);
  void set_cancellable(void* self);

  const slipring_source& source_;
  Channel& channel_;
  // Keeps cancel from meeting a source that is not open yet or closed already.
  std::mutex cancel_mutex_;
  void* cancellable_ = nullptr;
};

}  // namespace slipring
