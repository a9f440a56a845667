// What Windows says is wrong, as the errno that libuv, and so node:fs, would give for it.
#pragma once

namespace slipring::platform {

// Any thread. `error` is what GetLastError() returned.
[[nodiscard]] int errno_of(unsigned long error) noexcept;

}  // namespace slipring::platform
