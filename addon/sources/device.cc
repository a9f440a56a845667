// A descriptor whose data comes from somebody else: a FIFO, a pipe, a terminal, a device, a socket. Options:
//   path        text     what to open, or to connect to when it is a unix socket, or
//   fd          integer  what to read; it stays the caller's
//   persistent  integer  1: a FIFO goes on when its writers leave
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include "platform/live.h"
#include "platform/wake.h"
#include "sources/registry.h"
#include "sources/source_table.h"
#include "sources/support.h"

namespace slipring {

namespace {

using platform::IoResult;
using platform::Live;
using platform::LiveKind;

class DeviceSource {
 public:
  DeviceSource() = default;
  DeviceSource(const DeviceSource&) = delete;
  DeviceSource& operator=(const DeviceSource&) = delete;

  // Producer thread.
  int32_t open(const slipring_options& options, slipring_error* error) {
    if (const char* path = text_option(options, "path")) {
      const char* syscall = "open";
      const int open_error = live_.open(path, syscall);
      if (open_error != 0) return fail(error, open_error, syscall);
    } else {
      live_.borrow(static_cast<int>(integer_option(options, "fd", -1)));
    }
    if (integer_option(options, "persistent", 0) != 0) {
      const int hold_error = live_.hold_open();
      if (hold_error != 0) return fail(error, hold_error, "open");
    }
    // A FIFO that nobody has opened for writing yet reads as if it had ended.
    must_look_ = live_.kind() == LiveKind::kPipe;
    const int wake_error = wake_.open();
    return wake_error == 0 ? 0 : fail(error, wake_error, "pipe");
  }

  // Producer thread, also while another one reads: it changes nothing.
  int32_t wait(slipring_error* error) {
    if (cancelled_.load(std::memory_order_acquire)) return fail(error, ECANCELED, "poll");  // pairs with cancel()
    if (live_.kind() == LiveKind::kFile) return 0;
    const int wait_error = wake_.wait_readable(live_.file());
    const bool cancelled = cancelled_.load(std::memory_order_acquire);  // pairs with cancel()
    if (wait_error == ECANCELED && !cancelled) return 0;                // an error is held
    return wait_error == 0 ? 0 : fail(error, wait_error, "poll");
  }

  // Producer thread, or another one in its place.
  int64_t read(std::span<std::byte> into, slipring_chunk* chunk, slipring_error* error) {
    if ((chunk->hints & SLIPRING_HINT_PROMPT) != 0 && !live_.read_never_waits()) return SLIPRING_NOTHING;
    if (in_pieces()) chunk->flags |= SLIPRING_CHUNK_PIECE;
    const bool fills = live_.kind() == LiveKind::kFile;
    if (fills) chunk->flags |= SLIPRING_CHUNK_MORE;
    // Pieces are put together while the consumer has not even come to the last chunk: it then has fewer to go through.
    const bool joins = fills || ((chunk->hints & SLIPRING_HINT_BEHIND) != 0 && in_pieces());
    std::size_t filled = 0;
    while (filled == 0 || (joins && filled < into.size())) {
      const IoResult result = read_piece(into.subspan(filled, std::min(into.size() - filled, kLargestRead)));
      if (filled > 0 && (result.error != 0 || result.bytes == 0)) {
        // The next read tells of it.
        pending_ = result;
        is_pending_ = result.error != EAGAIN;
        break;
      }
      if (live_.is_loss(result.error)) {
        chunk->lost = SLIPRING_LOST_UNKNOWN;
        return SLIPRING_NOTHING;
      }
      if (result.error == EAGAIN && !fills) return SLIPRING_NOTHING;  // to wait for a file would be to spin
      if (result.error != 0) return fail(error, result.error, "read");
      if (result.bytes == 0) return SLIPRING_END;
      filled += result.bytes;
    }
    if (loss_follows()) chunk->flags |= SLIPRING_CHUNK_LOSS_FOLLOWS;
    return static_cast<int64_t>(filled);
  }

  // Any thread.
  void cancel() noexcept {
    cancelled_.store(true, std::memory_order_release);  // pairs with read_piece() and wait()
    wake_.signal();
  }

  [[nodiscard]] int descriptor() const noexcept { return live_.file().descriptor(); }

 private:
  // Whether what one read gives is an accident, and not a record.
  [[nodiscard]] bool in_pieces() const noexcept {
    const LiveKind kind = live_.kind();
    if (kind == LiveKind::kTerminal) return !live_.in_packet_mode();
    return kind == LiveKind::kPipe || kind == LiveKind::kSocket;
  }

  // EAGAIN: somebody has to wait first. 0 bytes: the end.
  IoResult read_piece(std::span<std::byte> into) {
    if (cancelled_.load(std::memory_order_acquire)) return {.bytes = 0, .error = ECANCELED};  // pairs with cancel()
    if (is_pending_) return pending_;
    if (must_look_ && !live_.is_readable()) return {.bytes = 0, .error = EAGAIN};
    must_look_ = false;
    if (live_.kind() == LiveKind::kPackets) return read_packet(into);
    IoResult result = read_now(into);
    // A terminal tells so that nobody is at the other end any more.
    if (result.error == EIO && live_.kind() == LiveKind::kTerminal && live_.hung_up()) return {};
    return result;
  }

  // The system tells an error before it gives the packets that came earlier. Here it comes behind them.
  IoResult read_packet(std::span<std::byte> into) {
    IoResult result = read_now(into);
    const bool comes_too_early = result.error != 0 && result.error != EAGAIN && result.error != EMSGSIZE;
    if (comes_too_early && held_error_ == 0) {
      held_error_ = result.error;
      // The system has told it, and may have nothing more to say: whoever waits has to read for it.
      if (!live_.is_loss(held_error_)) wake_.signal();
      result = read_now(into);
    }
    const bool empty = result.error == 0 && result.bytes == 0;
    // An empty packet is no end, and no chunk either. In this order: nothing is sent after a hang-up.
    if (empty && (!live_.hung_up() || live_.has_bytes())) return {.bytes = 0, .error = EAGAIN};
    const bool is_packet = result.bytes > 0 || result.error == EMSGSIZE;
    if (held_error_ == 0 || is_packet) return result;
    return {.bytes = 0, .error = std::exchange(held_error_, 0)};
  }

  // Whether a loss belongs behind the packet that was just read: there was room for it, and there is no other.
  bool loss_follows() {
    if (!live_.is_loss(held_error_) || live_.is_readable()) return false;
    held_error_ = 0;
    return true;
  }

  IoResult read_now(std::span<std::byte> into) {
    IoResult result = live_.read(into);
    if (result.error == EWOULDBLOCK) result.error = EAGAIN;
    return result;
  }

  Live live_;
  platform::Wake wake_;
  bool must_look_ = false;   // before the next read
  bool is_pending_ = false;  // the last read came upon an end or an error behind its bytes:
  IoResult pending_;
  int held_error_ = 0;  // an errno, see read_packet()
  std::atomic<bool> cancelled_{false};
};

}  // namespace

constexpr slipring_source kDeviceSource = SourceTable<DeviceSource>::make(SLIPRING_SOURCE_READ_ANYWHERE);

}  // namespace slipring
