// The table of a plugin, as its library has it, made into one that the host can use: whatever header it was compiled
// against, if it is a table at all.
#pragma once

#include <cstdint>

#include "slipring/source.h"

namespace slipring {

// What is wrong with a plugin, as slipring_error.number: no errno is negative. The codes are in lib/errors.ts.
enum class PluginFault : int8_t {
  kLoad = -1,    // the library cannot be loaded
  kSymbol = -2,  // it does not export slipring_source_v1
  kAbi = -3,     // its abi_version is another one
  kTable = -4,   // its table lacks something
  kResult = -5,  // it did what it may not: returned what cannot be, called out of order
};

// Any thread. Fills `error`; returns the -1 that open and read then return.
int32_t fail(slipring_error* error, PluginFault fault, const char* text) noexcept;

// Any thread. What a plugin says of its own failure, made safe to print: its strings may have no end, and a negative
// number would be one of ours.
void make_presentable(slipring_error& error) noexcept;

// Any thread. Copies what both know of `given`, the rest is zero: `table` never has a part of a field. Returns 0, or
// fail()s. Looks at no more of `given` than it says it has.
[[nodiscard]] int32_t adopt_table(const slipring_source& given, slipring_source& table, slipring_error* error) noexcept;

}  // namespace slipring
