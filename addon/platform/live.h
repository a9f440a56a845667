// What a descriptor needs whose data comes from somebody else, sooner or later or never: a FIFO, a terminal, a socket,
// a device.
#pragma once

#include <cstdint>

#include "platform/file.h"

namespace slipring::platform {

enum class LiveKind : uint8_t {
  kFile,      // a regular file that is stored somewhere: a read never waits for somebody else
  kPipe,      // a pipe or a FIFO: bytes in pieces that mean nothing
  kTerminal,  // likewise, and a hang-up is its end
  kSocket,    // a stream socket: likewise
  kPackets,   // a socket that keeps the bounds of packets: one for each read
  kDevice,    // anything else, also what nobody has heard of yet: what one read gives may be a record
};

class Live {
 public:
  Live() = default;
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // Opens `path` for reading, or connects to it when it is a socket. Neither waits. `syscall` is what failed. Returns 0
  // or an errno.
  [[nodiscard]] int open(const char* path, const char*& syscall) noexcept;
  // Takes a descriptor that belongs to the caller. Its flags stay as they are: others may hold it, too.
  void borrow(int descriptor) noexcept;
  // Keeps a FIFO open for writing, so that it has no end when its writers leave. Returns 0 or an errno.
  [[nodiscard]] int hold_open() noexcept;

  // Never waits for data, but fails with EAGAIN. 0 bytes are the end, or an empty packet. A packet that does not fit is
  // EMSGSIZE.
  [[nodiscard]] IoResult read(std::span<std::byte> into) noexcept;
  // Whether that is so whatever others do with the same descriptor meanwhile. Where the system cannot promise it,
  // read() looks first whether there is something, and somebody else may be quicker.
  [[nodiscard]] bool read_never_waits() const noexcept { return never_waits_; }
  // Whether an error of read() says that the system has lost something, and that reading goes on.
  [[nodiscard]] bool is_loss(int error) const noexcept;
  // Whether there is something to read, an end or trouble.
  [[nodiscard]] bool is_readable() const noexcept;
  // Whether there is a byte to read in a socket. After hung_up(), which nothing follows, it tells an empty packet from
  // the end.
  [[nodiscard]] bool has_bytes() const noexcept;
  // Whether a terminal keeps the bounds of packets: a master in packet mode (TIOCPKT).
  [[nodiscard]] bool in_packet_mode() const noexcept { return in_packet_mode_; }
  // Whether whoever was at the other end is gone.
  [[nodiscard]] bool hung_up() const noexcept;

  [[nodiscard]] LiveKind kind() const noexcept { return kind_; }
  // What to wait for, and what is told of: the caller's, or the one that we opened. A FIFO that is opened again forgets
  // that it had a writer.
  [[nodiscard]] const File& file() const noexcept { return given_.descriptor() >= 0 ? given_ : own_; }

 private:
  void find_kind() noexcept;
  [[nodiscard]] IoResult read_kernel_log(std::span<std::byte> into) noexcept;
  [[nodiscard]] bool is_any_socket() const noexcept {
    return kind_ == LiveKind::kSocket || kind_ == LiveKind::kPackets;
  }

  [[nodiscard]] const File& reading() const noexcept { return own_.descriptor() >= 0 ? own_ : given_; }

  File given_;
  File own_;     // what we opened, also when it is what was given: with flags of its own
  File writer_;  // see hold_open()
  LiveKind kind_ = LiveKind::kFile;
  bool blocks_ = false;   // a plain read would wait
  bool may_cut_ = false;  // the system cuts a packet that does not fit, and does not say so
  bool in_packet_mode_ = false;
  bool is_kernel_log_ = false;
  bool never_waits_ = true;
};

}  // namespace slipring::platform
