#include "platform/page_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace slipring::platform {

namespace {

// Linux 6.14 and newer, on file systems that have it. Headers that are older do not know it.
constexpr int kDontCache = 0x80;  // RWF_DONTCACHE

// The pages of a part of a file as addresses, none of which is touched.
class Mapping {
 public:
  Mapping(const File& file, uint64_t offset, std::size_t size) noexcept
      : size_(size),
        begin_(::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.descriptor(), static_cast<off_t>(offset))) {}
  ~Mapping() {
    if (begin_ != MAP_FAILED) ::munmap(begin_, size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  // mincore() says it in the lowest bit.
  [[nodiscard]] bool find_resident(unsigned char* resident) const noexcept {
    return begin_ != MAP_FAILED && ::mincore(begin_, size_, resident) == 0;
  }

 private:
  std::size_t size_;
  void* begin_;
};

}  // namespace

std::size_t page_size() noexcept { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

IoResult read_uncached(const File& file, std::span<std::byte> into, int64_t position) noexcept {
#ifdef SYS_preadv2
  const iovec part{.iov_base = into.data(), .iov_len = into.size()};
  // The kernel puts the position together from two longs, of which the first does where it has 64 bits.
  const auto low = static_cast<unsigned long>(position);
  const auto high = static_cast<unsigned long>(static_cast<uint64_t>(position) >> 32);
  for (;;) {
    // No function of the C library's: old ones have none.
    const long bytes = ::syscall(SYS_preadv2, file.descriptor(), &part, 1UL, low, high, kDontCache);
    if (bytes >= 0) return {.bytes = static_cast<std::size_t>(bytes), .error = 0};
    if (errno != EINTR) return {.bytes = 0, .error = errno};  // Rule 9
  }
#else
  return {.bytes = 0, .error = ENOSYS};
#endif
}

void find_cached(const File& file, uint64_t first, std::span<unsigned char> cached) noexcept {
  const std::size_t page = page_size();
  const Mapping pages(file, first * page, cached.size() * page);
  if (!pages.find_resident(cached.data())) return std::fill(cached.begin(), cached.end(), 1);
  for (unsigned char& is_cached : cached) is_cached &= 1;
}

void forget_cached(const File& file, uint64_t first, std::size_t count) noexcept {
  const std::size_t page = page_size();
  const auto offset = static_cast<off_t>(first * page);
  static_cast<void>(::posix_fadvise(file.descriptor(), offset, static_cast<off_t>(count * page), POSIX_FADV_DONTNEED));
}

}  // namespace slipring::platform
