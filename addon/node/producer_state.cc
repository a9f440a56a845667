// What the JS object says of its stream: whether it is open, how it ended, and what was counted.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/clock.h"
#include "node/producer.h"

namespace slipring {

Napi::Value Producer::waits(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), session_->channel().producer_waits());
}

Napi::Value Producer::name(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), session_->channel().name());
}

Napi::Value Producer::descriptor(const Napi::CallbackInfo& info) {
  const Channel& channel = session_->channel();
  if (!channel.is_open()) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(channel.descriptor()));
}

Napi::Value Producer::open_failed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), session_->channel().open_failed());
}

Napi::Value Producer::outcome(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Outcome& outcome = session_->channel().outcome();
  const bool overflowed = outcome.kind == Outcome::Kind::kOverflowed;
  if (outcome.kind != Outcome::Kind::kFailed && !overflowed) return env.Undefined();
  Napi::Object failure = Napi::Object::New(env);
  // Defined, not set: Object.prototype may have setters of these names.
  const auto define = [&](const char* name, const Napi::Value& value) {
    failure.DefineProperty(Napi::PropertyDescriptor::Value(name, value, napi_enumerable));
  };
  define("overflowed", Napi::Boolean::New(env, overflowed));
  define("errno", Napi::Number::New(env, outcome.error.number));
  define("syscall", Napi::String::New(env, outcome.error.syscall));
  define("text", Napi::String::New(env, outcome.error.text));
  return failure;
}

void Producer::read_counters(const Napi::CallbackInfo& info) {
  auto into = info[0].As<Napi::Float64Array>();
  const Channel& channel = session_->channel();
  const Counters& counters = channel.counters();
  // The finished waits first: one that ends in between is missed for a moment, and never counted twice.
  const uint64_t finished_waits = counters.producer_wait_ns.get();
  const uint64_t waiting_since = counters.waiting_since_ns.get();
  const uint64_t waiting = waiting_since == 0 ? 0 : monotonic_ns() - waiting_since;
  shown_wait_ns_ = std::max(shown_wait_ns_, finished_waits + waiting);
  // The order of lib/ring/stats.ts.
  const uint64_t values[] = {
      counters.bytes_produced.get(),
      counters.chunks_produced.get(),
      channel.ready_count(),
      counters.producer_waits.get(),
      shown_wait_ns_,
      counters.wakeups.get(),
      counters.dropped_bytes.get(),
      counters.dropped_chunks.get(),
      counters.records_produced.get(),
      counters.dropped_records.get(),
      counters.lost_records.get(),
      counters.truncated_records.get(),
      counters.uncounted_losses.get(),
      counters.lost_files.get(),
      session_->pump().taken_to_write(),
      counters.written_bytes.get(),
      counters.written_chunks.get(),
  };
  std::size_t i = 0;
  for (const uint64_t value : values) into[i++] = static_cast<double>(value);
}

}  // namespace slipring
