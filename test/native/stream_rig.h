// A whole stream without Node: a source on its thread, the pump, the channel, and a consumer that is the test.
#pragma once

#include <memory>
#include <utility>

#include "channel_rig.h"
#include "core/pump/pump.h"
#include "platform/thread.h"
#include "scripted_source.h"

namespace slipring::test {

class StreamRig {
 public:
  StreamRig(const slipring_source& source, Options options, uint32_t slots, std::size_t slot_size)
      : rig(slots, slot_size), pump(source, rig.channel), options_(std::move(options)) {}
  ~StreamRig() { stop(); }
  StreamRig(const StreamRig&) = delete;
  StreamRig& operator=(const StreamRig&) = delete;

  // 0 or an errno, as platform::Thread says.
  [[nodiscard]] int start() { return thread_.start(std::make_unique<Body>(*this)); }
  void stop() {
    pump.request_stop();
    thread_.join();
  }
  void join() { thread_.join(); }

  ChannelRig rig;
  Pump pump;

 private:
  class Body final : public platform::Thread::Body {
   public:
    explicit Body(StreamRig& stream) : stream_(stream) {}
    void run() override { stream_.pump.run(stream_.options_.view()); }

   private:
    StreamRig& stream_;
  };

  Options options_;
  platform::Thread thread_;
};

}  // namespace slipring::test
