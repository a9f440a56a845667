#include "platform/library_file.h"

#ifdef __linux__
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

#include "platform/file.h"
#endif

namespace slipring::platform {

#ifdef __linux__

namespace {

constexpr unsigned char kOwnClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;

template <class Header>
bool read_at(const File& file, uint64_t offset, Header& into) noexcept {
  const ssize_t bytes = ::pread(file.descriptor(), &into, sizeof into, static_cast<off_t>(offset));
  return bytes == static_cast<ssize_t>(sizeof into);
}

}  // namespace

bool is_cut_short(const char* path) noexcept {
  File file;
  struct stat status{};
  if (file.open(path, O_RDONLY, 0) != 0 || ::fstat(file.descriptor(), &status) != 0) return false;
  const auto size = static_cast<uint64_t>(status.st_size);
  ElfW(Ehdr) header{};
  if (!read_at(file, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return false;
  if (header.e_ident[EI_CLASS] != kOwnClass || header.e_phentsize != sizeof(ElfW(Phdr))) return false;
  for (uint64_t i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment{};
    if (!read_at(file, header.e_phoff + i * sizeof segment, segment)) return true;
    // Not a sum, which could be too large.
    const bool fits = segment.p_offset <= size && segment.p_filesz <= size - segment.p_offset;
    if (segment.p_type == PT_LOAD && !fits) return true;
  }
  return false;
}

#else

bool is_cut_short(const char* /*path*/) noexcept { return false; }

#endif

}  // namespace slipring::platform
