// Descriptors, as node:fs has them. On Windows these are entries in a table of the C runtime, of which Node has one and
// every addon another. libuv, inside Node, gives access to Node's.
#pragma once

#include <cstdint>

namespace slipring::platform {

// All of it: any thread.
class Descriptors {
 public:
  // The table of the program that runs us; where that shows none, our own, in which nobody else's descriptors are.
  static const Descriptors& of_program() noexcept;

  // The HANDLE behind a descriptor, or -1.
  [[nodiscard]] intptr_t handle(int descriptor) const noexcept { return handle_(descriptor); }
  // A descriptor for the HANDLE, which it owns from now on; or -1.
  [[nodiscard]] int open(intptr_t handle) const noexcept { return open_(handle); }
  void close(int descriptor) const noexcept { close_(descriptor); }

 private:
  using Handle = intptr_t (*)(int);
  using Open = int (*)(intptr_t);
  using Close = void (*)(int);

  constexpr Descriptors(Handle handle, Open open, Close close) noexcept : handle_(handle), open_(open), close_(close) {}

  Handle handle_;
  Open open_;
  Close close_;
};

}  // namespace slipring::platform
