#include "platform/readiness.h"

#include <windows.h>

#include <cerrno>

namespace slipring::platform {

int Readiness::open(int /*watched*/) noexcept { return ENOSYS; }

void* program_symbol(const char* name) noexcept {
  return reinterpret_cast<void*>(::GetProcAddress(::GetModuleHandleW(nullptr), name));
}

}  // namespace slipring::platform
