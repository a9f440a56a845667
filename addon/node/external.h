// What other addons pass to this one.
#pragma once

#include <napi.h>

namespace slipring {

// JS thread. isSourceTable(external): whether it has the tag that slipring/source.h gives to an External that is a
// `const slipring_source*`. No other pointer is ever followed.
Napi::Value is_source_table(const Napi::CallbackInfo& info);

}  // namespace slipring
