// A shared library of somebody else's. It is never unloaded, on purpose: nobody knows which of its threads, or of its
// callbacks, still runs in its code (Rule 5). To load it again only finds it again.
#pragma once

#include <span>

namespace slipring::platform {

class Library {
 public:
  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  // The loading thread, once. Runs the library's constructors, and takes as long as they do. `path` is absolute, so
  // that no list of folders is searched. False when it cannot be loaded: then `why` has the system's words,
  // NUL-terminated, cut to its size.
  [[nodiscard]] bool load(const char* path, std::span<char> why) noexcept;

  // Any thread, after load(). Null when the library does not export the symbol.
  [[nodiscard]] const void* symbol(const char* name) const noexcept;

 private:
  void* handle_ = nullptr;
};

}  // namespace slipring::platform
