// first_byte FILE BUFFER_SIZE: how long open() and the first read() take, again and again.
#include "bench.h"

enum { kTimes = 2000 };

static int by_value(const void* a, const void* b) {
  const int64_t x = *(const int64_t*)a;
  const int64_t y = *(const int64_t*)b;
  return (x > y) - (x < y);
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const size_t size = strtoull(argv[2], NULL, 10);
  char* buffer = aligned_buffer(size);
  static int64_t times[kTimes];
  for (int i = 0; i < kTimes; i++) {
    const int64_t before = now_ns();
    const int fd = open_input(argv[1]);
    read_some(fd, buffer, size);
    times[i] = now_ns() - before;
    close(fd);
  }
  qsort(times, kTimes, sizeof *times, by_value);
  printf("{\"firstByteP50Ns\":%lld,\"firstByteP99Ns\":%lld,\"peakRss\":%lld}\n", (long long)times[kTimes / 2],
         (long long)times[kTimes / 100 * 99], (long long)own_peak_rss());
  return 0;
}
