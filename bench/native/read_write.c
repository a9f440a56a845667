// read_write FROM TO BUFFER_SIZE: copies a file through one buffer.
// Not with copy_file_range(): the job is to have the bytes.
#include "bench.h"

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const stopwatch watch = start();
  const int from = open_input(argv[1]);
  const int to = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (to < 0) die("open");
  const int64_t bytes = copy_all(from, to, strtoull(argv[3], NULL, 10));
  if (close(to) != 0) die("close");
  report(watch, bytes);
  return 0;
}
