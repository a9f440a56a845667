#include "platform/image.h"

#include <windows.h>

namespace slipring::platform {

void pin_image() noexcept {
  HMODULE image = nullptr;
  const DWORD how = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
  static_cast<void>(::GetModuleHandleExW(how, reinterpret_cast<LPCWSTR>(&pin_image), &image));
}

}  // namespace slipring::platform
