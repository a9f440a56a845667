#include "platform/library.h"

#include <dlfcn.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstring>

#include "platform/library_file.h"

namespace slipring::platform {

namespace {

// Loading what is no file could wait for ever, as opening a FIFO does (Rule 1). What is not there at all may still be
// known to the loader: macOS keeps its own libraries elsewhere.
bool can_only_wait(const char* path) noexcept {
  struct stat status{};
  return ::stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

// The loader often begins with the path, which our caller knows.
const char* without_path(const char* text, const char* path) noexcept {
  const std::size_t length = std::strlen(path);
  const bool begins = std::strncmp(text, path, length) == 0 && std::strncmp(text + length, ": ", 2) == 0;
  return begins ? text + length + 2 : text;
}

}  // namespace

bool Library::load(const char* path, std::span<char> why) noexcept {
  if (can_only_wait(path)) {
    static_cast<void>(std::snprintf(why.data(), why.size(), "not a regular file"));
    return false;
  }
  if (is_cut_short(path)) {
    static_cast<void>(std::snprintf(why.data(), why.size(), "the file is cut short: it ends before its segments do"));
    return false;
  }
  // All symbols now: what is missing is an error here, and not a crash in the middle of the stream. None of them for
  // others: two plugins may use the same names.
  handle_ = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle_ != nullptr) return true;
  const char* const text = ::dlerror();
  static_cast<void>(
      std::snprintf(why.data(), why.size(), "%s", text != nullptr ? without_path(text, path) : "unknown error"));
  return false;
}

const void* Library::symbol(const char* name) const noexcept { return ::dlsym(handle_, name); }

}  // namespace slipring::platform
