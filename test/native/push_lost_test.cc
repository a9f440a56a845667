// What a plugin says it has lost without a number, or with one that nobody could count, on its way to the host.
#include <doctest/doctest.h>

#include <cstdint>

#include "plugin_rig.h"
#include "push_rig.h"
#include "source_rig.h"
#include "sources/push/ring.h"
#include "sources/registry.h"

using slipring::kPluginSource;
using slipring::PushRing;
using slipring::test::about;
using slipring::test::OpenSource;
using slipring::test::options_of;
using slipring::test::Plugin;
using slipring::test::SinkRig;

namespace {

constexpr uint64_t kUnknown = SLIPRING_LOST_UNKNOWN;
constexpr uint64_t kTooMany = uint64_t{1} << 53;

bool push_byte(PushRing& ring) {
  if (ring.reserve(1) == nullptr) return false;
  ring.commit(1, nullptr);
  return true;
}

}  // namespace

TEST_CASE("what was lost and not counted is told once by the next entry, beside what was") {
  PushRing ring;
  REQUIRE(ring.allocate(64));
  ring.add_lost(kUnknown, kUnknown);
  ring.add_lost(2, 20);
  ring.add_lost(kTooMany, kTooMany);
  REQUIRE(push_byte(ring));
  REQUIRE(push_byte(ring));
  ring.add_lost(kUnknown, 5);
  REQUIRE(push_byte(ring));
  ring.add_lost(3, 0);
  ring.add_lost(kUnknown, 0);
  REQUIRE(ring.front() != nullptr);
  CHECK(ring.front()->lost == 2);
  CHECK(ring.front()->lost_bytes == 20);
  CHECK(ring.front()->lost_uncounted == 1);
  ring.pop();
  CHECK_FALSE(ring.front()->follows_loss());
  ring.pop();
  CHECK(ring.front()->lost == 0);
  CHECK(ring.front()->lost_bytes == 5);
  CHECK(ring.front()->lost_uncounted == 1);
  ring.pop();
  CHECK(ring.untold().chunks == 3);
  const PushRing::Lost more = ring.untold();
  CHECK(more.chunks == 0);
  CHECK(more.uncounted == 1);
  CHECK(ring.untold().uncounted == 0);
}

TEST_CASE("a sink tells what was not counted with the next read and behind a number with one more") {
  SinkRig rig(10);
  const slipring_chunk unknown = about(kUnknown, 7);
  const slipring_chunk lost = about(2, 20);
  CHECK(rig.push("a") == 0);
  CHECK(rig.push("B", &unknown) == 0);
  for (const slipring_chunk* said : {&lost, &unknown}) CHECK(rig.push("", said) == 0);
  CHECK(rig.push("c") == 0);
  for (const slipring_chunk* said : {&lost, &unknown}) CHECK(rig.push("", said) == 0);
  rig.finish();
  struct Said {
    int64_t result;
    uint64_t lost;
    uint64_t lost_bytes;
  };
  for (const Said& said : {Said{1, 0, 0}, Said{1, kUnknown, 7}, Said{SLIPRING_NOTHING, 2, 27}, Said{1, kUnknown, 0},
                           Said{SLIPRING_NOTHING, 2, 27}, Said{SLIPRING_END, kUnknown, 0}, Said{SLIPRING_END, 0, 0}}) {
    rig.sink.wait();
    rig.read();
    CHECK(rig.result == said.result);
    CHECK(rig.chunk.lost == said.lost);
    CHECK(rig.chunk.lost_bytes == said.lost_bytes);
  }
}

TEST_CASE("bytes are not joined over a loss that was not counted") {
  SinkRig rig(10);
  const slipring_chunk unknown = about(kUnknown);
  CHECK(rig.push("a") == 0);
  CHECK(rig.push("", &unknown) == 0);
  CHECK(rig.push("b") == 0);
  CHECK(rig.read() == "a");
  CHECK(rig.read() == "b");
  CHECK(rig.chunk.lost == kUnknown);
}

TEST_CASE("a number that nobody could count is none when a plugin is read, too") {
  Plugin plugin;
  uint64_t lost = 0;
  plugin.script->on_read = [&](auto, slipring_chunk* chunk, auto) -> int64_t {
    chunk->lost = lost;
    chunk->lost_bytes = lost;
    return 1;
  };
  OpenSource source(kPluginSource, options_of(plugin.table));
  for (const uint64_t said : {kTooMany - 1, kTooMany, kUnknown}) {
    CAPTURE(said);
    lost = said;
    source.read(64);
    CHECK(source.chunk.lost == (lost < kTooMany ? lost : kUnknown));
    CHECK(source.chunk.lost_bytes == (lost < kTooMany ? lost : 0));
  }
}
