// CMakeLists.txt says how this file is compiled: without a table for the unwinder, and no call becomes a jump.
#include "sources/plugin/calls.h"

namespace slipring::plugin {

int32_t open(const slipring_source& table, const slipring_options* options, void** self, slipring_error* error) {
  return table.open(options, self, error);
}

int64_t read(const slipring_source& table, void* self, void* data, size_t size, slipring_chunk* chunk,
             slipring_error* error) {
  return table.read(self, data, size, chunk, error);
}

void cancel(const slipring_source& table, void* self) { table.cancel(self); }

void close(const slipring_source& table, void* self) { table.close(self); }

int64_t descriptor(const slipring_source& table, void* self) { return table.descriptor(self); }

int32_t start(const slipring_source& table, void* self, const slipring_sink* sink, slipring_error* error) {
  return table.start(self, sink, error);
}

int32_t wait(const slipring_source& table, void* self, slipring_error* error) { return table.wait(self, error); }

const char* name(const slipring_source& table, void* self) { return table.name(self); }

}  // namespace slipring::plugin
