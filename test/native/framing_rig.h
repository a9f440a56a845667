// A source that says what a test wants, and what framing makes of it, in words.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/framing/framing.h"

namespace slipring::test {

// What one read gives, or several when there is not so much room: losses stand before the first.
struct Said {
  std::string bytes = {};
  int64_t result = SLIPRING_NOTHING;  // when there are no bytes
  uint64_t lost = 0;
  uint32_t flags = 0;
  uint64_t lost_bytes = 0;
  uint32_t record_count = 0;
};

inline Said end_of_source() { return {.result = SLIPRING_END}; }

class Script {
 public:
  explicit Script(std::vector<Said> said) : said_(std::move(said)) {}

  // Whether the last chunk said that the next read would not wait.
  void promise(bool promised) { promised_ = promised; }

  static int64_t read(void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error) {
    return static_cast<Script*>(self)->give(data, size, *chunk, *error);
  }

 private:
  int64_t give(void* data, size_t size, slipring_chunk& chunk, slipring_error& error) {
    if (next_ == said_.size()) FAIL("it was asked behind the end");
    if (promised_ && !has_more_) FAIL("it may wait, and a chunk said that nobody would");
    Said& said = said_[next_];
    chunk.lost = std::exchange(said.lost, 0);
    chunk.lost_bytes = std::exchange(said.lost_bytes, 0);
    chunk.record_count = said.record_count;
    const std::size_t length = std::min(size, said.bytes.size());
    const bool is_last = length == said.bytes.size();
    chunk.flags = is_last ? said.flags : said.flags & ~SLIPRING_CHUNK_LOSS_FOLLOWS;
    has_more_ = (chunk.flags & SLIPRING_CHUNK_MORE) != 0;
    said.flags &= ~(SLIPRING_CHUNK_ANOTHER | SLIPRING_CHUNK_LOST_FILES);
    std::memcpy(data, said.bytes.data(), length);
    said.bytes.erase(0, length);
    if (is_last) ++next_;
    if (said.result == SLIPRING_FAILED) error.number = 5;
    return length > 0 ? static_cast<int64_t>(length) : said.result;
  }

  std::vector<Said> said_;
  std::size_t next_ = 0;
  bool promised_ = false;
  bool has_more_ = false;
};

// The records, with a ~ behind what was cut; in their place <n> where n records are missing, <?> where nobody knows how
// many; and how it ended.
using Words = std::vector<std::string>;

class Told {
 public:
  // One behind the other are one.
  void lost(uint64_t count) {
    if (words_.empty() || !is_loss_) words_.emplace_back();
    if (!is_loss_) count_ = 0;
    const bool is_unknown = count == SLIPRING_LOST_UNKNOWN || count_ == SLIPRING_LOST_UNKNOWN;
    count_ = is_unknown ? SLIPRING_LOST_UNKNOWN : count_ + count;
    words_.back() = is_unknown ? "<?>" : std::string("<").append(std::to_string(count_)).append(">");
    is_loss_ = true;
  }
  void add(const std::string& word) {
    is_loss_ = false;
    words_.push_back(word);
  }
  [[nodiscard]] const Words& words() const { return words_; }

 private:
  Words words_;
  bool is_loss_ = false;
  uint64_t count_ = 0;
};

using SlotSize = std::function<std::size_t()>;

// `tail`: how long the end of a record is.
inline Words frame(
    Framing::Rules rules, std::vector<Said> said, std::size_t tail, const SlotSize& slot_size = [] { return 64; }) {
  slipring_source source{};
  source.read = Script::read;
  Script script(std::move(said));
  Framing framing(std::move(rules));
  Told told;
  std::string unfinished;
  for (;;) {
    std::vector<std::byte> slot(slot_size());
    slipring_chunk chunk{};
    chunk.struct_size = sizeof chunk;
    slipring_error error{};
    const int64_t result = framing.read(source, &script, slot, chunk, error);
    script.promise(result != SLIPRING_NOTHING && (chunk.flags & SLIPRING_CHUNK_MORE) != 0);
    if (chunk.lost > 0) {
      REQUIRE(unfinished.empty());  // nothing is missing within a record
      told.lost(chunk.lost);
    }
    if (result == SLIPRING_NOTHING) continue;
    if (result < 0) {
      const auto at = [&](const char* what) { return std::string(what).append(" at ").append(&error.text[0]); };
      told.add(error.number == Framing::kTooLong      ? at("! too long")
               : error.number == Framing::kIncomplete ? at("! incomplete")
                                                      : "! failed");
      return told.words();
    }
    if (result == SLIPRING_END && chunk.record_count == 0) {
      REQUIRE(unfinished.empty());
      told.add("! end");
      return told.words();
    }
    const std::string_view data(reinterpret_cast<const char*>(slot.data()), static_cast<std::size_t>(result));
    const std::size_t table = (data.size() + 7) / 8 * 8;
    if (table + 4 * chunk.record_count > slot.size()) FAIL("the table does not fit");
    std::size_t begin = 0;
    for (uint32_t i = 0; i < chunk.record_count; ++i) {
      uint32_t entry = 0;
      std::memcpy(&entry, slot.data() + table + 4 * i, 4);
      const std::size_t end = entry & Ends::kLargest;
      if (begin > end || end > data.size()) FAIL("an entry lies outside of the data");
      unfinished += data.substr(begin, end - begin);
      if (chunk.truncated > 0 && i + 1 == chunk.record_count) unfinished += '~';
      told.add(std::exchange(unfinished, {}));
      begin = end + tail + ((entry & Ends::kReturn) != 0 ? 1 : 0);
    }
    if (chunk.record_count == 0) unfinished += data;
  }
}

}  // namespace slipring::test
