#include "platform/win/descriptors.h"

#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <cstddef>
#include <cstring>

namespace slipring::platform {

namespace {

// What libuv exports from node.exe. Its header is not part of Node-API's, so the few signatures are here.
extern "C" {
using uv_get_osfhandle_t = HANDLE (*)(int);
using uv_open_osfhandle_t = int (*)(HANDLE);
using uv_fs_close_t = int (*)(void* loop, void* request, int descriptor, void* callback);
using uv_fs_req_cleanup_t = void (*)(void* request);
}

// libuv's uv_fs_t has 456 bytes; there is room for a larger one.
constexpr std::size_t kRequestSize = 4096;

template <class Function>
Function exported(const char* name) noexcept {
  const FARPROC found = ::GetProcAddress(::GetModuleHandleW(nullptr), name);
  Function function = nullptr;
  static_assert(sizeof function == sizeof found);
  std::memcpy(&function, &found, sizeof function);
  return function;
}

struct Libuv {
  uv_get_osfhandle_t get_osfhandle = exported<uv_get_osfhandle_t>("uv_get_osfhandle");
  uv_open_osfhandle_t open_osfhandle = exported<uv_open_osfhandle_t>("uv_open_osfhandle");
  uv_fs_close_t fs_close = exported<uv_fs_close_t>("uv_fs_close");
  uv_fs_req_cleanup_t fs_req_cleanup = exported<uv_fs_req_cleanup_t>("uv_fs_req_cleanup");

  [[nodiscard]] bool complete() const noexcept {
    return get_osfhandle != nullptr && open_osfhandle != nullptr && fs_close != nullptr && fs_req_cleanup != nullptr;
  }
};

const Libuv& libuv() noexcept {
  static const Libuv functions;
  return functions;
}

intptr_t handle_in_program(int descriptor) { return reinterpret_cast<intptr_t>(libuv().get_osfhandle(descriptor)); }

int open_in_program(intptr_t handle) { return libuv().open_osfhandle(reinterpret_cast<HANDLE>(handle)); }

void close_in_program(int descriptor) {
  alignas(std::max_align_t) std::byte request[kRequestSize] = {};
  // Without a callback it needs no loop, and is done when it returns.
  libuv().fs_close(nullptr, request, descriptor, nullptr);
  libuv().fs_req_cleanup(request);
}

// The C runtime ends the program when it is asked for a descriptor that cannot be one.
intptr_t handle_of_ours(int descriptor) { return descriptor < 0 ? -1 : ::_get_osfhandle(descriptor); }
int open_of_ours(intptr_t handle) { return ::_open_osfhandle(handle, _O_RDONLY | _O_BINARY | _O_NOINHERIT); }
void close_of_ours(int descriptor) { ::_close(descriptor); }

}  // namespace

const Descriptors& Descriptors::of_program() noexcept {
  static constexpr Descriptors program{handle_in_program, open_in_program, close_in_program};
  static constexpr Descriptors ours{handle_of_ours, open_of_ours, close_of_ours};
  return libuv().complete() ? program : ours;
}

}  // namespace slipring::platform
