#include "platform/live.h"

#include <windows.h>

#include <cerrno>

namespace slipring::platform {

// Nobody can say beforehand whether a read would wait: all do, and Wake cancels them.

int Live::open(const char* path, const char*& syscall) noexcept {
  syscall = "open";
  const int error = own_.open(path, 0, 0);
  if (error == 0) find_kind();
  return error;
}

void Live::borrow(int descriptor) noexcept {
  given_ = File(descriptor, false);
  find_kind();
}

int Live::hold_open() noexcept { return 0; }  // there are no FIFOs

void Live::find_kind() noexcept {
  kind_ = file().waits() == Waits::kNever ? LiveKind::kFile : LiveKind::kDevice;
  never_waits_ = kind_ == LiveKind::kFile;
}

IoResult Live::read(std::span<std::byte> into) noexcept { return reading().read(into); }

bool Live::is_loss(int) const noexcept { return false; }

bool Live::is_readable() const noexcept { return true; }

bool Live::has_bytes() const noexcept { return false; }

bool Live::hung_up() const noexcept { return false; }  // kinds that ask do not occur

}  // namespace slipring::platform
