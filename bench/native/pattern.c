// pattern LENGTH BUFFER_SIZE: the bytes of createPatternStream() (docs/pattern.md), made in one buffer, seed 0.
#include "bench.h"

static void fill(uint32_t* words, size_t count, uint64_t from) {
  for (size_t i = 0; i < count; i++) {
    const uint64_t word = from + i;
    const uint32_t x = (uint32_t)word * 0x9E3779B1u + (uint32_t)(word >> 32) * 0x85EBCA6Bu;
    words[i] = x ^ (x >> 16);
  }
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int64_t length = atoll(argv[1]);
  const int64_t size = atoll(argv[2]);
  char* buffer = aligned_buffer((size_t)size);
  const stopwatch watch = start();
  int64_t bytes = 0;
  while (bytes < length) {
    const int64_t count = length - bytes < size ? length - bytes : size;
    fill((uint32_t*)(void*)buffer, (size_t)(count + 3) / 4, (uint64_t)bytes / 4);
    __asm__ volatile("" : : "r"(buffer) : "memory");  // somebody might look: the loop is not to be left out
    bytes += count;
  }
  report(watch, bytes);
  return 0;
}
