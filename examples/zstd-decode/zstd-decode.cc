// A compressed file as a stream: what `zstd -dc` writes. Its config: {"file": "path"}.
//
// The bytes are decoded where they are read: libzstd writes into the slot that JavaScript gets.
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "slipring/source.hpp"

namespace {

using slipring::Failure;

std::string file_of(std::string_view config) {
  const std::unique_ptr<json_t, decltype(&json_decref)> root(json_loadb(config.data(), config.size(), 0, nullptr),
                                                             json_decref);
  const char* file = nullptr;
  json_error_t wrong;
  if (json_unpack_ex(root.get(), &wrong, 0, "{s:s}", "file", &file) != 0) throw Failure(EINVAL, "config", wrong.text);
  return file;
}

// A file that is open as long as this is.
class Input {
 public:
  // O_NONBLOCK is for FIFOs: to open one would wait until somebody writes.
  explicit Input(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (fd_ < 0) throw Failure(errno, "open", path);
  }
  ~Input() { close(fd_); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  // Whether no read waits for longer than a disk takes. Only then need `cancel` wake nobody.
  [[nodiscard]] bool is_at_hand() const noexcept {
    struct stat info = {};
    return fstat(fd_, &info) == 0 && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode));
  }
  // How many bytes there were; 0 at the end.
  [[nodiscard]] size_t read_into(std::vector<unsigned char>& buffer) const {
    ssize_t length = 0;
    do length = read(fd_, buffer.data(), buffer.size());
    while (length < 0 && errno == EINTR);
    if (length < 0) throw Failure(errno, "read");
    return static_cast<size_t>(length);
  }

 private:
  int fd_;
};

class ZstdDecode {
 public:
  explicit ZstdDecode(const slipring::Options& options)
      : file_(file_of(options.config())),
        input_(file_),
        decoder_(ZSTD_createDCtx()),
        compressed_(ZSTD_DStreamInSize()) {
    if (!input_.is_at_hand()) throw Failure(EINVAL, "open", file_ + " is not a regular file");
    if (decoder_ == nullptr) throw std::bad_alloc();
  }

  // What was decoded is sent before more is read: so it also arrives when the file goes wrong behind it.
  int64_t read(void* data, size_t size, slipring_chunk& chunk) {
    ZSTD_outBuffer out = {data, size, 0};
    while (out.pos == 0) {
      if (cancelled_.load(std::memory_order_relaxed)) throw Failure(ECANCELED, "read");
      if (ZSTD_isError(state_)) fail(ZSTD_getErrorName(state_));
      if (in_.pos == in_.size && !has_more_) {
        in_ = {compressed_.data(), input_.read_into(compressed_), 0};
        // A frame ends at its own end only; how many there are nobody says.
        if (in_.size == 0 && state_ != 0) fail("the file ends in the middle of a frame");
        if (in_.size == 0) return SLIPRING_END;
      }
      decode(out);
    }
    chunk.flags = SLIPRING_CHUNK_MORE;
    return static_cast<int64_t>(out.pos);
  }

  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }

  [[nodiscard]] const char* name() const noexcept { return file_.c_str(); }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* decoder) const noexcept { ZSTD_freeDCtx(decoder); }
  };

  // Until the input is used up, or the slot is full.
  void decode(ZSTD_outBuffer& out) {
    do state_ = ZSTD_decompressStream(decoder_.get(), &out, &in_);
    while (!ZSTD_isError(state_) && in_.pos < in_.size && out.pos < out.size);
    has_more_ = state_ != 0 && out.pos == out.size;
  }
  [[noreturn]] void fail(const char* text) const {
    throw Failure(0, "ZSTD_decompressStream", file_ + ": " + text);  // libzstd's errors have no errno
  }

  std::string file_;
  Input input_;
  std::unique_ptr<ZSTD_DCtx, Free> decoder_;
  std::vector<unsigned char> compressed_;
  ZSTD_inBuffer in_ = {nullptr, 0, 0};
  size_t state_ = 0;       // what libzstd returned: 0 between frames
  bool has_more_ = false;  // decoded already, and had no room
  std::atomic<bool> cancelled_{false};
};

}  // namespace

const slipring_source slipring_source_v1 = slipring::make_source<ZstdDecode>();
