// Puts a class behind the C table. It needs open(), read() and cancel(); descriptor(), wait() and name() are found when
// it has them. Its destructor is the table's close.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

#include "slipring/source.h"
#include "sources/support.h"

namespace slipring {

template <class Source>
class SourceTable {
 public:
  static constexpr slipring_source make(uint32_t flags = 0) {
    slipring_source table{};
    table.struct_size = sizeof table;
    table.abi_version = SLIPRING_ABI_VERSION;
    table.open = open;
    table.read = [](void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error) {
      return static_cast<int64_t>(of(self)->read({static_cast<std::byte*>(data), size}, chunk, error));
    };
    table.cancel = [](void* self) { of(self)->cancel(); };
    table.close = [](void* self) { delete of(self); };
    if constexpr (requires(Source& source) { source.descriptor(); }) {
      table.descriptor = [](void* self) { return static_cast<int64_t>(of(self)->descriptor()); };
    }
    if constexpr (requires(Source& source, slipring_error* error) { source.wait(error); }) {
      table.wait = [](void* self, slipring_error* error) { return of(self)->wait(error); };
    }
    if constexpr (requires(Source& source) { source.name(); }) {
      table.name = [](void* self) { return of(self)->name(); };
    }
    table.flags = flags;
    return table;
  }

 private:
  static Source* of(void* self) noexcept { return static_cast<Source*>(self); }

  static int32_t open(const slipring_options* options, void** self, slipring_error* error) {
    try {
      auto opening = std::make_unique<Source>();
      if (opening->open(*options, error) != 0) return SLIPRING_FAILED;
      *self = opening.release();
      return 0;
    } catch (const std::bad_alloc&) { return fail(error, ENOMEM, "open"); }
  }
};

}  // namespace slipring
