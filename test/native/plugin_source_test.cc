// What stands between a plugin and the pump: which tables it takes, and what it lets through.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>

#include "plugin_rig.h"
#include "scripted_source.h"
#include "source_rig.h"
#include "sources/plugin/table.h"
#include "sources/registry.h"
#include "support.h"

using slipring::kPluginSource;
using slipring::PluginFault;
using slipring::test::number;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::options_of;
using slipring::test::Plugin;
using slipring::test::ScriptedSource;
using slipring::test::Tally;
using slipring::test::TestThread;

namespace {

// As much of a table as there is said to be, with memory behind it that nobody may touch.
class EdgeOfMemory {
 public:
  explicit EdgeOfMemory(const slipring_source& table) : page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))) {
    memory_ = ::mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory_ != MAP_FAILED);
    REQUIRE(::mprotect(static_cast<std::byte*>(memory_) + page_, page_, PROT_NONE) == 0);
    at_ = static_cast<std::byte*>(memory_) + page_ - table.struct_size;
    std::memcpy(at_, &table, table.struct_size);
  }
  ~EdgeOfMemory() { ::munmap(memory_, 2 * page_); }
  EdgeOfMemory(const EdgeOfMemory&) = delete;
  EdgeOfMemory& operator=(const EdgeOfMemory&) = delete;

  [[nodiscard]] const slipring_source& table() const { return *reinterpret_cast<const slipring_source*>(at_); }

 private:
  std::size_t page_;
  void* memory_ = nullptr;
  std::byte* at_ = nullptr;
};

}  // namespace

TEST_CASE("of a table no more is read than it says it has") {
  slipring_source table = ScriptedSource().table;
  for (std::size_t size = SLIPRING_SOURCE_SIZE_1_0; size <= sizeof table; size += alignof(slipring_source)) {
    CAPTURE(size);
    table.struct_size = static_cast<uint32_t>(size);
    table.flags = 0xffffffff;
    const EdgeOfMemory edge(table);
    slipring_source adopted;
    slipring_error error{};
    REQUIRE(slipring::adopt_table(edge.table(), adopted, &error) == 0);
    CHECK(adopted.struct_size == sizeof adopted);
    CHECK((adopted.read == table.read));
    CHECK((adopted.name == table.name));
    CHECK(adopted.flags == (size == sizeof table ? 0xffffffff : 0));
  }
}

TEST_CASE("a table that is too short is refused before anything behind its size is read") {
  slipring_source table = ScriptedSource().table;
  table.struct_size = 8;
  const EdgeOfMemory edge(table);
  slipring_source adopted;
  slipring_error error{};
  CHECK(slipring::adopt_table(edge.table(), adopted, &error) == -1);
  CHECK(error.number == number(PluginFault::kTable));
}

TEST_CASE("a size that ends within a field leaves the whole field out") {
  slipring_source table = ScriptedSource().table;
  table.flags = 0xffffffff;
  table.struct_size = SLIPRING_SOURCE_SIZE_1_0 + 3;
  slipring_source adopted;
  slipring_error error{};
  REQUIRE(slipring::adopt_table(table, adopted, &error) == 0);
  CHECK(adopted.flags == 0);
}

TEST_CASE("a table of another version is refused whatever else it says") {
  slipring_source table{};
  for (const uint32_t version : {0u, SLIPRING_ABI_VERSION + 1}) {
    table.abi_version = version;
    slipring_source adopted;
    slipring_error error{};
    CHECK(slipring::adopt_table(table, adopted, &error) == -1);
    CHECK(error.number == number(PluginFault::kAbi));
  }
}

TEST_CASE("a library that is not there is a failure to load") {
  OpenSource source(kPluginSource, Options().text("library", "/nowhere/library.so"));
  CHECK(source.status == -1);
  CHECK(source.error.number == number(PluginFault::kLoad));
  CHECK(std::string(source.error.text).find("/nowhere") == std::string::npos);  // lib/ names it
}

