#include "core/framing/delimiter.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace slipring {

DelimiterFramer::DelimiterFramer(std::span<const std::byte> delimiter, bool takes_return, std::size_t longest) noexcept
    : size_(delimiter.size()), takes_return_(takes_return), longest_(longest) {
  assert(size_ >= 1 && size_ <= kLongest);
  std::copy(delimiter.begin(), delimiter.end(), delimiter_.begin());
}

// Where the next delimiter begins; nullptr when there is none. The C library looks for one byte faster than anything
// here could for several.
const std::byte* DelimiterFramer::next(const std::byte* begin, const std::byte* end) const noexcept {
  while (static_cast<std::size_t>(end - begin) >= size_) {
    const auto room = static_cast<std::size_t>(end - begin) - (size_ - 1);
    const auto* found =
        static_cast<const std::byte*>(std::memchr(begin, std::to_integer<unsigned char>(delimiter_[0]), room));
    if (found == nullptr) return nullptr;
    if (size_ == 1 || std::memcmp(found + 1, delimiter_.data() + 1, size_ - 1) == 0) return found;
    begin = found + 1;
  }
  return nullptr;
}

Framed DelimiterFramer::find(std::span<std::byte> bytes, std::size_t seen, Ends& ends) const noexcept {
  const std::byte* const data = bytes.data();
  const std::byte* const end = data + bytes.size();
  const std::byte* record = data;
  // The first bytes of a delimiter may be among those that were seen.
  const std::byte* from = data + (seen - std::min(seen, size_ - 1));
  bool too_long = false;
  while (!ends.full()) {
    const std::byte* const found = next(from, end);
    // Of an unfinished one the last bytes may be all but one of its delimiter's.
    const std::byte* const stop =
        found != nullptr ? found : end - std::min(static_cast<std::ptrdiff_t>(size_ - 1), end - record);
    const bool after_return = takes_return_ && stop > record && stop[-1] == std::byte{'\r'};
    const std::size_t size = static_cast<std::size_t>(stop - record) - (after_return ? 1 : 0);
    too_long = size > longest_;
    if (found == nullptr || too_long) break;
    ends.add(static_cast<std::size_t>(record - data) + size, after_return);
    record = from = found + size_;
  }
  const auto consumed = static_cast<std::size_t>(record - data);
  return {.consumed = consumed, .length = consumed, .too_long = too_long};
}

std::optional<std::size_t> DelimiterFramer::next_record(std::span<const std::byte> bytes) const noexcept {
  const std::byte* const found = next(bytes.data(), bytes.data() + bytes.size());
  if (found == nullptr) return std::nullopt;
  return static_cast<std::size_t>(found - bytes.data()) + size_;
}

}  // namespace slipring
