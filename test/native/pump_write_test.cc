// Chunks that the producer thread writes to a destination, past the consumer.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "scripted_source.h"
#include "stream_rig.h"

using slipring::Channel;
using slipring::Destination;
using slipring::Pump;
using slipring::test::ChannelRig;
using slipring::test::Options;
using slipring::test::ScriptedSource;
using slipring::test::StreamRig;

namespace {

// What a destination got. It outlives it.
struct Written {
  std::string text;
  std::size_t room = SIZE_MAX;  // it takes so many bytes
  std::function<void()> on_write;
  bool is_gone = false;
};

class TextDestination final : public Destination {
 public:
  explicit TextDestination(Written& written) : written_(written) {}
  ~TextDestination() override { written_.is_gone = true; }
  TextDestination(const TextDestination&) = delete;
  TextDestination& operator=(const TextDestination&) = delete;

  std::size_t write(std::span<const std::byte> bytes) noexcept override {
    const std::size_t length = std::min(bytes.size(), written_.room);
    written_.text.append(reinterpret_cast<const char*>(bytes.data()), length);
    written_.room -= length;
    if (written_.on_write) written_.on_write();
    return length;
  }

 private:
  Written& written_;
};

// A source of chunks "abc", "def" ... that follow without delay. `before(n)` is called when n were read.
struct Letters {
  explicit Letters(int count) {
    source.on_read = [this, count](std::span<std::byte> into, slipring_chunk* chunk, slipring_error*) -> int64_t {
      if (before) before(reads);
      if (reads == count) return 0;
      chunk->flags |= more;
      for (std::byte& letter : into.first(3)) letter = static_cast<std::byte>('a' + letters++ % 26);
      reads++;
      return 3;
    };
  }
  ScriptedSource source;
  std::function<void(int)> before;
  uint32_t more = SLIPRING_CHUNK_MORE;
  int reads = 0;
  int letters = 0;
};

// A pump whose test is its consumer, too.
struct Run {
  explicit Run(Letters& letters, uint32_t slots = 8) : rig(slots), pump(letters.source.table, rig.channel) {
    rig.arm_all();
  }
  // When so many chunks were read.
  void write_to(Written& written, Letters& letters, int after = 1) {
    letters.before = [&, after](int reads) {
      if (reads == after) pump.write_to(std::make_unique<TextDestination>(written));
    };
  }
  void run(Letters& letters) {
    Options options = letters.source.options();
    pump.run(options.view());
  }
  // What is handed on, up to the end.
  std::string taken() {
    std::string text;
    for (int32_t index = rig.channel.take(); index >= 0; index = rig.channel.take()) {
      const auto& slot = rig.channel.slot(static_cast<uint32_t>(index));
      if (text.empty()) first_at = slot.position.bytes;
      text.append(reinterpret_cast<const char*>(slot.data), slot.length);
    }
    return text;
  }

  ChannelRig rig;
  Pump pump;
  uint64_t first_at = 0;  // the position of what taken() has begun with
};

}  // namespace

TEST_CASE("what is read goes to the destination, and what was ready before it") {
  Letters letters(6);
  Written written;
  Run run(letters);
  run.write_to(written, letters, 3);
  run.run(letters);
  CHECK(written.text == "abcdefghijklmnopqr");
  CHECK(written.is_gone);
  CHECK_FALSE(run.pump.is_writing());
  CHECK(run.taken() == "");
  const auto& counters = run.rig.channel.counters();
  CHECK(counters.written_bytes.get() == 18);
  CHECK(counters.written_chunks.get() == 6);
  CHECK(counters.chunks_produced.get() == 6);
  CHECK(counters.dropped_chunks.get() == 0);
}

TEST_CASE("it takes no more slots than there are, however much is read") {
  Letters letters(20);
  Written written;
  Run run(letters, 2);
  run.write_to(written, letters);
  run.run(letters);
  CHECK(written.text.size() == 60);
}

TEST_CASE("what a destination does not take is handed on, and before what was ready behind it") {
  Letters letters(6);
  Written written;
  written.room = 4;
  Run run(letters);
  run.write_to(written, letters, 4);
  run.run(letters);
  CHECK(written.text == "abcd");
  CHECK(written.is_gone);
  CHECK(run.taken() == "efghijklmnopqr");
  CHECK(run.first_at == 4);
  CHECK(run.rig.channel.counters().written_chunks.get() == 1);
}

TEST_CASE("the consumer can have what follows") {
  Letters letters(6);
  Written written;
  Run run(letters);
  written.on_write = [&] {
    if (written.text == "abcdef") run.pump.stop_writing();
  };
  run.write_to(written, letters);
  run.run(letters);
  CHECK(written.text == "abcdef");
  CHECK(run.taken() == "ghijklmnopqr");
}

TEST_CASE("the consumer can have what is being read") {
  Letters letters(6);
  Written written;
  Run run(letters);
  letters.before = [&](int reads) {
    if (reads == 1) run.pump.write_to(std::make_unique<TextDestination>(written));
    if (reads == 3) run.pump.stop_writing();
  };
  run.run(letters);
  CHECK(written.text == "abcdefghi");
  CHECK(run.pump.taken_to_write() == 9);
  CHECK(run.taken() == "jklmnopqr");
}

TEST_CASE("nothing follows the end, whatever the source has said") {
  Letters letters(3);
  Run run(letters);
  run.run(letters);
  CHECK_FALSE(run.pump.flows());
  CHECK(run.taken() == "abcdefghi");
}

TEST_CASE("what comes from a source that waits is the consumer's") {
  Letters letters(4);
  Written written;
  Run run(letters);
  written.on_write = [&] { letters.more = 0; };
  run.write_to(written, letters);
  run.run(letters);
  CHECK_FALSE(run.pump.flows());
  CHECK(written.text == "abcdefghi");  // the second was read before it waited, and nobody knew
  CHECK(run.taken() == "jkl");
}

TEST_CASE("a thread that waits for a slot writes what is ready, and goes on") {
  Letters letters(9);
  Written written;
  StreamRig stream(letters.source.table, letters.source.options(), 2, 16);
  stream.rig.arm_all();
  REQUIRE(stream.start() == 0);
  while (!stream.rig.channel.producer_waits()) std::this_thread::yield();
  stream.pump.write_to(std::make_unique<TextDestination>(written));
  stream.join();
  CHECK(written.text.size() == 27);
  CHECK(stream.rig.channel.take() == Channel::kFinished);
}

TEST_CASE("the bell rings when it is over, and seldom before") {
  Letters letters(1000);
  Written written;
  Run run(letters);
  letters.before = [&](int reads) {
    if (reads == 1) run.pump.write_to(std::make_unique<TextDestination>(written));
    if (reads == 1) CHECK(run.pump.is_writing());
    if (reads == 999) CHECK(run.rig.bell.count() <= 2);  // the source is open, and news
  };
  run.run(letters);
  CHECK_FALSE(run.pump.is_writing());
  CHECK(written.text.size() == 3000);
}

TEST_CASE("a stop ends it, and closes the destination") {
  Letters letters(1000);
  Written written;
  Run run(letters);
  written.on_write = [&] { run.pump.request_stop(); };
  run.write_to(written, letters);
  run.run(letters);
  CHECK(written.text == "abc");
  CHECK(written.is_gone);
}
