// The source of a third party, behind the same table that it fills itself: stands between it and a pump that believes
// what a source says. Options:
//   library  text     the shared library that exports slipring_source_v1: an absolute path, or
//   table    integer  the address of the table; it stays there until close
//   config   text     what `open` gets, as JSON; may be absent
// A failure with a negative number is a PluginFault; with any other it is the plugin's own.
#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <new>
#include <span>

#include "platform/library.h"
#include "sources/plugin_table.h"
#include "sources/registry.h"
#include "sources/source_table.h"
#include "sources/support.h"

namespace slipring {

namespace {

// Before a plugin that has nothing, and cannot wait for something, is asked again.
constexpr auto kPause = std::chrono::milliseconds(1);

// What a plugin says of its own failure, made safe to print: its strings may have no end, and its number no meaning.
int32_t failed(slipring_error* error) noexcept {
  error->syscall[sizeof error->syscall - 1] = '\0';
  error->text[sizeof error->text - 1] = '\0';
  if (error->number < 0) error->number = 0;  // those are ours
  return SLIPRING_FAILED;
}

// Whether the table of the records lies in the memory that was given. No sum here exceeds 64 bits.
bool records_fit(uint64_t length, std::size_t size, const slipring_chunk& chunk) noexcept {
  return (length + 7) / 8 * 8 + uint64_t{chunk.record_count} * chunk.record_size <= size;
}

class PluginSource {
 public:
  PluginSource() = default;
  ~PluginSource() {
    if (is_open_) table_.close(self_);
  }
  PluginSource(const PluginSource&) = delete;
  PluginSource& operator=(const PluginSource&) = delete;

  // Producer thread.
  int32_t open(const slipring_options& options, slipring_error* error) {
    const slipring_source* const given = find(options, error);
    if (given == nullptr || adopt_table(*given, table_, error) != 0) return SLIPRING_FAILED;
    std::array<slipring_option, 2> items{};
    std::size_t count = 0;
    for (const char* name : {"config", "table"}) {
      if (const slipring_option* option = find_option(options, name)) items[count++] = *option;
    }
    const slipring_options forwarded{sizeof forwarded, sizeof(slipring_option), count, items.data()};
    if (table_.open(&forwarded, &self_, error) != 0) return failed(error);
    is_open_ = true;
    return 0;
  }

  // Producer thread.
  int64_t read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) {
    // The host's last look for what was lost is for those that can wait without memory.
    if (table_.wait == nullptr && cancelled()) return fail(error, ECANCELED, "read");
    const int64_t length = table_.read(self_, into.data(), into.size(), chunk, error);
    had_nothing_ = length == SLIPRING_NOTHING;
    if (had_nothing_) return length;
    if (length == SLIPRING_FAILED) return failed(error);
    char text[sizeof error->text];
    if (length < 0 || static_cast<uint64_t>(length) > into.size()) {
      static_cast<void>(std::snprintf(text, sizeof text, "read returned %lld, with room for %zu bytes",
                                      static_cast<long long>(length), into.size()));
      return fail(error, PluginFault::kResult, text);
    }
    if (chunk->record_count != 0 && !records_fit(static_cast<uint64_t>(length), into.size(), *chunk)) {
      static_cast<void>(
          std::snprintf(text, sizeof text, "%u records of %u bytes behind %lld of data, with room for %zu bytes",
                        chunk->record_count, chunk->record_size, static_cast<long long>(length), into.size()));
      return fail(error, PluginFault::kResult, text);
    }
    return length;
  }

  // Producer thread.
  int32_t wait(slipring_error* error) {
    if (table_.wait != nullptr) return table_.wait(self_, error) == 0 ? 0 : failed(error);
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
    table_.cancel(self_);
  }

  // Producer thread.
  int64_t descriptor() { return table_.descriptor != nullptr ? table_.descriptor(self_) : -1; }

  // Producer thread.
  const char* name() {
    const char* const name = table_.name != nullptr ? table_.name(self_) : nullptr;
    return name != nullptr ? name : "";
  }

 private:
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
  bool is_open_ = false;      // producer thread only
  bool had_nothing_ = false;  // producer thread only: what the last read said

  std::mutex mutex_;
  std::condition_variable was_cancelled_;
  bool cancelled_ = false;  // under mutex_
};

}  // namespace

constexpr slipring_source kPluginSource = SourceTable<PluginSource>::make();

}  // namespace slipring
