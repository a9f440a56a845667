#include "platform/win/wide.h"

#include <windows.h>

#include <cstddef>
#include <new>

namespace slipring::platform {

std::unique_ptr<wchar_t[]> wide(const char* text) noexcept {
  const int length = ::MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, nullptr, 0);
  if (length <= 0) return nullptr;
  std::unique_ptr<wchar_t[]> result(new (std::nothrow) wchar_t[static_cast<std::size_t>(length)]);
  if (result != nullptr) ::MultiByteToWideChar(CP_UTF8, 0, text, -1, result.get(), length);
  return result;
}

}  // namespace slipring::platform
