#include "platform/readiness.h"

#include <dlfcn.h>

#include <cerrno>

#ifdef __linux__
#include <sys/epoll.h>
#endif

namespace slipring::platform {

int Readiness::open([[maybe_unused]] int watched) noexcept {
#ifdef __linux__
  const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
  if (descriptor == -1) return errno;
  File file(descriptor, true);
  epoll_event event{};
  event.events = EPOLLIN;
  if (::epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) != 0) return errno;
  file_ = std::move(file);
  return 0;
#else
  return ENOSYS;
#endif
}

void* program_symbol(const char* name) noexcept { return ::dlsym(RTLD_DEFAULT, name); }

}  // namespace slipring::platform
