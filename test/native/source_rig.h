// A source of the C table, opened with some options and closed at the end, for tests that read it by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scripted_source.h"
#include "slipring/source.h"

namespace slipring::test {

class OpenSource {
 public:
  OpenSource(const slipring_source& table, Options options) : table_(table) {
    error.struct_size = sizeof error;
    const slipring_options view = options.view();
    status = table_.open(&view, &self_, &error);
  }
  ~OpenSource() { close(); }
  OpenSource(const OpenSource&) = delete;
  OpenSource& operator=(const OpenSource&) = delete;

  // One read into exactly `size` bytes, which are the heap's: a byte too many is what AddressSanitizer reports.
  std::string read(std::size_t size, uint32_t hints = 0) {
    memory = std::vector<std::byte>(size);
    chunk = {};
    chunk.struct_size = sizeof chunk;
    chunk.hints = hints;
    result = table_.read(self_, memory.data(), memory.size(), &chunk, &error);
    if (result <= 0) return {};
    return {reinterpret_cast<const char*>(memory.data()), static_cast<std::size_t>(result)};
  }
  // Reads to the end or to an error.
  std::string read_all(std::size_t size) {
    std::string all;
    for (std::string part = read(size); !part.empty(); part = read(size)) all += part;
    return all;
  }
  // As the host does: it waits, and reads when there may be something, until there is.
  std::string wait_and_read(std::size_t size) {
    do {
      result = table_.wait(self_, &error);
      if (result != 0) return {};
      const std::string text = read(size);
      if (result != SLIPRING_NOTHING) return text;
    } while (true);
  }
  void cancel() { table_.cancel(self_); }
  void close() {
    if (status == 0) table_.close(self_);
    status = -1;
  }
  [[nodiscard]] int32_t wait() { return table_.wait(self_, &error); }
  [[nodiscard]] std::string name() { return table_.name(self_); }
  [[nodiscard]] int descriptor() { return static_cast<int>(table_.descriptor(self_)); }

  int32_t status = -1;     // of open
  int64_t result = 0;      // of the last read or wait
  slipring_error error{};  // of whichever failed
  slipring_chunk chunk{};  // what the last read said of what it read
  std::vector<std::byte> memory;

 private:
  const slipring_source& table_;
  void* self_ = nullptr;
};

}  // namespace slipring::test
