/*
 * Pushes pieces of 64 bytes from a thread of its own, each of which begins with its number. config is
 * {"count":N,"rate":R}: R a second, in bursts every 100 us, with try_acquire, as a real-time thread would; or with R = 0 as
 * fast as acquire lets it. When all are pushed the stream fails with EBUSY, whose words are how many had no room and how long
 * it took: "FAILED NANOSECONDS".
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "slipring/source.h"

#define SIZE 64
#define NS 1000000000ull
#define BURST_NS 100000ull

typedef struct pusher {
  pthread_t thread;
  slipring_sink sink;
  int cancelled;
  uint64_t count;
  uint64_t rate;
} pusher;

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * NS + (uint64_t)now.tv_nsec;
}

static void sleep_until(uint64_t when) {
  const struct timespec time = {(time_t)(when / NS), (long)(when % NS)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {}
}

static void* push_all(void* self) {
  pusher* const source = self;
  const slipring_sink* const sink = &source->sink;
  const uint64_t began = now_ns();
  uint64_t failed = 0;
  uint64_t due = 0;
  for (uint64_t i = 0; i < source->count && !__atomic_load_n(&source->cancelled, __ATOMIC_ACQUIRE); i++) {
    while (source->rate != 0 && i == due) {
      due = (now_ns() - began) * source->rate / NS;
      if (i == due) sleep_until((now_ns() / BURST_NS + 1) * BURST_NS);
    }
    uint64_t* const room = source->rate != 0 ? sink->try_acquire(sink, SIZE) : sink->acquire(sink, SIZE);
    if (room == NULL) {
      failed++;
      continue;
    }
    room[0] = i;
    memset(room + 1, 0, SIZE - sizeof *room);
    sink->commit(sink, SIZE, NULL);
  }
  slipring_error said = {.struct_size = sizeof said, .number = EBUSY};
  snprintf(said.text, sizeof said.text, "%llu %llu", (unsigned long long)failed, (unsigned long long)(now_ns() - began));
  sink->finish(sink, &said);
  return NULL;
}

static int32_t open_pusher(const slipring_options* options, void** self, slipring_error* error) {
  pusher* const made = calloc(1, sizeof *made);
  if (sscanf(options->items[0].text, "{\"count\":%lu,\"rate\":%lu}", &made->count, &made->rate) != 2) {
    error->number = EINVAL;
    free(made);
    return -1;
  }
  *self = made;
  return 0;
}

static int32_t start_pusher(void* self, const slipring_sink* sink, slipring_error* error) {
  pusher* const source = self;
  source->sink = *sink;
  error->number = pthread_create(&source->thread, NULL, push_all, source);
  return error->number == 0 ? 0 : -1;
}

static void cancel_pusher(void* self) { __atomic_store_n(&((pusher*)self)->cancelled, 1, __ATOMIC_RELEASE); }

static void close_pusher(void* self) {
  pthread_join(((pusher*)self)->thread, NULL);
  free(self);
}

const slipring_source slipring_source_v1 = {
    .struct_size = sizeof(slipring_source),
    .abi_version = SLIPRING_ABI_VERSION,
    .open = open_pusher,
    .cancel = cancel_pusher,
    .close = close_pusher,
    .start = start_pusher,
};
