#include "platform/image.h"

#ifdef __APPLE__
#include <dlfcn.h>
#endif

namespace slipring::platform {

#ifdef __APPLE__

void pin_image() noexcept {
  Dl_info image{};
  if (::dladdr(reinterpret_cast<const void*>(&pin_image), &image) == 0) return;
  // Never closed: that, and the flag, is what pins it.
  static_cast<void>(::dlopen(image.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE));
}

#else

void pin_image() noexcept {}  // the linker's -z nodelete does it

#endif

}  // namespace slipring::platform
