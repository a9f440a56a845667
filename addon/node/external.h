// What other addons pass to this one.
#pragma once

#include <napi.h>

namespace slipring {

// JS thread. isSourceTable(value): whether it is an External with the tag that slipring/source.h gives to an External
// that is a `const slipring_source*`. No other pointer is ever followed.
Napi::Value is_source_table(const Napi::CallbackInfo& info);

}  // namespace slipring
