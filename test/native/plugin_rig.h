// A plugin whose every function is a lambda of the test, behind the source that stands for it.
#pragma once

#include <cstdint>

#include "scripted_source.h"
#include "slipring/source.h"
#include "sources/plugin/table.h"

namespace slipring::test {

// What createStreamFromExternal() would pass.
inline Options options_of(const slipring_source& table) {
  return Options().integer("table", static_cast<int64_t>(reinterpret_cast<intptr_t>(&table)));
}

inline int32_t number(PluginFault fault) { return static_cast<int32_t>(fault); }

// A table with its script beside it, by whose address `open` finds it.
struct Scripted {
  slipring_source table;
  ScriptedSource* script;
};

// A scripted source as a plugin.
class Plugin : public Scripted {
 public:
  Plugin() : Scripted{ScriptedSource().table, &script_} {
    table.open = [](const slipring_options* options, void** self, slipring_error*) -> int32_t {
      *self = reinterpret_cast<const Scripted*>(static_cast<intptr_t>(options->items[0].integer))->script;
      return 0;
    };
  }
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

 private:
  ScriptedSource script_;
};

}  // namespace slipring::test
