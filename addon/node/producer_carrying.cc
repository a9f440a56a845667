// What the JS object has to do with a thread that writes by itself: see core/pump/carry.cc.
#include <memory>

#include "node/file_outlet.h"
#include "node/producer.h"

namespace slipring {

void Producer::carry_to(const Napi::CallbackInfo& info) {
  Slot& slot = session_->channel().slot(info[0].As<Napi::Number>().Uint32Value());
  slot.carried = {};
  slot.outlet =
      std::make_unique<FileOutlet>(info[1].As<Napi::Number>().Int32Value(), info[2].As<Napi::Number>().Int64Value());
}

void Producer::carried(const Napi::CallbackInfo& info) {
  const Carried& carried = session_->channel().slot(info[0].As<Napi::Number>().Uint32Value()).carried;
  auto into = info[1].As<Napi::Float64Array>();
  into[0] = static_cast<double>(carried.read);
  into[1] = static_cast<double>(carried.written);
  into[2] = carried.error;
  into[3] = carried.last ? 1 : 0;
}

}  // namespace slipring
