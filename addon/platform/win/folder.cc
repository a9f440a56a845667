#include "platform/folder.h"

#include <windows.h>

#include <cerrno>
#include <memory>

#include "platform/win/error.h"
#include "platform/win/wide.h"

namespace slipring::platform {

namespace {

class Search {
 public:
  Search(const wchar_t* pattern, WIN32_FIND_DATAW& found) noexcept : handle_(::FindFirstFileW(pattern, &found)) {}
  ~Search() {
    if (works()) ::FindClose(handle_);
  }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  [[nodiscard]] bool works() const noexcept { return handle_ != INVALID_HANDLE_VALUE; }
  bool next(WIN32_FIND_DATAW& found) const noexcept { return ::FindNextFileW(handle_, &found) != 0; }

 private:
  const HANDLE handle_;
};

std::string narrow(const wchar_t* text) {
  const int size = ::WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
  std::string made(static_cast<std::size_t>(size > 0 ? size : 1), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, text, -1, made.data(), size, nullptr, nullptr);
  made.pop_back();  // the NUL
  return made;
}

}  // namespace

int list_folder(const std::string& folder, std::vector<std::string>& names) {
  const std::unique_ptr<wchar_t[]> pattern = wide((folder + "\\*").c_str());
  if (pattern == nullptr) return ENOENT;
  WIN32_FIND_DATAW found{};
  const Search search(pattern.get(), found);
  if (!search.works()) return errno_of(::GetLastError());
  do {
    std::string name = narrow(found.cFileName);
    if (name != "." && name != "..") names.push_back(std::move(name));
  } while (search.next(found));
  const DWORD error = ::GetLastError();
  return error == ERROR_NO_MORE_FILES ? 0 : errno_of(error);
}

PathParts parts_of(const std::string& path) {
  const std::size_t slash = path.find_last_of("/\\");
  if (slash == std::string::npos) return {.folder = ".", .name = path};
  return {.folder = path.substr(0, slash + 1), .name = path.substr(slash + 1)};
}

// Links need a privilege there, and logs have none.
std::string real_path(const std::string& path) { return path; }

}  // namespace slipring::platform
