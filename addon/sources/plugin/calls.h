// The calls into a plugin. What a plugin throws must not come through a C interface: it may have another C++ library
// than we have, and then an exception that looks for its handler in our frames reads nonsense. So these functions are
// compiled such that they cannot be unwound, and an exception ends there: the plugin's own library says which one it
// was, and ends the process, as it does when one leaves a thread. (source.hpp catches everything before it comes so
// far.)
#pragma once

#include <cstdint>

#include "slipring/source.h"

namespace slipring::plugin {

// As the functions of the table.
int32_t open(const slipring_source& table, const slipring_options* options, void** self, slipring_error* error);
int64_t read(const slipring_source& table, void* self, void* data, size_t size, slipring_chunk* chunk,
             slipring_error* error);
void cancel(const slipring_source& table, void* self);
void close(const slipring_source& table, void* self);
int64_t descriptor(const slipring_source& table, void* self);
int32_t start(const slipring_source& table, void* self, const slipring_sink* sink, slipring_error* error);
int32_t wait(const slipring_source& table, void* self, slipring_error* error);
const char* name(const slipring_source& table, void* self);

}  // namespace slipring::plugin
