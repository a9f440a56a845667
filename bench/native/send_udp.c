// send_udp PORT COUNT SIZE [BATCH [RATE]]: sends COUNT datagrams of SIZE bytes to 127.0.0.1 as fast as it can, or RATE a
// second, BATCH (64) with each sendmmsg(). Each begins with its number, 64 bits. Prints how many were sent, and in how many
// nanoseconds.
#include "bench.h"
// After it: it says that it wants what only Linux has.
#include <arpa/inet.h>
#include <sys/socket.h>

enum { kMostInBatch = 1024, kMostBytes = 65507 };

#ifndef __linux__
struct mmsghdr {
  struct msghdr msg_hdr;
  unsigned msg_len;
};

static int sendmmsg(int fd, struct mmsghdr* messages, unsigned count, int flags) {
  unsigned sent = 0;
  while (sent < count && sendmsg(fd, &messages[sent].msg_hdr, flags) >= 0) ++sent;
  return sent > 0 ? (int)sent : -1;
}
#endif

static struct mmsghdr messages[kMostInBatch];
static struct iovec places[kMostInBatch];

static int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) die("socket");
  struct sockaddr_in to;
  memset(&to, 0, sizeof to);
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons((uint16_t)port);
  if (connect(fd, (struct sockaddr*)&to, sizeof to) != 0) die("connect");
  return fd;
}

static void wait_until(int64_t ns) {
  const int64_t left = ns - now_ns();
  if (left <= 0) return;
  const struct timespec pause = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
  nanosleep(&pause, NULL);
}

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const int64_t count = atoll(argv[2]);
  const size_t size = (size_t)atoll(argv[3]);
  const int64_t batch = argc > 4 ? atoll(argv[4]) : 64;
  const int64_t rate = argc > 5 ? atoll(argv[5]) : 0;
  if (size < sizeof(uint64_t) || size > kMostBytes || batch < 1 || batch > kMostInBatch) return 2;
  char* const memory = calloc((size_t)batch, size);
  if (memory == NULL) die("calloc");
  for (int64_t i = 0; i < batch; ++i) {
    places[i].iov_base = memory + (size_t)i * size;
    places[i].iov_len = size;
    messages[i].msg_hdr.msg_iov = &places[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  const int fd = connect_to(atoi(argv[1]));
  const int64_t began = now_ns();
  for (int64_t sent = 0; sent < count;) {
    if (rate > 0) wait_until(began + (int64_t)((double)sent / (double)rate * 1e9));
    const int64_t left = count - sent;
    const unsigned ask = (unsigned)(left < batch ? left : batch);
    for (unsigned i = 0; i < ask; ++i) {
      const uint64_t number = (uint64_t)sent + i;
      memcpy(places[i].iov_base, &number, sizeof number);
    }
    const int done = sendmmsg(fd, messages, ask, 0);
    if (done > 0) sent += done;
    // Nobody listens yet, or any more; or the system has no memory for a moment. UDP goes on.
    if (done < 0 && errno != ECONNREFUSED && errno != ENOBUFS && errno != EINTR) die("sendmmsg");
  }
  printf("{\"sent\":%lld,\"ns\":%lld}\n", (long long)count, (long long)(now_ns() - began));
  return 0;
}
