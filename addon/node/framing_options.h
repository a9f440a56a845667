// How a stream's bytes are parted into records, as JavaScript says it.
#pragma once

#include <napi.h>

#include <memory>

#include "core/framing/framing.h"

namespace slipring {

// JS thread. `options` is an object without a prototype, of numbers and one Buffer, which lib/ has checked:
//   frame          0 delimiter, 1 size, 2 length prefix, 3 SLIP, 4 COBS
//   longest, longRecords (0 fail, 1 split, 2 truncate), endsWithSource, flushes
//   delimiter, takesReturn | size | width, isBigEndian, offset, countsAll
std::unique_ptr<Framing> make_framing(const Napi::Object& options);

}  // namespace slipring
