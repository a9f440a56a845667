// A descriptor that an event loop can poll in the place of another one, whose flags it leaves alone. A duplicate would
// be simpler, but keep a FIFO open for reading when the producer thread has closed it: its writer would wait for
// nobody.
#pragma once

#include "platform/file.h"

namespace slipring::platform {

class Readiness {
 public:
  // Any thread. Returns 0 or an errno: EPERM when `watched` is always ready, ENOSYS where there is no such thing.
  [[nodiscard]] int open(int watched) noexcept;
  // Readable as long as the other one is.
  [[nodiscard]] int descriptor() const noexcept { return file_.descriptor(); }

 private:
  File file_;
};

// A function that the program exports, such as those of its event loop; null when it does not. Any thread.
[[nodiscard]] void* program_symbol(const char* name) noexcept;

}  // namespace slipring::platform
