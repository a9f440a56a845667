#include "node/producer.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "core/clock.h"
#include "node/environment.h"
#include "node/file_destination.h"
#include "node/framing_options.h"
#include "platform/memory.h"
#include "sources/registry.h"

namespace slipring {

namespace {

// Indices of chunkInfo.
constexpr std::size_t kAcceptsMessages = 8;
constexpr std::size_t kMeasuresLatency = 20;
constexpr std::size_t kLatency = 21;

constexpr napi_type_tag kProducerTag = {0x5b1e0c6f9d3a4f27, 0x9a4c7d2e61f0b853};

}  // namespace

Napi::Function Producer::define(Napi::Env env) {
  return DefineClass(env, "Producer",
                     {
                         InstanceMethod<&Producer::frame>("frame"),
                         InstanceMethod<&Producer::flush>("flush"),
                         InstanceMethod<&Producer::start>("start"),
                         InstanceMethod<&Producer::arm>("arm"),
                         InstanceMethod<&Producer::rearm>("rearm"),
                         InstanceMethod<&Producer::take>("take"),
                         InstanceMethod<&Producer::waits>("waits"),
                         InstanceMethod<&Producer::descriptor>("descriptor"),
                         InstanceMethod<&Producer::name>("name"),
                         InstanceMethod<&Producer::open_failed>("openFailed"),
                         InstanceMethod<&Producer::outcome>("outcome"),
                         InstanceMethod<&Producer::request_stop>("requestStop"),
                         InstanceMethod<&Producer::close>("close"),
                         InstanceMethod<&Producer::write_to>("writeTo"),
                         InstanceMethod<&Producer::is_writing>("isWriting"),
                         InstanceMethod<&Producer::stop_writing>("stopWriting"),
                         InstanceMethod<&Producer::wake>("wake"),
                         InstanceMethod<&Producer::ref>("ref"),
                         InstanceMethod<&Producer::unref>("unref"),
                         InstanceMethod<&Producer::read_counters>("readCounters"),
                     });
}

Producer* Producer::Unwrap(Napi::Object receiver) {
  const Napi::Env env = receiver.Env();
  bool ours = false;
  if (napi_check_object_type_tag(env, receiver, &kProducerTag, &ours) == napi_ok && ours) {
    return ObjectWrap<Producer>::Unwrap(receiver);
  }
  if (!env.IsExceptionPending()) Napi::TypeError::New(env, "Illegal invocation").ThrowAsJavaScriptException();
  return nullptr;
}

Producer::Producer(const Napi::CallbackInfo& info) : ObjectWrap<Producer>(info) {
  const Napi::Env env = info.Env();
  const slipring_source* source = find_source(info[0].As<Napi::String>().Utf8Value());
  if (source == nullptr) {
    Napi::Error::New(env, "no such source").ThrowAsJavaScriptException();
    return;
  }
  SourceOptions options(info[1].As<Napi::Object>());
  if (!options.complete()) return;  // JavaScript is about to end: an object without a tag has no methods
  options_ = Napi::Persistent(info[1].As<Napi::Object>());
  const uint32_t slots = info[2].As<Napi::Number>().Uint32Value();
  const auto overflow = static_cast<Overflow>(info[3].As<Napi::Number>().Uint32Value());
  std::optional<std::chrono::milliseconds> patience;
  if (info[5].IsNumber()) patience.emplace(info[5].As<Napi::Number>().Int64Value());
  session_ =
      std::make_shared<Session>(*source, std::move(options), slots, overflow, patience, Environment::of(env).threads());
  pins_.resize(slots);
  auto chunk_info = info[4].As<Napi::Float64Array>();
  chunk_info_ = Napi::Persistent(chunk_info);
  chunk_ = chunk_info.Data();
  napi_type_tag_object(env, info.This(), &kProducerTag);
}

// JS thread. Reached with a running session only when the environment goes away.
Producer::~Producer() {
  if (session_ != nullptr) session_->stop(Env());
}

void Producer::frame(const Napi::CallbackInfo& info) {
  session_->pump().frame(make_framing(info[0].As<Napi::Object>()));
}

Napi::Value Producer::flush(const Napi::CallbackInfo& info) {
  constexpr double kNsPerMs = 1e6;
  const auto quiet_ns = static_cast<uint64_t>(info[0].As<Napi::Number>().DoubleValue() * kNsPerMs);
  const std::optional<uint64_t> left_ns = session_->pump().flush(quiet_ns);
  return Napi::Number::New(info.Env(), left_ns ? static_cast<double>(*left_ns) / kNsPerMs : -1);
}

Napi::Value Producer::start(const Napi::CallbackInfo& info) {
  running_ = true;
  if (info[1].IsFunction() && session_->pump().takes_help()) {
    on_ring_ = Napi::Persistent(info[0].As<Napi::Function>());
    messages_.open(info.Env(), info[1].As<Napi::Function>(), info[2].As<Napi::Function>());
  }
  Ref();  // let_go() undoes it: until then the thread writes into memory that this object pins
  const int error = session_->start(info.Env(), info[0].As<Napi::Function>());
  if (error != 0 || info.Env().IsExceptionPending()) let_go(info.Env());
  return Napi::Number::New(info.Env(), error);
}

Napi::Value Producer::arm(const Napi::CallbackInfo& info) {
  const uint32_t index = info[0].As<Napi::Number>().Uint32Value();
  auto memory = info[1].As<Napi::ArrayBuffer>();
  const auto size = static_cast<std::size_t>(info[2].As<Napi::Number>().Int64Value());
  const auto alignment = static_cast<std::size_t>(info[3].As<Napi::Number>().Int64Value());
  const bool ask_for_huge_pages = info[4].As<Napi::Boolean>();
  void* begin = memory.Data();
  std::size_t room = memory.ByteLength();
  const bool fits = std::has_single_bit(alignment) && std::align(alignment, size, begin, room) != nullptr;
  if (index >= pins_.size() || pins_[index].armed || !fits) {
    Napi::Error::New(info.Env(), "slot cannot be armed").ThrowAsJavaScriptException();
    return info.Env().Undefined();
  }
  if (ask_for_huge_pages) platform::advise_huge_pages(begin, size);
  pins_[index].memory = Napi::Persistent(memory);
  pins_[index].armed = true;
  session_->channel().arm(index, static_cast<std::byte*>(begin), size);
  session_->pump().slot_armed();
  return Napi::Number::New(info.Env(), static_cast<double>(memory.ByteLength() - room));
}

void Producer::rearm(const Napi::CallbackInfo& info) {
  const uint32_t index = info[0].As<Napi::Number>().Uint32Value();
  if (index >= pins_.size() || pins_[index].armed || pins_[index].memory.IsEmpty()) {
    Napi::Error::New(info.Env(), "slot cannot be armed").ThrowAsJavaScriptException();
    return;
  }
  pins_[index].armed = true;
  const Slot& slot = session_->channel().slot(index);
  session_->channel().arm(index, slot.data, slot.size);
  session_->pump().slot_armed();
}

Napi::Value Producer::take(const Napi::CallbackInfo& info) {
  const int32_t index = take_chunk();
  if (index == Channel::kNothing) watch();
  return Napi::Number::New(info.Env(), index);
}

int32_t Producer::take_chunk() {
  Channel& channel = session_->channel();
  const int32_t index = channel.take();
  if (index >= 0) {
    const Slot& slot = channel.slot(static_cast<uint32_t>(index));
    pins_[static_cast<std::size_t>(index)].armed = false;
    tell(slot.position, slot);
    measure(slot.ready_since);
  } else if (index == Channel::kFinished) {
    tell(channel.end(), {});
  }
  return index;
}

// The JS thread has nothing to do: data may wake it.
void Producer::watch() {
  const Channel& channel = session_->channel();
  if (!on_ring_.IsEmpty() && !watched_ && channel.is_open() && session_->pump().has_had_nothing()) {
    if (channel.descriptor() >= 0) watch_.open(Env(), static_cast<int>(channel.descriptor()), session_, *this);
    watched_ = true;
  }
  watch_.start();
}

// JS thread, from the event loop.
std::span<std::byte> Producer::place() {
  return chunk_[kAcceptsMessages] != 0 ? messages_.place(Env()) : std::span<std::byte>();
}

// JS thread, from the event loop.
void Producer::on_message(std::size_t length, uint32_t records, uint64_t read_at) {
  measure(read_at);
  messages_.pass(Env(), length, records);
}

// JS thread, from the event loop.
void Producer::on_chunk() { messages_.call(Env(), on_ring_, {Napi::Number::New(Env(), take_chunk())}); }

// The order of lib/native.ts.
void Producer::tell(const Position& position, const Slot& slot) {
  chunk_[0] = static_cast<double>(slot.length);
  chunk_[1] = static_cast<double>(position.chunks);
  chunk_[2] = static_cast<double>(position.bytes);
  chunk_[3] = static_cast<double>(position.records);
  chunk_[4] = slot.record_count;
  std::memcpy(&chunk_[5], &slot.timestamp, sizeof slot.timestamp);  // read as BigUint64: a double has too few bits
  std::memcpy(&chunk_[6], &slot.user, sizeof slot.user);            // and so is this
  chunk_[7] = slot.record_size;
  chunk_[9] = session_->channel().ready_count();
  chunk_[10] = static_cast<double>(position.uncounted_losses);
  chunk_[11] = static_cast<double>(position.files);
  chunk_[12] = static_cast<double>(slot.origin.part);
  chunk_[13] = static_cast<double>(slot.origin.offset);
  chunk_[14] = static_cast<double>(slot.origin.end);
  chunk_[19] = static_cast<double>(slot.origin.modified) / 1e6;                // milliseconds, as Date has them
  std::memcpy(&chunk_[15], slot.origin.file.data(), sizeof slot.origin.file);  // the same
}

// A chunk gets to JavaScript now. The flag and what it asks for are in memory of this thread's own.
void Producer::measure(uint64_t since) {
  if (chunk_[kMeasuresLatency] == 0) return;
  chunk_[kLatency] = static_cast<double>(std::max(monotonic_ns() - since, uint64_t{1}));  // 0: not measured
}

Napi::Value Producer::request_stop(const Napi::CallbackInfo& info) {
  session_->request_stop();
  return Napi::Boolean::New(info.Env(), session_->channel().listen_for_finish());
}

Napi::Value Producer::close(const Napi::CallbackInfo& info) {
  let_go(info.Env());
  session_->let_go_of_options();
  return Napi::Boolean::New(info.Env(), !session_->gave_up());
}

void Producer::let_go(napi_env env) {
  if (!running_) return;
  running_ = false;
  watch_.close();
  on_ring_.Reset();  // they hold the stream
  messages_.close();
  session_->stop(env);
  if (session_->gave_up()) {
    // Whoever does not return may still write there, and read his options.
    for (Pin& pin : pins_) pin.memory.SuppressDestruct();
    options_.SuppressDestruct();
  }
  std::vector<Pin>().swap(pins_);
  if (!session_->gave_up()) {
    options_.Reset();
    // A stream that has ended may wait for the collector for long, which knows nothing of native memory (Rule 10).
    session_->channel().let_go_of_slots();
  }
  Unref();
}

Napi::Value Producer::write_to(const Napi::CallbackInfo& info) {
  Pump& pump = session_->pump();
  std::optional<uint64_t> position;
  if (info[1].IsNumber()) position.emplace(info[1].As<Napi::Number>().Int64Value());
  std::unique_ptr<Destination> destination;
  if (running_ && pump.flows()) destination = FileDestination::of(info[0].As<Napi::Number>().Int32Value(), position);
  const bool begins = destination != nullptr;
  if (begins) pump.write_to(std::move(destination));
  return Napi::Boolean::New(info.Env(), begins);
}

Napi::Value Producer::is_writing(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), session_->pump().is_writing());
}

void Producer::stop_writing(const Napi::CallbackInfo& /*info*/) { session_->pump().stop_writing(); }

void Producer::wake(const Napi::CallbackInfo& /*info*/) {
  if (running_) session_->doorbell().ring();
}

void Producer::ref(const Napi::CallbackInfo& info) { session_->doorbell().ref(info.Env()); }

void Producer::unref(const Napi::CallbackInfo& info) { session_->doorbell().unref(info.Env()); }

}  // namespace slipring
