// read_send FILE ENDPOINT BUFFER_SIZE: sends a file through one buffer. Not with sendfile(): see read_write.c.
#include "socket.h"

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const endpoint to = parse_endpoint(argv[2]);
  const int out = open_socket(&to);
  if (connect(out, &to.address.any, to.length) != 0) die("connect");
  const stopwatch watch = start();
  const int64_t bytes = copy_all(open_input(argv[1]), out, strtoull(argv[3], NULL, 10));
  if (shutdown(out, SHUT_WR) != 0) die("shutdown");
  // The receiver closes when it has everything: done means received, as for the Node contenders.
  char nothing;
  if (read_some(out, &nothing, 1) != 0) return 3;
  report(watch, bytes);
  return 0;
}
