// A plugin that pushes, and one that throws: what stands between either and the pump.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/pump/pump.h"
#include "death.h"
#include "plugin_rig.h"
#include "scripted_source.h"
#include "source_rig.h"
#include "sources/push/sink.h"
#include "sources/registry.h"
#include "stream_rig.h"
#include "support.h"

using slipring::Channel;
using slipring::kPluginSource;
using slipring::Outcome;
using slipring::PluginFault;
using slipring::PushSink;
using slipring::test::aborts;
using slipring::test::number;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::options_of;
using slipring::test::Plugin;
using slipring::test::ScriptedSource;
using slipring::test::StreamRig;
using slipring::test::TestThread;

namespace {

// A plugin that pushes, and whose sink is the test's.
class Pushing : public Plugin {
 public:
  Pushing() {
    ScriptedSource::can_only_push(table);
    script->on_start = [this](const slipring_sink* given, slipring_error*) {
      said.push_back("start");
      sink = *given;
      return 0;
    };
    script->on_cancel = [this] { said.push_back("cancel"); };
    script->on_close = [this] { said.push_back("close"); };
  }

  [[nodiscard]] Options options(PushSink::WhenFull when_full = PushSink::WhenFull::kWait) const {
    return options_of(table).integer("slot_size", 64).integer("when_full", static_cast<int64_t>(when_full));
  }
  bool push(const char* text) const {
    const std::size_t length = std::strlen(text);
    void* const room = sink.acquire(&sink, length);
    if (room == nullptr) return false;
    std::memcpy(room, text, length);
    return sink.commit(&sink, length, nullptr) == 0;
  }

  slipring_sink sink{};
  std::vector<std::string> said;
};

using Said = std::vector<std::string>;

bool is_fault(const OpenSource& source, PluginFault fault) { return source.error.number == number(fault); }

}  // namespace

TEST_CASE("a plugin starts once, with the first read, and not when it is opened") {
  Pushing plugin;
  OpenSource source(kPluginSource, plugin.options());
  REQUIRE(source.status == 0);
  CHECK(plugin.said.empty());
  CHECK(source.name() == "scripted");
  CHECK(plugin.said.empty());
  source.read(64);
  CHECK(source.result == SLIPRING_NOTHING);
  CHECK(plugin.said == Said{"start"});
  CHECK(plugin.sink.max_size == 64);
  CHECK(plugin.push("abc"));
  CHECK(source.wait() == 0);
  CHECK(source.read(64) == "abc");
  CHECK(plugin.said == Said{"start"});
}

TEST_CASE("a plugin starts with the first wait when that comes first") {
  Pushing plugin;
  plugin.script->on_start = [&](const slipring_sink* given, slipring_error*) {
    plugin.said.push_back("start");
    plugin.sink = *given;
    CHECK(plugin.push("at once"));
    return 0;
  };
  OpenSource source(kPluginSource, plugin.options());
  CHECK(source.wait() == 0);
  CHECK(source.read(64) == "at once");
  CHECK(plugin.said == Said{"start"});
}

TEST_CASE("a plugin that pushes is cancelled before it is closed, whoever cancelled it and whether it began") {
  for (const bool reads : {false, true}) {
    Pushing plugin;
    OpenSource source(kPluginSource, plugin.options());
    if (reads) source.read(64);
    source.close();
    CHECK(plugin.said == (reads ? Said{"start", "cancel", "close"} : Said{"cancel", "close"}));
  }
}

TEST_CASE("a plugin that is read is not cancelled when it is closed") {
  Plugin plugin;
  int cancels = 0;
  plugin.script->on_cancel = [&] { ++cancels; };
  OpenSource source(kPluginSource, options_of(plugin.table));
  source.read(64);
  source.close();
  CHECK(cancels == 0);
}

TEST_CASE("a plugin that was cancelled before it began never begins") {
  for (const bool waits : {false, true}) {
    Pushing plugin;
    OpenSource source(kPluginSource, plugin.options());
    source.cancel();
    if (waits) CHECK(source.wait() == 0);
    source.read(64);
    CHECK(source.result == SLIPRING_FAILED);
    CHECK(source.error.number == ECANCELED);
    CHECK(plugin.said == Said{"cancel"});
  }
}

TEST_CASE("a start that fails is a failure of the plugin's own") {
  for (const bool waits : {false, true}) {
    Pushing plugin;
    plugin.script->on_start = [](const slipring_sink*, slipring_error* error) {
      error->number = ENODEV;
      std::strcpy(error->text, "unplugged");
      return 7;
    };
    OpenSource source(kPluginSource, plugin.options());
    if (waits) {
      CHECK(source.wait() == SLIPRING_FAILED);
    } else {
      source.read(64);
      CHECK(source.result == SLIPRING_FAILED);
    }
    CHECK(source.error.number == ENODEV);
    CHECK(source.error.text == std::string("unplugged"));
  }
}

