// Where somebody has left off, as a position of JavaScript's says: which file, where in it, and what the last bytes
// before that were, as far as they are known. Options:
//   resume        text     the file, see FileId
//   start         integer  where in it
//   check_length  integer  of how many bytes right before that
//   check         integer  there is a hash, FNV-1a of 32 bits
//   modified      integer  when the file had been written to last, in microseconds since 1970
//
// Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "platform/file.h"
#include "platform/file_status.h"
#include "sources/file_id.h"
#include "sources/support.h"

namespace slipring {

class ResumePoint {
 public:
  // In slipring_error.number, instead of an errno. The text is one of those below.
  static constexpr int32_t kLost = -201;
  static constexpr const char* kGone = "gone";              // no file is it
  static constexpr const char* kCut = "cut";                // it is there, and not that long any more, or filled anew
  static constexpr const char* kCompressed = "compressed";  // as kGone, and something was compressed since
  static constexpr const char* kNoFile = "no file";         // what is at the path is none

  // Nothing when there is none to be.
  [[nodiscard]] static std::optional<ResumePoint> of(const slipring_options& options) noexcept {
    const char* const text = text_option(options, "resume");
    if (text == nullptr) return std::nullopt;
    ResumePoint point;
    point.id_ = FileId::parse(text);
    point.offset_ = static_cast<uint64_t>(integer_option(options, "start", 0));
    point.check_length_ = static_cast<std::size_t>(integer_option(options, "check_length", 0));
    // JavaScript's numbers round it, and perhaps up: one microsecond less is surely not later than it was.
    const int64_t modified = integer_option(options, "modified", 0);
    point.modified_ = modified > 0 ? static_cast<uint64_t>(modified - 1) * 1000 : 0;
    point.check_ = static_cast<uint32_t>(integer_option(options, "check", 0));
    return point;
  }

  [[nodiscard]] const FileId& id() const noexcept { return id_; }
  [[nodiscard]] int64_t offset() const noexcept { return static_cast<int64_t>(offset_); }

  // In nanoseconds, and a bit less than it was; 0: nobody knows.
  [[nodiscard]] uint64_t modified() const noexcept { return modified_; }

  // Whether what comes there next is what came next in the file.
  [[nodiscard]] bool is_in(const platform::File& file) const noexcept { return id_.is_of(file) && fits(file); }
  // The same of a file that it was copied to, of which nobody knows but by the bytes.
  [[nodiscard]] bool is_in_copy(const platform::File& file) const noexcept {
    return check_length_ >= kNoChance && id_.is_copied_to(file) && fits(file);
  }
  // Whether what was read may be in it as well.
  [[nodiscard]] bool may_be_in(const platform::File& file) const noexcept { return id_.begins(file) && fits(file); }

  static int32_t fail(slipring_error* error, const char* why) noexcept {
    slipring::fail(error, kLost, "open");
    std::strncpy(error->text, why, sizeof error->text - 1);
    return -1;
  }

 private:
  static constexpr std::size_t kMostChecked = 64;
  static constexpr std::size_t kNoChance = 16;

  [[nodiscard]] bool fits(const platform::File& file) const noexcept {
    platform::FileStatus status;
    if (status_of(file, status) != 0 || status.size < offset()) return false;
    std::array<std::byte, kMostChecked> room{};
    const auto bytes = std::span(room).first(check_length_);
    const platform::IoResult result = file.read_at(bytes, offset_ - check_length_);
    if (result.error != 0 || result.bytes < check_length_) return false;
    uint32_t hash = 0x811c9dc5;
    for (const std::byte byte : bytes) hash = (hash ^ std::to_integer<uint32_t>(byte)) * 0x01000193;
    return check_length_ == 0 || hash == check_;
  }

  FileId id_;
  uint64_t offset_ = 0;
  std::size_t check_length_ = 0;
  uint32_t check_ = 0;
  uint64_t modified_ = 0;
};

}  // namespace slipring
