// The JS object: the only thing that lib/ sees of the addon. Every method runs on the JS thread.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "node/loop_watch.h"
#include "node/messages.h"
#include "node/session.h"

namespace slipring {

class Producer final : public Napi::ObjectWrap<Producer>, private LoopWatch::Taker {
 public:
  static Napi::Function define(Napi::Env env);

  // Hides ObjectWrap's: a receiver that is not a Producer is a TypeError, never a wild pointer.
  static Producer* Unwrap(Napi::Object receiver);

  // new Producer(sourceName, sourceOptions, slots, overflow, chunkInfo: Float64Array, patience?); `overflow` as in
  // core/pump/pump.h, `patience` in milliseconds.
  explicit Producer(const Napi::CallbackInfo& info);
  ~Producer() override;
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

 private:
  // frame(options): chunks are to be whole records, before start(); see node/framing_options.h.
  void frame(const Napi::CallbackInfo& info);
  // flush(ms): hands on what there is of a record to which nothing was added for so long. How much longer that may
  // take, in milliseconds; -1 when there is none.
  Napi::Value flush(const Napi::CallbackInfo& info);
  // start(onRing, onMessage?, makeRoom?): 0, or the errno with which no thread could be had. With all three the event
  // loop is libuv's, and may wait for the source's data, too: see node/messages.h.
  Napi::Value start(const Napi::CallbackInfo& info);
  // arm(index, arrayBuffer, size, alignment, askForHugePages): the offset in it where the slot's `size` bytes will
  // begin.
  Napi::Value arm(const Napi::CallbackInfo& info);
  // rearm(index): the same memory again, which nobody has a view of.
  void rearm(const Napi::CallbackInfo& info);
  // take(): a slot's index, and what is known of it in chunkInfo; -1 nothing yet; -2 nothing ever again.
  Napi::Value take(const Napi::CallbackInfo& info);
  // waits(): whether the thread has data and waits for a slot.
  Napi::Value waits(const Napi::CallbackInfo& info);
  // descriptor(): what the open source reads from, -1 when it has none, undefined while it is not open.
  Napi::Value descriptor(const Napi::CallbackInfo& info);
  // name(): what the open source calls what it opened, or "".
  Napi::Value name(const Napi::CallbackInfo& info);
  // openFailed(): whether the source failed to open; then there is an outcome, and nothing to take.
  Napi::Value open_failed(const Napi::CallbackInfo& info);
  // outcome(): undefined after a plain end, else { overflowed, errno, syscall, text }. Only after take() returned -2.
  Napi::Value outcome(const Napi::CallbackInfo& info);
  // requestStop(): whether the thread is done already; else onRing is called when it is.
  Napi::Value request_stop(const Napi::CallbackInfo& info);
  // close(): joins the thread, lets go of all memory, and of the event loop. Whether the thread ended.
  Napi::Value close(const Napi::CallbackInfo& info);
  // writeTo(descriptor, position?): the thread writes what it reads to that file, from `position` on, or where the
  // descriptor is. False when it is none, when the source may wait, or after close(). Nothing is to be taken
  // meanwhile.
  Napi::Value write_to(const Napi::CallbackInfo& info);
  // isWriting(): whether it goes on; then onRing is called now and then, and when it does not any more.
  Napi::Value is_writing(const Napi::CallbackInfo& info);
  // stopWriting(): isWriting() is false soon.
  void stop_writing(const Napi::CallbackInfo& info);
  // wake(): rings the doorbell from this side, for a turn of the event loop although nothing is new.
  void wake(const Napi::CallbackInfo& info);
  void ref(const Napi::CallbackInfo& info);
  void unref(const Napi::CallbackInfo& info);
  // readCounters(into: Float64Array)
  void read_counters(const Napi::CallbackInfo& info);

  void let_go(napi_env env);
  int32_t take_chunk();
  void watch();
  [[nodiscard]] std::span<std::byte> place() override;
  void on_message(std::size_t length, uint32_t records, uint64_t read_at) override;
  void on_chunk() override;
  void tell(const Position& position, const Slot& slot);
  void measure(uint64_t since);

  // A slot's memory while native code may write to it, and until it is armed anew.
  struct Pin {
    Napi::Reference<Napi::ArrayBuffer> memory;
    bool armed = false;
  };

  std::shared_ptr<Session> session_;
  Napi::ObjectReference options_;  // of the source, which may be in memory that one of them keeps
  LoopWatch watch_;
  Napi::FunctionReference on_ring_;  // this and messages_ only when watch_ may be used
  Messages messages_;
  bool watched_ = false;  // watch_ has been tried
  std::vector<Pin> pins_;
  Napi::Reference<Napi::Float64Array> chunk_info_;
  double* chunk_ = nullptr;     // its memory
  uint64_t shown_wait_ns_ = 0;  // what read_counters() gave last: it never goes back
  bool running_ = false;        // started and not let go: the object then holds itself
};

}  // namespace slipring
