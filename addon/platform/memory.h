// Memory in huge pages: the system hands out, zeroes and maps megabytes at a time, instead of 4 KiB.
#pragma once

#include <cstddef>

namespace slipring::platform {

// Bytes in a huge page, where the system gives some to who asks; else 0. Any thread.
[[nodiscard]] std::size_t huge_page_size() noexcept;

// Asks for huge pages behind this memory, which nobody has written to yet. The system may decline. Any thread.
void advise_huge_pages(void* begin, std::size_t size) noexcept;

}  // namespace slipring::platform
