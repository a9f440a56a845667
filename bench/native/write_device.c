/*
 * Writes into a FIFO, or into a terminal of its own.
 *
 *   write_device fifo PATH times COUNT MICROSECONDS   the time, as 8 bytes of nanoseconds, again and again
 *   write_device pty - bytes COUNT                    so many bytes: 64-bit numbers from 0 on
 *
 * It prints the path to read from, and begins when it gets a byte on standard input. A terminal is hung up when the other
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

static int open_output(const char* kind, const char* path, int* other) {
  if (strcmp(kind, "fifo") == 0) {
    puts(path);
    fflush(stdout);
    int fd = open(path, O_WRONLY);
    if (fd < 0) fail("open");
    return fd;
  }
  int master, slave;
  struct termios raw;
  char name[64];
  memset(&raw, 0, sizeof raw);
  cfmakeraw(&raw);
  if (openpty(&master, &slave, name, &raw, NULL) != 0) fail("openpty");
  *other = slave; /* open until the reader has it open, too */
  puts(name);
  fflush(stdout);
  return master;
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

static void write_times(int fd, long count, long microseconds) {
  for (long i = 0; i < count; i++) {
    struct timespec pause = {microseconds / 1000000, microseconds % 1000000 * 1000};
    struct timespec now;
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    write_all(fd, &ns, sizeof ns);
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
  if (argc < 5) return 2;
  int other = -1;
  int fd = open_output(argv[1], argv[2], &other);
  await_reader();
  if (other >= 0) close(other);
  if (strcmp(argv[3], "times") == 0) write_times(fd, atol(argv[4]), atol(argv[5]));
  else write_bytes(fd, atoll(argv[4]));
  if (strcmp(argv[1], "pty") == 0) await_reader();
  return 0;
}
