// read_count FILE BUFFER_SIZE: the fastest plain way to look at all bytes of a file, read() into one buffer.
#include "bench.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const size_t size = strtoull(argv[2], NULL, 10);
  char* buffer = aligned_buffer(size);
  const stopwatch watch = start();
  const int fd = open_input(argv[1]);
  int64_t bytes = 0;
  for (size_t got; (got = read_some(fd, buffer, size)) > 0;) bytes += (int64_t)got;
  report(watch, bytes);
  return 0;
}
