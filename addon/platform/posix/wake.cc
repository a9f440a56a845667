#include "platform/wake.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <utility>

namespace slipring::platform {

namespace {

// Both ends close-on-exec and non-blocking (Rule 8). Returns 0 or an errno.
int open_pipe(int (&ends)[2]) {
#ifdef __APPLE__
  // No pipe2 there: a child forked between the two steps inherits the ends, and nothing can be done about it.
  if (::pipe(ends) != 0) return errno;
  for (const int end : ends) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  return 0;
#else
  return ::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0 ? 0 : errno;
#endif
}

}  // namespace

struct Wake::State {
  File read_end;
  File write_end;
};

Wake::Wake() = default;
Wake::~Wake() = default;

int Wake::open() {
  // A pipe rather than an eventfd: it is the same on every POSIX system, and it is written to once in its life.
  int ends[2];
  const int error = open_pipe(ends);
  if (error != 0) return error;
  File read_end(ends[0], true);
  File write_end(ends[1], true);
  state_.reset(new (std::nothrow) State{.read_end = std::move(read_end), .write_end = std::move(write_end)});
  return state_ != nullptr ? 0 : ENOMEM;
}

void Wake::signal() noexcept {
  if (state_ == nullptr) return;  // open() failed: nobody waits
  const char byte = 0;
  // A full pipe is as good as a written one.
  while (::write(state_->write_end.descriptor(), &byte, 1) == -1 && errno == EINTR) {}
}

int Wake::wait_readable(const File& file) noexcept {
  pollfd watched[2] = {
      {.fd = file.descriptor(), .events = POLLIN, .revents = 0},
      {.fd = state_->read_end.descriptor(), .events = POLLIN, .revents = 0},
  };
  while (::poll(watched, 2, -1) == -1) {
    if (errno != EINTR) return errno;
  }
  if (watched[1].revents != 0) return ECANCELED;
  return 0;  // readable, at its end, or in trouble: the read will say
}

}  // namespace slipring::platform