TEST_CASE("what a plugin has is passed on and what it lacks has a value") {
  Plugin plugin;
  plugin.table.wait = nullptr;
  OpenSource source(kPluginSource, options_of(plugin.table));
  REQUIRE(source.status == 0);
  CHECK(source.descriptor() == 33);
  CHECK(source.name() == "scripted");
  source.close();
  plugin.table.descriptor = nullptr;
  plugin.table.name = nullptr;
  OpenSource silent(kPluginSource, options_of(plugin.table));
  CHECK(silent.descriptor() == -1);
  CHECK(silent.name().empty());
}

TEST_CASE("a number of bytes or of records that does not fit is a failure") {
  struct Said {
    int64_t length;
    uint32_t record_count;
    uint32_t record_size;
    bool fits;
  };
  for (const auto& [length, count, size, fits] : {
           Said{64, 0, 0, true},
           Said{65, 0, 0, false},
           Said{INT64_MAX, 0, 0, false},
           Said{-3, 0, 0, false},
           Said{INT64_MIN, 0, 0, false},
           Said{0, 0, 99, true},
           Said{0, 8, 8, true},
           Said{0, 9, 8, false},
           Said{56, 1, 8, true},
           Said{57, 1, 8, false},
           Said{64, 1, 0, true},
           Said{0, UINT32_MAX, UINT32_MAX, false},
           Said{64, UINT32_MAX, UINT32_MAX, false},
       }) {
    CAPTURE(length);
    CAPTURE(count);
    Plugin plugin;
    plugin.script->on_read = [&, l = length, c = count, s = size](auto, slipring_chunk* chunk, auto) {
      chunk->record_count = c;
      chunk->record_size = s;
      return l;
    };
    OpenSource source(kPluginSource, options_of(plugin.table));
    source.read(64);
    CHECK(source.result == (fits ? length : -1));
    CHECK(source.error.number == (fits ? 0 : number(PluginFault::kResult)));
  }
}

TEST_CASE("memory whose size is no multiple of eight has no room for a table behind all of it") {
  Plugin plugin;
  plugin.script->on_read = [](auto into, slipring_chunk* chunk, auto) {
    chunk->record_count = 1;
    return static_cast<int64_t>(into.size());
  };
  OpenSource source(kPluginSource, options_of(plugin.table));
  source.read(61);
  CHECK(source.error.number == number(PluginFault::kResult));
}

TEST_CASE("a plugin that cannot wait is asked again after a pause") {
  Plugin plugin;
  plugin.table.wait = nullptr;
  plugin.script->on_read = [](auto, auto, auto) { return SLIPRING_NOTHING; };
  OpenSource source(kPluginSource, options_of(plugin.table));
  CHECK(source.wait() == 0);  // nothing was read yet
  source.read(64);
  CHECK(source.result == SLIPRING_NOTHING);
  CHECK(source.wait() == 0);
}

TEST_CASE("a plugin that cannot wait is not read any more once it is cancelled") {
  Plugin plugin;
  plugin.table.wait = nullptr;
  Tally reads;
  Tally cancels;
  plugin.script->on_read = [&](auto, auto, auto) {
    reads.add();
    return 1;
  };
  plugin.script->on_cancel = [&] { cancels.add(); };
  OpenSource source(kPluginSource, options_of(plugin.table));
  source.cancel();
  source.read(64);
  CHECK(source.result == -1);
  CHECK(source.error.number == ECANCELED);
  CHECK(reads.get() == 0);
  CHECK(cancels.get() == 1);
}

TEST_CASE("a plugin is closed once if it was opened and never if not") {
  Plugin plugin;
  Tally closes;
  plugin.script->on_close = [&] { closes.add(); };
  { OpenSource source(kPluginSource, options_of(plugin.table)); }
  CHECK(closes.get() == 1);
  plugin.table.open = [](auto, auto, auto) -> int32_t { return 5; };
  OpenSource failed(kPluginSource, options_of(plugin.table));
  CHECK(failed.status == -1);
  failed.close();
  CHECK(closes.get() == 1);
}
