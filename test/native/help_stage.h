// A source that can wait, of bytes that the test puts into it, and the pump on its thread.
#pragma once

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "channel_rig.h"
#include "core/pump/pump.h"
#include "scripted_source.h"
#include "support.h"

namespace slipring::test {

class Stage {
 public:
  explicit Stage(uint32_t slots = 4, std::size_t slot_size = 16, Overflow overflow = Overflow::kBlock,
                 std::unique_ptr<Framing> framing = nullptr)
      : rig(slots, slot_size), pump(source.table, rig.channel, overflow) {
    pump.frame(std::move(framing));
    source.can_wait();
    source.table.flags = SLIPRING_SOURCE_READ_ANYWHERE;
    source.on_wait = [this](slipring_error*) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [&] { return cancelled_ || woken_ || endless_ || (!items_.empty() && !hidden_); });
      woken_ = false;
      waits_over.add();
      return cancelled_ ? -1 : 0;
    };
    source.on_read = [this](std::span<std::byte> into, slipring_chunk* chunk, slipring_error*) -> int64_t {
      const std::lock_guard<std::mutex> lock(mutex_);
      read_into = into;
      if (cancelled_) return SLIPRING_FAILED;
      if (items_.empty() && !endless_) return SLIPRING_NOTHING;
      const int item = items_.empty() ? 0 : items_.front();
      if (!items_.empty()) items_.pop_front();
      if (item < 0) return SLIPRING_END;
      into[0] = static_cast<std::byte>(item);
      chunk->flags = flags;
      chunk->lost = std::exchange(lost, 0);
      return length;
    };
    source.on_cancel = [this] {
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        cancelled_ = true;
      }
      changed_.notify_all();
    };
    rig.arm_all();
    thread = std::make_unique<TestThread>([this] {
      Options options = source.options();
      pump.run(options.view());
    });
  }
  ~Stage() {
    pump.request_stop();
    thread->join();
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // Negative: the end. `hidden`: the producer thread does not notice.
  void put(int item, bool hidden = true) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      items_.push_back(item);
      hidden_ = hidden;
    }
    changed_.notify_all();
  }
  // From now on there is always something.
  void flow() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      endless_ = true;
    }
    changed_.notify_all();
  }
  // The producer thread wakes up, whether or not there is something.
  void wake() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      woken_ = true;
    }
    changed_.notify_all();
  }
  // The consumer waits, as it does before anything helps.
  void listen() { CHECK(rig.channel.take() == Channel::kNothing); }
  int take() {
    const int32_t index = rig.channel.take();
    if (index < 0) return index;
    const int item = static_cast<int>(rig.channel.slot(static_cast<uint32_t>(index)).data[0]);
    rig.arm(static_cast<uint32_t>(index));
    return item;
  }

  ScriptedSource source;
  ChannelRig rig;
  Pump pump;
  std::unique_ptr<TestThread> thread;
  int64_t length = 1;              // of each chunk
  uint32_t flags = 0;              // likewise
  uint64_t lost = 0;               // before the next one
  std::span<std::byte> read_into;  // the last time
  Tally waits_over;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> items_;
  bool hidden_ = false;
  bool woken_ = false;
  bool endless_ = false;
  bool cancelled_ = false;
};

}  // namespace slipring::test
