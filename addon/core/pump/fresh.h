// One of the structs of source.h, which say how large they are.
#pragma once

namespace slipring {

template <class Struct>
Struct fresh() {
  Struct made{};
  made.struct_size = sizeof made;
  return made;
}

}  // namespace slipring
