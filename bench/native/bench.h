// What the programs here share: a stopwatch over wall and CPU time, a page-aligned buffer, and the one line of JSON
// that each prints when it is done, the same as bench/child.mjs prints.
#pragma once

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static inline void die(const char* what) {
  perror(what);
  exit(1);
}

static inline int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static inline int64_t cpu_ns(const struct rusage* usage) {
  return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * INT64_C(1000000000) +
         (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * INT64_C(1000);
}

static inline int64_t own_cpu_ns(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return cpu_ns(&usage);
}

static inline int64_t max_rss_bytes(const struct rusage* usage) {
#ifdef __APPLE__
  return usage->ru_maxrss;
#else
  return usage->ru_maxrss * INT64_C(1024);
#endif
}

// On Linux ru_maxrss starts with what the process that started this one had, so the kernel's own record is better.
static inline int64_t own_peak_rss(void) {
  FILE* status = fopen("/proc/self/status", "r");
  if (status != NULL) {
    char line[256];
    long long kib = 0;
    while (fgets(line, sizeof line, status) != NULL) {
      if (sscanf(line, "VmHWM: %lld", &kib) == 1) break;
    }
    fclose(status);
    if (kib > 0) return kib * 1024;
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return max_rss_bytes(&usage);
}

typedef struct {
  int64_t wall;
  int64_t cpu;
} stopwatch;

static inline stopwatch start(void) { return (stopwatch){now_ns(), own_cpu_ns()}; }

static inline void report(stopwatch since, int64_t bytes) {
  const int64_t ns = now_ns() - since.wall;
  const int64_t cpu = own_cpu_ns() - since.cpu;
  printf("{\"bytes\":%lld,\"ns\":%lld,\"cpuNs\":%lld,\"peakRss\":%lld}\n", (long long)bytes, (long long)ns,
         (long long)cpu, (long long)own_peak_rss());
}

static inline char* aligned_buffer(size_t size) {
  void* buffer = NULL;
  if (posix_memalign(&buffer, 4096, size) != 0) die("posix_memalign");
  return buffer;
}

static inline int open_input(const char* path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) die("open");
  return fd;
}

// How many bytes were read; 0 at the end.
static inline size_t read_some(int fd, char* buffer, size_t size) {
  ssize_t got;
  do got = read(fd, buffer, size);
  while (got < 0 && errno == EINTR);
  if (got < 0) die("read");
  return (size_t)got;
}

static inline void write_all(int fd, const char* buffer, size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, buffer, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) die("write");
    buffer += written;
    size -= (size_t)written;
  }
}

// All of `from` to `to`, through one buffer.
static inline int64_t copy_all(int from, int to, size_t buffer_size) {
  char* buffer = aligned_buffer(buffer_size);
  int64_t bytes = 0;
  for (size_t got; (got = read_some(from, buffer, buffer_size)) > 0; bytes += (int64_t)got) {
    write_all(to, buffer, got);
  }
  free(buffer);
  return bytes;
}
