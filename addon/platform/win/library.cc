#include "platform/library.h"

#include <windows.h>

#include <cstdio>
#include <iterator>
#include <memory>

#include "platform/win/wide.h"

namespace slipring::platform {

namespace {

void describe(DWORD error, std::span<char> why) noexcept {
  wchar_t text[256];
  const DWORD how = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK;
  char narrow[512];
  int length = 0;
  if (::FormatMessageW(how, nullptr, error, 0, text, static_cast<DWORD>(std::size(text)), nullptr) != 0) {
    length = ::WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow, static_cast<int>(sizeof narrow), nullptr, nullptr);
  }
  if (length > 0) {
    static_cast<void>(std::snprintf(why.data(), why.size(), "%s", narrow));
  } else {
    static_cast<void>(std::snprintf(why.data(), why.size(), "error %lu", error));
  }
}

}  // namespace

bool Library::load(const char* path, std::span<char> why) noexcept {
  const std::unique_ptr<wchar_t[]> name = wide(path);
  if (name == nullptr) {
    describe(ERROR_INVALID_NAME, why);
    return false;
  }
  // What the library needs is looked for beside it first.
  handle_ = reinterpret_cast<void*>(::LoadLibraryExW(name.get(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH));
  if (handle_ != nullptr) return true;
  describe(::GetLastError(), why);
  return false;
}

const void* Library::symbol(const char* name) const noexcept {
  return reinterpret_cast<const void*>(::GetProcAddress(reinterpret_cast<HMODULE>(handle_), name));
}

}  // namespace slipring::platform
