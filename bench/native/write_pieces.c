// write_pieces fifo|pty PATH FILE PIECE: writes FILE at full rate, PIECE bytes with each system call, into a FIFO that it
// makes at PATH, or into a terminal of its own. It prints the path to read from, and begins when it gets a byte on standard
// input. With the end of standard input it leaves the terminal; a FIFO as soon as all is written.
#include "bench.h"

#include <pty.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>

// Whoever was to read may have died.
enum { kPatience = 300 };

static void await_byte(void) {
  char byte;
  if (read(STDIN_FILENO, &byte, 1) < 0) die("read");
}

static void announce(const char* path) {
  puts(path);
  fflush(stdout);
}

static int open_fifo(const char* path) {
  if (mkfifo(path, 0600) != 0) die("mkfifo");
  announce(path);
  const int out = open(path, O_WRONLY | O_CLOEXEC);
  if (out < 0) die("open");
  await_byte();
  return out;
}

static int open_terminal(void) {
  struct termios raw;
  char name[64];
  int out;
  int other;
  memset(&raw, 0, sizeof raw);
  cfmakeraw(&raw);
  if (openpty(&out, &other, name, &raw, NULL) != 0) die("openpty");
  announce(name);
  await_byte();
  close(other);
  return out;
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  alarm(kPatience);
  const int terminal = strcmp(argv[1], "pty") == 0;
  const int in = open_input(argv[3]);
  struct stat file;
  if (fstat(in, &file) != 0) die("fstat");
  const size_t size = (size_t)file.st_size;
  const char* data = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_POPULATE, in, 0);
  if (data == MAP_FAILED) die("mmap");

  const int out = terminal ? open_terminal() : open_fifo(argv[2]);
  const size_t piece = strtoull(argv[4], NULL, 10);
  for (size_t at = 0; at < size; at += piece) write_all(out, data + at, size - at < piece ? size - at : piece);
  if (terminal) await_byte();
  return 0;
}
