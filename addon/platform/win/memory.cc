#include "platform/memory.h"

namespace slipring::platform {

// Windows has large pages only for who holds a privilege to lock memory.
std::size_t huge_page_size() noexcept { return 0; }

void advise_huge_pages(void* /*begin*/, std::size_t /*size*/) noexcept {}

}  // namespace slipring::platform
