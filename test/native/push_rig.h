// What tests of sources that push have in common: content that tells each byte's place, and a sink used by hand.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "slipring/source.h"
#include "sources/push/ring.h"
#include "sources/push/sink.h"

namespace slipring::test {

// What a PushRing has when nothing is asked for that is larger.
inline constexpr std::size_t kLeastRing = std::size_t{2} << 20;

// Every byte depends on its place and on the entry's number.
inline std::byte content(uint64_t number, std::size_t at) {
  return static_cast<std::byte>(number * 151 + at * 7 + at / 256);
}

inline void fill(void* room, uint64_t number, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) static_cast<std::byte*>(room)[i] = content(number, i);
}

// How many bytes are not what fill() put there.
inline std::size_t wrong_bytes(const std::byte* data, uint64_t number, std::size_t length, std::size_t from = 0) {
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < length; ++i) wrong += data[i] != content(number, from + i);
  return wrong;
}

// Most are small, as most of what is pushed, and some as large as can be.
inline std::size_t random_size(std::mt19937& random, std::size_t largest) {
  const std::size_t limit = random() % 4 == 0 ? largest : std::min<std::size_t>(largest, 300);
  return random() % 50 == 0 ? largest : 1 + random() % limit;
}

inline slipring_chunk about(uint64_t lost = 0, uint64_t lost_bytes = 0) {
  slipring_chunk chunk{};
  chunk.struct_size = sizeof chunk;
  chunk.lost = lost;
  chunk.lost_bytes = lost_bytes;
  return chunk;
}

// A sink with both of its sides: the source's functions, and the host's.
class SinkRig {
 public:
  explicit SinkRig(std::size_t largest, PushSink::WhenFull when_full = PushSink::WhenFull::kWait) : largest_(largest) {
    status = sink.open(largest, when_full);
    source = sink.abi();
  }
  ~SinkRig() { sink.close(); }
  SinkRig(const SinkRig&) = delete;
  SinkRig& operator=(const SinkRig&) = delete;

  // The source. What commit returned, or -2 when there was no room.
  int32_t push(std::string_view text, const slipring_chunk* chunk = nullptr) {
    void* const room = source.acquire(&source, std::max<std::size_t>(text.size(), 1));
    if (room == nullptr) return -2;
    std::memcpy(room, text.data(), text.size());
    return source.commit(&source, text.size(), chunk);
  }
  // Pushes as much as there is room for, as large as can be. Returns how often.
  uint64_t fill_up() {
    uint64_t pushed = 0;
    while (void* const room = source.try_acquire(&source, largest_)) {
      std::memset(room, 'x', largest_);
      source.commit(&source, largest_, nullptr);
      ++pushed;
    }
    return pushed;
  }
  void* try_acquire(std::size_t size = 1) { return source.try_acquire(&source, size); }
  int32_t commit(std::size_t length, const slipring_chunk* chunk = nullptr) {
    return source.commit(&source, length, chunk);
  }
  void finish(const slipring_error* with = nullptr) { source.finish(&source, with); }

  // The host. What was read, and in `result`, `chunk` and `error` what was said of it.
  std::string read() { return read(largest_); }
  std::string read(std::size_t size) {
    std::vector<std::byte> memory(size);
    chunk = about();
    error = {};
    error.struct_size = sizeof error;
    result = sink.read(memory, &chunk, &error);
    if (result <= 0) return {};
    return {reinterpret_cast<const char*>(memory.data()), static_cast<std::size_t>(result)};
  }

  PushSink sink;
  slipring_sink source{};
  int status = -1;
  int64_t result = 0;
  slipring_chunk chunk{};
  slipring_error error{};

 private:
  std::size_t largest_;
};

}  // namespace slipring::test
