/*
 * Writes into FIFOs, or into terminals of its own.
 *
 *   write_device fifo times COUNT MICROSECONDS PATH...     the time, as 8 bytes of nanoseconds, into one after the other,
 *   write_device pty times COUNT MICROSECONDS TERMINALS    in an order that changes; COUNT times into each
 *   write_device fifo lines COUNT MICROSECONDS PATH...     the same, as lines of 60 bytes that begin with 20 digits
 *   write_device pty bytes COUNT                           so many bytes: 64-bit numbers from 0 on
 *
 * It prints the paths to read from, and begins when it gets a byte on standard input. It hangs up when the other
 * side has read everything, which it tells with another byte.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static void fail(const char* what) {
  perror(what);
  exit(1);
}

static void await_reader(void) {
  char byte;
  if (read(0, &byte, 1) < 0) fail("read");
}

enum { MOST = 8 };
static int outputs[MOST];
static int others[MOST]; /* of terminals: open until the readers have them open, too */
static int count_of_outputs;

static void open_fifos(char** paths, int count) {
  for (int i = 0; i < count; i++) printf("%s ", paths[i]);
  puts("");
  fflush(stdout);
  for (int i = 0; i < count; i++) {
    outputs[i] = open(paths[i], O_WRONLY);
    if (outputs[i] < 0) fail("open");
  }
  count_of_outputs = count;
}

static void open_terminals(int count) {
  struct termios raw;
  char name[64];
  memset(&raw, 0, sizeof raw);
  cfmakeraw(&raw);
  for (int i = 0; i < count; i++) {
    if (openpty(&outputs[i], &others[i], name, &raw, NULL) != 0) fail("openpty");
    printf("%s ", name);
  }
  puts("");
  fflush(stdout);
  count_of_outputs = count;
}

static void write_all(int fd, const void* data, size_t size) {
  const char* at = data;
  while (size > 0) {
    ssize_t written = write(fd, at, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write");
    at += written;
    size -= (size_t)written;
  }
}

static void shuffle(int* order, int count) {
  static uint32_t random = 1;
  for (int i = count - 1; i > 0; i--) {
    random = random * 1664525u + 1013904223u;
    int j = (int)((random >> 8) % (uint32_t)(i + 1));
    int other = order[j];
    order[j] = order[i];
    order[i] = other;
  }
}

static void write_line(int fd, uint64_t ns) {
  char line[61];
  snprintf(line, sizeof line, "%020llu a line as a sensor would send it, okay\n", (unsigned long long)ns);
  write_all(fd, line, 60);
}

static void write_times(long count, long microseconds, int as_lines) {
  int order[MOST];
  for (int i = 0; i < count_of_outputs; i++) order[i] = i;
  while (count-- > 0) {
    shuffle(order, count_of_outputs);
    for (int i = 0; i < count_of_outputs; i++) {
      struct timespec pause = {microseconds / 1000000, microseconds % 1000000 * 1000};
      struct timespec now;
      nanosleep(&pause, NULL);
      clock_gettime(CLOCK_MONOTONIC, &now);
      uint64_t ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
      if (as_lines) write_line(outputs[order[i]], ns);
      else write_all(outputs[order[i]], &ns, sizeof ns);
    }
  }
}

static void write_bytes(int fd, long long count) {
  static uint64_t block[8192];
  uint64_t next = 0;
  while (count > 0) {
    size_t size = count < (long long)sizeof block ? (size_t)count : sizeof block;
    for (size_t i = 0; i < sizeof block / 8; i++) block[i] = next++;
    write_all(fd, block, size);
    count -= (long long)size;
  }
}

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  int terminals = strcmp(argv[1], "pty") == 0;
  int lines = strcmp(argv[2], "lines") == 0;
  int times = lines || strcmp(argv[2], "times") == 0;
  if (times && (argc < 6 || argc > 5 + MOST)) return 2;
  if (times && terminals && (atoi(argv[5]) < 1 || atoi(argv[5]) > MOST)) return 2;
  if (terminals) open_terminals(times ? atoi(argv[5]) : 1);
  else open_fifos(argv + 5, argc - 5);
  await_reader();
  for (int i = 0; terminals && i < count_of_outputs; i++) close(others[i]);
  if (times) write_times(atol(argv[3]), atol(argv[4]), lines);
  else write_bytes(outputs[0], atoll(argv[3]));
  await_reader();
  return 0;
}
