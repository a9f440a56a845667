// A file descriptor and the few calls the sources need. All of them retry EINTR and report errno values, never throw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace slipring::platform {

// A number of bytes, or why there are none.
struct IoResult {
  std::size_t bytes = 0;
  int error = 0;  // errno
};

// When a read may wait for somebody else.
enum class Waits : uint8_t {
  kNever,     // a regular file that is stored somewhere (and a directory, whose reads fail)
  kAfterAll,  // a file that the kernel makes up and that was opened not to wait: EAGAIN says that there is nothing now
  kAnyTime,   // anything else: nothing is read before poll() has said that there is something
};

class File {
 public:
  File() = default;
  // `owned`: whether the destructor closes it (Rule 8).
  File(int descriptor, bool owned) noexcept : descriptor_(descriptor), owned_(owned) {}
  ~File() { close(); }
  File(File&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), owned_(std::exchange(other.owned_, false)) {}
  File& operator=(File&& other) noexcept {
    if (this != &other) {
      close();
      descriptor_ = std::exchange(other.descriptor_, -1);
      owned_ = std::exchange(other.owned_, false);
    }
    return *this;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Opens `path` close-on-exec, and such that neither a FIFO without a writer nor a terminal without a carrier blocks.
  // `flags` are those of node:fs constants. Returns 0 or an errno.
  [[nodiscard]] int open(const char* path, int flags, int mode) noexcept;
  // Opens what nothing is ever read from. Returns 0 or an errno.
  [[nodiscard]] int open_nothing() noexcept;
  // Becomes a descriptor of its own, close-on-exec, for what `descriptor` refers to. Returns 0 or an errno.
  [[nodiscard]] int open_duplicate(int descriptor) noexcept;
  void close() noexcept;
  // The descriptor keeps its number and from now on refers to what `other` does, which is closed. Returns 0, or an
  // errno and nothing has changed.
  [[nodiscard]] int become(File& other) const noexcept;
  // From now on the descriptor is the caller's: the destructor leaves it open.
  void disown() noexcept { owned_ = false; }

  [[nodiscard]] Waits waits() const noexcept;
  // Asks the system to read ahead. Advice only: has no result.
  void advise_sequential() const noexcept;

  // 0 bytes mean the end.
  [[nodiscard]] IoResult read(std::span<std::byte> into) const noexcept;
  [[nodiscard]] IoResult read_at(std::span<std::byte> into, uint64_t position) const noexcept;

  // As many as it takes, which may be fewer.
  [[nodiscard]] IoResult write(std::span<const std::byte> bytes) const noexcept;
  [[nodiscard]] IoResult write_at(std::span<const std::byte> bytes, uint64_t position) const noexcept;

  // Whether read_at() works.
  [[nodiscard]] bool has_positions() const noexcept;
  // Where read() would begin; 0 when that cannot be said.
  [[nodiscard]] int64_t position() const noexcept;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_ = -1;
  bool owned_ = false;
};

}  // namespace slipring::platform
