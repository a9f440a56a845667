// Which file it is, whatever name it has: its device, its number there, when it was born, and what it begins with. Two
// files that had one number one after the other were born at different times; where no system knows those, and when a
// file was cut and filled anew, what it begins with tells them apart. A file that was copied begins with the same.
//
// Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "platform/file.h"
#include "platform/file_status.h"
#include "slipring/source.h"

namespace slipring {

class FileId {
 public:
  // That much of what it begins with counts, or as much as there was when it was first looked at: it may have grown.
  static constexpr std::size_t kBeginning = 256;

  FileId() = default;
  // Of an open file, of which the bytes at `offset` were just read. When that is not its beginning, that is read, too;
  // `uncached`: it does not stay in the page cache.
  FileId(const platform::File& file, uint64_t offset, std::span<const std::byte> read, bool uncached = false) noexcept;
  // As text() has it in JavaScript: four hexadecimal numbers with a dash between.
  [[nodiscard]] static FileId parse(std::string_view text) noexcept;

  // Whether it is that file, and was not cut and filled anew.
  [[nodiscard]] bool is_of(const platform::File& file) const noexcept;
  // Whether another file begins with the same; and with enough of it to be no chance.
  [[nodiscard]] bool begins(const platform::File& file) const noexcept;
  [[nodiscard]] bool is_copied_to(const platform::File& file) const noexcept;

  // The file was cut, and this is what it became, which may begin with the same as it did `before`.
  void come_after(const FileId& before) noexcept;

  // So the chunk says where it is from.
  void give_to(slipring_chunk& chunk, uint64_t offset) const noexcept;

  // Whether it is that file, whatever is in it by now.
  [[nodiscard]] bool is_number_of(const platform::File& file) const noexcept;
  // Whether it may be, by the number alone.
  [[nodiscard]] bool may_be(const platform::FileStatus& status) const noexcept { return status.number == number_; }

  // When it was born, in nanoseconds; 0: nobody knows.
  [[nodiscard]] uint64_t birth() const noexcept { return birth_; }

  bool operator==(const FileId& other) const noexcept = default;

 private:
  // How much of its beginning counts, how often it was cut and began with the same again, and a hash.
  static constexpr uint64_t kLengths = 0xffff;
  static constexpr uint64_t kOneCut = 0x10000;
  static constexpr uint64_t kCuts = 0xff0000;

  uint64_t device_ = 0;
  uint64_t number_ = 0;
  uint64_t birth_ = 0;
  uint64_t beginning_ = 0;
};

}  // namespace slipring
