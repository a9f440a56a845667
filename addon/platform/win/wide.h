// Text as Windows takes it.
#pragma once

#include <memory>

namespace slipring::platform {

// Any thread. Null when `text` is not UTF-8, or there is no memory.
[[nodiscard]] std::unique_ptr<wchar_t[]> wide(const char* text) noexcept;

}  // namespace slipring::platform
