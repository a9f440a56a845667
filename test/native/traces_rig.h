// A folder of logs, and somebody who has read one of them.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "descriptors.h"
#include "platform/file.h"
#include "platform/file_status.h"
#include "sources/file_id.h"
#include "sources/follow/traces.h"
#include "sources/resume_point.h"

namespace slipring::test {

// What JavaScript has of a place: the options that say so.
class Left {
 public:
  // `length` bytes of the file were read, the last `checked` of which are looked at again. `known`: when it had been
  // written to last is, too.
  Left(const std::string& path, std::size_t length, std::size_t checked = 0, bool known = false) {
    platform::File file;
    REQUIRE(file.open(path.c_str(), 0, 0) == 0);
    std::array<std::byte, 4096> room{};
    const auto read = std::span(room).first(length);
    REQUIRE(file.read_at(read, 0).bytes == length);
    slipring_chunk chunk{};
    FileId(file, 0, read).give_to(chunk, 0);
    static_cast<void>(std::snprintf(&text_[0], text_.size(), "%llx-%llx-%llx-%llx", word(chunk, 0), word(chunk, 1),
                                    word(chunk, 2), word(chunk, 3)));
    uint32_t hash = 0x811c9dc5;
    for (const std::byte byte : read.last(checked)) hash = (hash ^ std::to_integer<uint32_t>(byte)) * 0x01000193;
    platform::FileStatus status;
    REQUIRE(status_of(file, status) == 0);
    integer(1, "start", static_cast<int64_t>(length));
    integer(2, "check_length", static_cast<int64_t>(checked));
    integer(3, "check", hash);
    integer(4, "modified", known ? static_cast<int64_t>(status.modified / 1000) : 0);
    items_[0] = {.name = "resume", .text = &text_[0], .text_size = 0, .integer = 0};
  }
  Left(const Left&) = delete;
  Left& operator=(const Left&) = delete;

  [[nodiscard]] ResumePoint point() const {
    const slipring_options options{
        .struct_size = sizeof options, .item_size = sizeof items_[0], .count = items_.size(), .items = items_.data()};
    return ResumePoint::of(options).value();
  }
  [[nodiscard]] std::string text() const { return &text_[0]; }

 private:
  static unsigned long long word(const slipring_chunk& chunk, std::size_t index) { return chunk.file[index]; }
  void integer(std::size_t index, const char* name, int64_t value) {
    items_[index] = {.name = name, .text = nullptr, .text_size = 0, .integer = value};
  }

  std::array<char, 80> text_{};
  std::array<slipring_option, 5> items_{};
};

inline bool is_at(const std::string& path, const platform::FileStatus& status) {
  platform::FileStatus found;
  return status_of(path.c_str(), found) == 0 && found.same_file(status);
}

}  // namespace slipring::test
