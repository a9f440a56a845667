// peer serve      Takes connections, and all that comes over them. To what looks like the end of an HTTP request with chunks
//                 it answers. The bytes that are measured with have no carriage return.
// peer get PORT   Asks a server of this machine for its only document, again and again, until nobody listens.
//
// Either prints its port first, and ends when nobody holds the other end of its standard input.
#include <poll.h>
#include <signal.h>

#include "socket.h"

enum { kBufferSize = 1 << 20, kTail = 5 };

static const char kEnd[] = "0\r\n\r\n";
static const char kAnswer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
static const char kRequest[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

static void print_port(int port) {
  printf("%d\n", port);
  fflush(stdout);
}

static void take_all(int in) {
  // In front of what comes next stand the last bytes of what came before.
  char* buffer = aligned_buffer(kBufferSize + 4096);
  char* data = buffer + 4096;
  for (size_t got; (got = read_some(in, data, kBufferSize)) > 0;) {
    if (memcmp(data + got - kTail, kEnd, kTail) == 0) write_all(in, kAnswer, sizeof kAnswer - 1);
    memmove(data - kTail, data + got - kTail, kTail);
  }
}

static int serve(void) {
  endpoint at = parse_endpoint("tcp:0");
  const int listener = open_socket(&at);
  if (bind(listener, &at.address.any, at.length) != 0) die("bind");
  if (listen(listener, 128) != 0) die("listen");
  if (getsockname(listener, &at.address.any, &at.length) != 0) die("getsockname");
  print_port(ntohs(at.address.tcp.sin_port));
  signal(SIGCHLD, SIG_IGN);
  struct pollfd both[] = {{.fd = listener, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  while (poll(both, 2, -1) >= 0 && both[1].revents == 0) {
    const int in = accept(listener, NULL, NULL);
    if (in < 0) die("accept");
    if (fork() == 0) {
      take_all(in);
      _exit(0);
    }
    close(in);
  }
  return 0;
}

static int get(const char* port) {
  char name[32];
  snprintf(name, sizeof name, "tcp:%s", port);
  const endpoint to = parse_endpoint(name);
  print_port(atoi(port));
  char* buffer = aligned_buffer(kBufferSize);
  for (;;) {
    const int server = open_socket(&to);
    if (connect(server, &to.address.any, to.length) != 0) return 0;
    write_all(server, kRequest, sizeof kRequest - 1);
    while (read(server, buffer, kBufferSize) > 0);
    close(server);
  }
}

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  if (argc == 2 && strcmp(argv[1], "serve") == 0) return serve();
  return argc == 3 && strcmp(argv[1], "get") == 0 ? get(argv[2]) : 2;
}
