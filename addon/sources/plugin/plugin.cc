// The source of a third party, behind the same table that it fills itself: stands between it and a pump that believes
// what a source says. Options:
//   library    text     the shared library that exports slipring_source_v1: an absolute path, or
//   table      integer  the address of the table; it stays there until close
//   config     text     what `open` gets, as JSON; may be absent
//   slot_size  integer  the most that one chunk has, in bytes
//   when_full  integer  a PushSink::WhenFull: what becomes of a chunk that there is no room for
// A failure with a negative number is a PluginFault; with any other it is the plugin's own.
#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <span>

#include "platform/library.h"
#include "slipring/chunk.h"
#include "sources/losses.h"
#include "sources/plugin/calls.h"
#include "sources/plugin/table.h"
#include "sources/push/sink.h"
#include "sources/registry.h"
#include "sources/source_table.h"
#include "sources/support.h"

namespace slipring {

namespace {

// Before a plugin that has nothing, and cannot wait for something, is asked again.
constexpr auto kPause = std::chrono::milliseconds(1);

int32_t failed(slipring_error* error) noexcept {
  make_presentable(*error);
  return SLIPRING_FAILED;
}

class PluginSource {
 public:
  PluginSource() = default;
  ~PluginSource() {
    if (!is_open_) return;
    // Its thread may wait for room, or push as long as nobody tells it to stop, and close may wait for its thread.
    if (pushes()) cancel();
    plugin::close(table_, self_);
    sink_.close();
  }
  PluginSource(const PluginSource&) = delete;
  PluginSource& operator=(const PluginSource&) = delete;

  // Producer thread.
  int32_t open(const slipring_options& options, slipring_error* error) {
    const slipring_source* const given = find(options, error);
    if (given == nullptr || adopt_table(*given, table_, error) != 0) return SLIPRING_FAILED;
    if (pushes()) {
      const auto largest = static_cast<std::size_t>(integer_option(options, "slot_size", 1));
      const auto when_full = static_cast<PushSink::WhenFull>(integer_option(options, "when_full", 0));
      if (const int number = sink_.open(largest, when_full)) return fail(error, number, "");
    }
    std::array<slipring_option, 2> items{};
    std::size_t count = 0;
    for (const char* name : {"config", "table"}) {
      if (const slipring_option* option = find_option(options, name)) items[count++] = *option;
    }
    const slipring_options forwarded{sizeof forwarded, sizeof(slipring_option), count, items.data()};
    if (plugin::open(table_, &forwarded, &self_, error) != 0) return failed(error);
    is_open_ = true;
    return 0;
  }

  // Producer thread.
  int64_t read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) {
    if (pushes()) return start(error) == 0 ? sink_.read(into, chunk, error) : SLIPRING_FAILED;
    // The host's last look for what was lost is for those that can wait without memory.
    if (table_.wait == nullptr && cancelled()) return fail(error, ECANCELED, "read");
    const int64_t result = plugin::read(table_, self_, into.data(), into.size(), chunk, error);
    chunk->lost = countable_chunks(chunk->lost);
    chunk->lost_bytes = countable_bytes(chunk->lost_bytes);
    had_nothing_ = result == SLIPRING_NOTHING;
    return result == SLIPRING_FAILED ? failed(error) : check(result, into.size(), *chunk, error);
  }

  // Producer thread.
  int32_t wait(slipring_error* error) {
    if (pushes()) {
      if (start(error) != 0) return SLIPRING_FAILED;
      sink_.wait();
      return 0;
    }
    if (table_.wait != nullptr) return plugin::wait(table_, self_, error) == 0 ? 0 : failed(error);
    if (!had_nothing_) return 0;  // it blocks in read
    std::unique_lock<std::mutex> lock(mutex_);
    was_cancelled_.wait_for(lock, kPause, [&] { return cancelled_; });
    return 0;
  }

  // Any thread.
  void cancel() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      cancelled_ = true;
    }
    was_cancelled_.notify_all();
    sink_.cancel();
    plugin::cancel(table_, self_);
  }

  // Producer thread.
  int64_t descriptor() { return table_.descriptor != nullptr ? plugin::descriptor(table_, self_) : -1; }

  // Producer thread.
  const char* name() {
    const char* const name = table_.name != nullptr ? plugin::name(table_, self_) : nullptr;
    return name != nullptr ? name : "";
  }

 private:
  [[nodiscard]] bool pushes() const noexcept { return table_.start != nullptr; }

  // Not in open: by now it can be cancelled. Nor after that: it could not send anything.
  int32_t start(slipring_error* error) {
    if (started_ || cancelled()) return 0;
    started_ = true;
    const slipring_sink sink = sink_.abi();
    return plugin::start(table_, self_, &sink, error) == 0 ? 0 : failed(error);
  }

  // What read returned, if it is possible.
  static int64_t check(int64_t result, std::size_t size, const slipring_chunk& chunk, slipring_error* error) noexcept {
    char text[sizeof error->text];
    if (result == SLIPRING_NOTHING) return result;
    if (result < 0 || static_cast<uint64_t>(result) > size) {
      static_cast<void>(std::snprintf(text, sizeof text, "read returned %lld, with room for %zu bytes",
                                      static_cast<long long>(result), size));
      return fail(error, PluginFault::kResult, text);
    }
    if (slipring_used_bytes(static_cast<uint64_t>(result), chunk.record_count, chunk.record_size) > size) {
      static_cast<void>(std::snprintf(text, sizeof text,
                                      "%u records of %u bytes behind %lld of data, with room for %zu",
                                      chunk.record_count, chunk.record_size, static_cast<long long>(result), size));
      return fail(error, PluginFault::kResult, text);
    }
    return result;
  }

  // The plugin's table, still as it is there; or null.
  const slipring_source* find(const slipring_options& options, slipring_error* error) noexcept {
    const char* const path = text_option(options, "library");
    if (path == nullptr) {
      return std::bit_cast<const slipring_source*>(static_cast<intptr_t>(integer_option(options, "table", 0)));
    }
    char why[sizeof error->text];
    if (!library_.load(path, why)) {
      fail(error, PluginFault::kLoad, why);
      return nullptr;
    }
    const void* const table = library_.symbol("slipring_source_v1");
    if (table == nullptr) fail(error, PluginFault::kSymbol, "slipring_source_v1 is not exported");
    return static_cast<const slipring_source*>(table);
  }

  bool cancelled() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return cancelled_;
  }

  platform::Library library_;
  slipring_source table_{};
  void* self_ = nullptr;
  PushSink sink_;             // open only when the plugin pushes
  bool is_open_ = false;      // producer thread only, as are the next two
  bool started_ = false;      // a plugin that pushes
  bool had_nothing_ = false;  // what the last read said

  std::mutex mutex_;
  std::condition_variable was_cancelled_;
  bool cancelled_ = false;  // under mutex_
};

}  // namespace

constexpr slipring_source kPluginSource = SourceTable<PluginSource>::make();

}  // namespace slipring
