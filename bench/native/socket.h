// Addresses as the harness writes them: "tcp:PORT", always of this machine, and "unix:PATH".
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "bench.h"

typedef struct {
  union {
    struct sockaddr any;
    struct sockaddr_in tcp;
    struct sockaddr_un local;
  } address;
  socklen_t length;
} endpoint;

static inline endpoint parse_endpoint(const char* text) {
  endpoint result;
  memset(&result, 0, sizeof result);
  if (strncmp(text, "tcp:", 4) == 0) {
    result.address.tcp.sin_family = AF_INET;
    result.address.tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    result.address.tcp.sin_port = htons((uint16_t)atoi(text + 4));
    result.length = sizeof result.address.tcp;
  } else {
    result.address.local.sun_family = AF_UNIX;
    strncpy(result.address.local.sun_path, text + 5, sizeof result.address.local.sun_path - 1);
    result.length = sizeof result.address.local;
  }
  return result;
}

static inline int open_socket(const endpoint* to) {
  const int fd = socket(to->address.any.sa_family, SOCK_STREAM, 0);
  if (fd < 0) die("socket");
  return fd;
}