TEST_CASE("the sink is closed behind the plugin: a thread that pushes until close is stopped by the cancel") {
  Pushing plugin;
  std::unique_ptr<TestThread> thread;
  plugin.script->on_start = [&](const slipring_sink* given, slipring_error*) {
    thread = std::make_unique<TestThread>([&plugin, sink = *given] {
      plugin.sink = sink;
      while (plugin.push("abc")) {}
    });
    return 0;
  };
  plugin.script->on_close = [&] {
    thread->join_awake();
    plugin.said.push_back("close");
  };
  OpenSource source(kPluginSource, plugin.options());
  CHECK(source.wait_and_read(64).size() % 3 == 0);
  source.close();
  CHECK(plugin.said == Said{"cancel", "close"});
  CHECK_FALSE(plugin.push("late"));
}

TEST_CASE("a table with neither read nor start is none, and one with either is") {
  for (const bool reads : {false, true}) {
    for (const bool starts : {false, true}) {
      Pushing plugin;
      if (reads) plugin.table.read = ScriptedSource().table.read;
      if (!starts) plugin.table.start = nullptr;
      OpenSource source(kPluginSource, plugin.options());
      CHECK((source.status == 0) == (reads || starts));
      if (!reads && !starts) CHECK(is_fault(source, PluginFault::kTable));
    }
  }
}

TEST_CASE("a plugin that pushes and fails to open has nothing to be closed") {
  Pushing plugin;
  plugin.table.open = [](auto, auto, slipring_error* error) -> int32_t {
    error->number = EIO;
    return -1;
  };
  OpenSource source(kPluginSource, plugin.options());
  CHECK(source.status == -1);
  CHECK(source.error.number == EIO);
  CHECK(plugin.said.empty());
}

TEST_CASE("whatever a plugin throws ends the process, wherever it comes from") {
  Plugin pulls;
  pulls.table.wait = [](auto, auto) -> int32_t { throw std::runtime_error("wait"); };
  pulls.table.name = [](auto) -> const char* { throw std::runtime_error("name"); };
  pulls.table.descriptor = [](auto) -> int64_t { throw std::runtime_error("descriptor"); };
  pulls.script->on_read = [](auto, auto, auto) -> int64_t { throw 5; };
  Pushing pushes;
  pushes.script->on_start = [](auto, auto) -> int32_t { throw "start"; };
  pushes.script->on_cancel = [] { throw std::runtime_error("cancel"); };
  Plugin closes;
  closes.script->on_close = [] { throw std::runtime_error("close"); };
  Plugin opens;
  opens.table.open = [](auto, auto, auto) -> int32_t { throw std::bad_alloc(); };
  const auto use = [](const Plugin& plugin, auto call) {
    return aborts([&] {
      OpenSource source(kPluginSource, options_of(plugin.table).integer("slot_size", 64));
      call(source);
    });
  };
  CHECK(use(opens, [](auto&) {}));
  CHECK(use(pulls, [](auto& source) { source.read(64); }));
  CHECK(use(pulls, [](auto& source) { return source.wait(); }));
  CHECK(use(pulls, [](auto& source) { return source.name(); }));
  CHECK(use(pulls, [](auto& source) { return source.descriptor(); }));
  CHECK(use(pushes, [](auto& source) { source.read(64); }));
  CHECK(use(pushes, [](auto& source) { source.cancel(); }));
  CHECK(use(closes, [](auto& source) { source.close(); }));
  CHECK_FALSE(use(closes, [](auto&) { ::_exit(0); }));
}

TEST_CASE("a stream of a plugin that pushes ends with what it pushed, or with a stop") {
  for (const bool stops : {false, true}) {
    Pushing plugin;
    std::unique_ptr<TestThread> thread;
    plugin.script->on_start = [&](const slipring_sink* given, slipring_error*) {
      plugin.sink = *given;
      thread = std::make_unique<TestThread>([&] {
        for (int n = 0; n < 1000 || stops; ++n) {
          if (!plugin.push("0123456789")) return;
        }
        plugin.sink.finish(&plugin.sink, nullptr);
      });
      return 0;
    };
    plugin.script->on_cancel = [] {};  // on two threads
    plugin.script->on_close = [&] { thread->join_awake(); };
    StreamRig stream(kPluginSource, plugin.options(), 4, 64);
    stream.rig.arm_all();
    REQUIRE(stream.start() == 0);
    uint64_t bytes = 0;
    for (int32_t index = stream.rig.take(); index >= 0; index = stream.rig.take()) {
      const slipring::Slot& slot = stream.rig.channel.slot(static_cast<uint32_t>(index));
      CHECK(slot.position.bytes == bytes);
      bytes += slot.length;
      stream.rig.arm(static_cast<uint32_t>(index));
      if (stops && bytes > 5000) stream.pump.request_stop();
    }
    CHECK((stream.rig.channel.outcome().kind == (stops ? Outcome::Kind::kStopped : Outcome::Kind::kEnded)));
    if (!stops) CHECK(bytes == 10'000);
  }
}
