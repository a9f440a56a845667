#include "sources/plugin/table.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstring>

namespace slipring {

namespace {

const char* missing_function(const slipring_source& table) noexcept {
  if (table.open == nullptr) return "open";
  if (table.read == nullptr && table.start == nullptr) return "read";
  if (table.cancel == nullptr) return "cancel";
  return table.close == nullptr ? "close" : nullptr;
}

}  // namespace

int32_t fail(slipring_error* error, PluginFault fault, const char* text) noexcept {
  error->number = static_cast<int32_t>(fault);
  static_cast<void>(std::snprintf(error->text, sizeof error->text, "%s", text));
  return SLIPRING_FAILED;
}

int32_t adopt_table(const slipring_source& given, slipring_source& table, slipring_error* error) noexcept {
  char text[sizeof error->text];
  // First, since another version may mean something else by all that follows.
  if (given.abi_version != SLIPRING_ABI_VERSION) {
    const bool older = given.abi_version < SLIPRING_ABI_VERSION;
    static_cast<void>(std::snprintf(
        text, sizeof text, "abi_version is %u, %s than the %u of this slipring: compile the %s", given.abi_version,
        older ? "older" : "newer", SLIPRING_ABI_VERSION,
        older ? "plugin against the header of this one" : "plugin against its header, or use a newer slipring"));
    return fail(error, PluginFault::kAbi, text);
  }
  if (given.struct_size < SLIPRING_SOURCE_SIZE_1_0) {
    static_cast<void>(std::snprintf(text, sizeof text, "struct_size is %u, and %zu is the least there is",
                                    given.struct_size, SLIPRING_SOURCE_SIZE_1_0));
    return fail(error, PluginFault::kTable, text);
  }
  // Fields end where the struct may end: a size in between would leave half of a pointer.
  const std::size_t whole = given.struct_size / alignof(slipring_source) * alignof(slipring_source);
  table = {};
  std::memcpy(&table, &given, std::min(whole, sizeof table));
  table.struct_size = sizeof table;
  if (const char* name = missing_function(table)) {
    static_cast<void>(std::snprintf(text, sizeof text, "%s is NULL", name));
    return fail(error, PluginFault::kTable, text);
  }
  return 0;
}

void make_presentable(slipring_error& error) noexcept {
  error.syscall[sizeof error.syscall - 1] = '\0';
  error.text[sizeof error.text - 1] = '\0';
  error.number = std::max(error.number, 0);
}

}  // namespace slipring
