#include "platform/memory.h"

#ifdef __linux__
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <span>

#include "platform/file.h"
#endif

namespace slipring::platform {

#ifdef __linux__

namespace {

// More than this is what a system with large base pages has, and more than anybody wants for a slot.
constexpr std::size_t kLargestPage = std::size_t{4} << 20;

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

#else

std::size_t huge_page_size() noexcept { return 0; }

void advise_huge_pages(void*, std::size_t) noexcept {}

#endif

}  // namespace slipring::platform
