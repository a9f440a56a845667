#include "sources/file_id.h"

#include <algorithm>
#include <charconv>

#include "sources/uncached.h"

namespace slipring {

using platform::File;
using platform::FileStatus;

namespace {

// What two files begin with by chance is shorter.
constexpr std::size_t kNoChance = 16;

// FNV-1a: 64 bits, of which the upper 40 are kept.
uint64_t hash_of(std::span<const std::byte> bytes) noexcept {
  uint64_t hash = 0xcbf29ce484222325;
  for (const std::byte byte : bytes) hash = (hash ^ std::to_integer<uint64_t>(byte)) * 0x100000001b3;
  return hash & ~uint64_t{0xffffff};
}

}  // namespace

FileId::FileId(const File& file, uint64_t offset, std::span<const std::byte> read, bool uncached) noexcept {
  FileStatus status;
  if (status_of(file, status) != 0) return;
  device_ = status.device;
  number_ = status.number;
  birth_ = birth_of(file);
  std::array<std::byte, kBeginning> found{};
  // What was read is looked at, and not what has taken its place since.
  std::span<const std::byte> beginning = read.first(std::min(read.size(), kBeginning));
  if (offset > 0) {
    constexpr bool kByKernel = false;  // which takes whole groups of pages along
    const auto result = uncached ? Uncached(file, kByKernel).read(found, 0) : file.read_at(found, 0);
    beginning = std::span(found).first(result.bytes);
  }
  beginning_ = hash_of(beginning) | beginning.size();
}

FileId FileId::parse(std::string_view text) noexcept {
  FileId id;
  for (uint64_t* word : {&id.device_, &id.number_, &id.birth_, &id.beginning_}) {
    const std::size_t length = std::min(text.find('-'), text.size());
    std::from_chars(text.data(), text.data() + length, *word, 16);
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return id;
}

// A device may have another number after the system has started anew, so births count more.
bool FileId::is_number_of(const File& file) const noexcept {
  FileStatus status;
  if (status_of(file, status) != 0 || !status.regular || !may_be(status)) return false;
  const uint64_t birth = birth_of(file);
  return birth != 0 && birth_ != 0 ? birth == birth_ : status.device == device_;
}

bool FileId::is_of(const File& file) const noexcept { return is_number_of(file) && begins(file); }

bool FileId::is_copied_to(const File& file) const noexcept {
  return (beginning_ & kLengths) >= kNoChance && begins(file);
}

bool FileId::begins(const File& file) const noexcept {
  std::array<std::byte, kBeginning> found{};
  const std::size_t length = std::min<std::size_t>(beginning_ & kLengths, kBeginning);
  const auto wanted = std::span(found).first(length);
  const platform::IoResult result = file.read_at(wanted, 0);
  return result.error == 0 && result.bytes == length && ((hash_of(wanted) ^ beginning_) & ~(kLengths | kCuts)) == 0;
}

void FileId::come_after(const FileId& before) noexcept {
  if (((beginning_ ^ before.beginning_) & ~kCuts) != 0) return;
  beginning_ = (beginning_ & ~kCuts) | ((before.beginning_ + kOneCut) & kCuts);
}

void FileId::give_to(slipring_chunk& chunk, uint64_t offset) const noexcept {
  chunk.flags |= SLIPRING_CHUNK_PLACED;
  chunk.file[0] = device_;
  chunk.file[1] = number_;
  chunk.file[2] = birth_;
  chunk.file[3] = beginning_;
  chunk.offset = offset;
}

}  // namespace slipring
