// Where there is no way to read past the system's cache that keeps what others have in it.
#include <algorithm>
#include <cerrno>

#include "platform/page_cache.h"

namespace slipring::platform {

std::size_t page_size() noexcept { return 4096; }

IoResult read_uncached(const File& /*file*/, std::span<std::byte> /*into*/, int64_t /*position*/) noexcept {
  return {.bytes = 0, .error = ENOSYS};
}

void find_cached(const File& /*file*/, uint64_t /*first*/, std::span<unsigned char> cached) noexcept {
  std::fill(cached.begin(), cached.end(), 1);
}

void forget_cached(const File& /*file*/, uint64_t /*first*/, std::size_t /*count*/) noexcept {}

}  // namespace slipring::platform
