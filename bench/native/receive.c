// receive tcp:0 | unix:PATH: the other end of the socket cases. One process of its own for every run, so that receiving
// costs all contenders the same. Prints the endpoint when it listens, and the number of bytes it got at the end.
#include "socket.h"

enum { kBufferSize = 1 << 20 };

static void print_endpoint(int listener, const char* asked) {
  endpoint bound = {.length = sizeof bound.address};
  if (getsockname(listener, &bound.address.any, &bound.length) != 0) die("getsockname");
  if (bound.address.any.sa_family == AF_INET) {
    printf("tcp:%d\n", ntohs(bound.address.tcp.sin_port));
  } else {
    puts(asked);
  }
  fflush(stdout);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const endpoint at = parse_endpoint(argv[1]);
  const int listener = open_socket(&at);
  if (bind(listener, &at.address.any, at.length) != 0) die("bind");
  if (listen(listener, 1) != 0) die("listen");
  print_endpoint(listener, argv[1]);
  const int in = accept(listener, NULL, NULL);
  if (in < 0) die("accept");
  char* buffer = aligned_buffer(kBufferSize);
  int64_t bytes = 0;
  for (size_t got; (got = read_some(in, buffer, kBufferSize)) > 0;) bytes += (int64_t)got;
  printf("%lld\n", (long long)bytes);
  return 0;
}
