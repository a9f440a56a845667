#include "platform/memory.h"

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

#include "platform/file.h"
#endif

namespace slipring::platform {

#ifdef __linux__

namespace {

// More than this is what a system with large base pages has, and more than anybody wants for a slot.
constexpr std::size_t kLargestPage = std::size_t{4} << 20;

// MADV_POPULATE_WRITE of Linux 5.14: older headers lack it, older kernels answer EINVAL.
constexpr int kPopulateWrite = 23;

// The beginning of a file of the kernel's, as text.
class Setting {
 public:
  explicit Setting(const char* path) noexcept {
    File file;
    if (file.open(path, 0, 0) != 0) return;
    const IoResult result = file.read(std::as_writable_bytes(std::span(text_)).first(sizeof text_ - 1));
    text_[result.error == 0 ? result.bytes : 0] = '\0';
  }

  [[nodiscard]] const char* text() const noexcept { return text_; }

 private:
  char text_[64] = "";
};

// Whether all of these pages are there: to look costs far less than to ask for them. False when they are too many.
bool are_there(void* begin, std::size_t size, std::size_t page) noexcept {
  std::array<unsigned char, 64> there{};
  const std::size_t count = (size + page - 1) / page;
  if (count > there.size() || ::mincore(begin, size, there.data()) != 0) return false;
  const auto pages = std::span(there).first(count);
  return std::all_of(pages.begin(), pages.end(), [](unsigned char flags) { return (flags & 1) != 0; });
}

}  // namespace

std::size_t huge_page_size() noexcept {
  const Setting enabled("/sys/kernel/mm/transparent_hugepage/enabled");
  if (enabled.text()[0] == '\0' || std::strstr(enabled.text(), "[never]") != nullptr) return 0;
  const Setting size("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size");
  const std::size_t bytes = std::strtoull(size.text(), nullptr, 10);
  return bytes <= kLargestPage ? bytes : 0;
}

void advise_huge_pages(void* begin, std::size_t size) noexcept {
  static_cast<void>(::madvise(begin, size, MADV_HUGEPAGE));
}

void fault_in(void* begin, std::size_t size) noexcept {
  // What begins in the middle of a page has neighbours there: it is most probably there already.
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  if (std::align(page, page, begin, size) == nullptr || are_there(begin, size, page)) return;
  static_cast<void>(::madvise(begin, size, kPopulateWrite));
}

#else

std::size_t huge_page_size() noexcept { return 0; }

void advise_huge_pages(void*, std::size_t) noexcept {}

void fault_in(void*, std::size_t) noexcept {}

#endif

}  // namespace slipring::platform
