// Where in their file records are, that framing has put together from chunks.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/framing/delimiter.h"
#include "core/framing/frame.h"
#include "core/framing/framing.h"
#include "core/pump/origins.h"

using slipring::DelimiterFramer;
using slipring::FrameFramer;
using slipring::Framing;
using slipring::Origins;

namespace {

struct Piece {
  std::string bytes;
  uint64_t file = 0;  // 0: nobody knows
  uint64_t offset = 0;
  uint32_t flags = 0;
};

class Pieces {
 public:
  explicit Pieces(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  static int64_t read(void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* /*error*/) {
    auto& pieces = *static_cast<Pieces*>(self);
    if (pieces.next_ == pieces.pieces_.size()) return SLIPRING_END;
    Piece& piece = pieces.pieces_[pieces.next_];
    chunk->flags = piece.flags;
    if (piece.file != 0) {
      chunk->flags |= SLIPRING_CHUNK_PLACED;
      chunk->file[0] = piece.file;
      chunk->offset = piece.offset;
      chunk->modified = piece.offset + 1;
    }
    const std::size_t length = std::min(size, piece.bytes.size());
    std::memcpy(data, piece.bytes.data(), length);
    if (length == piece.bytes.size()) ++pieces.next_;
    piece = {piece.bytes.substr(length), piece.file, piece.offset + length};
    return static_cast<int64_t>(length);
  }

 private:
  std::vector<Piece> pieces_;
  std::size_t next_ = 0;
};

Framing::Rules lines(std::size_t longest = 500, Framing::Long long_records = Framing::Long::kFail) {
  const std::string_view delimiter = "\n";
  return {std::make_unique<DelimiterFramer>(std::as_bytes(std::span(delimiter)), true, longest), longest, long_records,
          true};
}

// Of each chunk: the file, where it begins, where what is behind it does.
std::vector<std::string> places(std::vector<Piece> pieces, Framing::Rules rules = lines(),
                                std::size_t slot_size = 256) {
  slipring_source source{};
  source.read = Pieces::read;
  Pieces script(std::move(pieces));
  Framing framing(std::move(rules));
  Origins origins;
  std::vector<std::string> told;
  std::vector<std::byte> slot(slot_size);
  for (;;) {
    slipring_chunk chunk{};
    chunk.struct_size = sizeof chunk;
    slipring_error error{};
    const int64_t result = framing.read(source, &script, slot, chunk, error);
    if (result == SLIPRING_NOTHING) continue;
    if (result < 0 || (result == 0 && chunk.record_count == 0)) return told;
    const slipring::Origin origin = origins.of(chunk, static_cast<std::size_t>(result));
    const auto word = [](uint64_t number) { return std::to_string(number); };
    told.push_back(origin.part == 0 ? "none"
                                    : word(origin.file[0]) + ":" + word(origin.offset) + "-" + word(origin.end));
  }
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a batch begins where its first record does, also when that was read before") {
  CHECK(places({{"a\nb", 7, 100}, {"b\nc", 7, 103}, {"\n", 7, 106}}) == Words{"7:100-102", "7:102-105", "7:105-107"});
}

TEST_CASE("a record that another file cuts off is of the first one") {
  CHECK(places({{"a\nb", 7, 100}, {"c\nd", 8, 0, SLIPRING_CHUNK_ANOTHER}}) ==
        Words{"7:100-102", "7:102-103", "8:0-2", "8:2-3"});
}

TEST_CASE("what is decoded is shorter than in the file") {
  Framing::Rules slip{std::make_unique<FrameFramer>(slipring::kSlip, 500), 500, Framing::Long::kFail, false};
  CHECK(places({{"\xc0\xdb\xdc\xdb\xdc\xc0ne", 7, 10}, {"xt\xc0", 7, 18}}, std::move(slip)) ==
        Words{"7:10-16", "7:16-21"});
}

TEST_CASE("a record that is longer than a slot is handed on in parts that are where they are") {
  const std::string begin(90, 'x');
  std::string end = begin;
  end.append("\ny\n");
  const Words told = places({{begin, 7, 0}, {end, 7, 90}}, lines(), 128);
  REQUIRE(told.size() > 2);
  CHECK(told.front().starts_with("7:0-"));
  CHECK(told[told.size() - 2].ends_with("-181"));
  CHECK(told.back() == "7:181-183");
  for (std::size_t i = 1; i < told.size(); ++i) {
    CHECK(told[i].substr(2, told[i].find('-') - 2) == told[i - 1].substr(told[i - 1].find('-') + 1));
  }
}

TEST_CASE("behind what was left out of a long record the next one is where it is") {
  CHECK(places({{"0123456789ab", 7, 0}, {"cdef\nnext\n", 7, 12}}, lines(10, Framing::Long::kTruncate)) ==
        Words{"7:0-10", "7:17-22"});
}

TEST_CASE("nobody knows where records of a chunk are that does not say") {
  CHECK(places({{"a\n"}, {"b\n", 7, 100, SLIPRING_CHUNK_ANOTHER}, {"c\n", 0, 0, SLIPRING_CHUNK_ANOTHER}}) ==
        Words{"none", "7:100-102", "none"});
}

TEST_CASE("another part begins with each change of file, and not within one") {
  Origins origins;
  slipring_chunk chunk{};
  CHECK(origins.of(chunk, 5).part == 0);
  chunk.flags = SLIPRING_CHUNK_PLACED;
  chunk.offset = 10;
  chunk.modified = 3;
  const slipring::Origin first = origins.of(chunk, 5);
  CHECK(first.part == 1);
  CHECK(first.end == 15);
  CHECK(first.modified == 3);
  CHECK(origins.of(chunk, 5).part == 1);
  for (const std::size_t word : {0, 1, 2, 3}) {
    chunk.file[word] = 1;
    CHECK(origins.of(chunk, 5).part == 2 + word);
  }
  chunk.end = 100;
  CHECK(origins.of(chunk, 5).end == 100);
}
