/*
 * Gives a line of text every so many milliseconds. The config is [interval, count], both whole numbers: how long to
 * wait before each line, and after how many lines to end, 0 for never.
 *
 * The functions are in the order in which they are called; slipring/source.h says by which thread, and what they may
 * do.
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "slipring/source.h"

typedef struct ticker {
  long interval;
  long count;
  long given;
  struct timespec next; /* when the next line is due, by the one clock that pthread_cond_timedwait knows everywhere */
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  bool cancelled; /* under mutex */
} ticker;

static int fail(slipring_error* error, int number, const char* syscall, const char* text) {
  error->number = number;
  snprintf(error->syscall, sizeof error->syscall, "%s", syscall);
  snprintf(error->text, sizeof error->text, "%s", text);
  return SLIPRING_FAILED;
}

/* The text of the option "config", which is JSON; NULL when there is none. */
static const char* config_of(const slipring_options* options) {
  const char* item = (const char*)options->items;
  for (size_t i = 0; i < options->count; i++, item += options->item_size) {
    const slipring_option* const option = (const void*)item;
    if (strcmp(option->name, "config") == 0) return option->text;
  }
  return NULL;
}

static int32_t ticker_open(const slipring_options* options, void** self, slipring_error* error) {
  const char* const config = config_of(options);
  long interval, count;
  char end;
  if (config == NULL || sscanf(config, "[%9ld,%9ld%c", &interval, &count, &end) != 3 || end != ']' || interval < 0 ||
      count < 0) {
    return fail(error, EINVAL, "open", "interval and count must be whole numbers, and not negative");
  }
  ticker* const source = calloc(1, sizeof *source);
  if (source == NULL) return fail(error, ENOMEM, "open", "");
  source->interval = interval;
  source->count = count;
  clock_gettime(CLOCK_REALTIME, &source->next);
  pthread_mutex_init(&source->mutex, NULL);
  pthread_cond_init(&source->changed, NULL);
  *self = source;
  return 0;
}

/* Waits until the next line is due. False when it was cancelled. */
static bool wait_for_next(ticker* source) {
  const long nanoseconds = source->next.tv_nsec + source->interval % 1000 * 1000000;
  source->next.tv_sec += source->interval / 1000 + nanoseconds / 1000000000;
  source->next.tv_nsec = nanoseconds % 1000000000;
  pthread_mutex_lock(&source->mutex);
  int result = 0;
  while (!source->cancelled && result == 0) {
    result = pthread_cond_timedwait(&source->changed, &source->mutex, &source->next);
  }
  const bool goes_on = !source->cancelled;
  pthread_mutex_unlock(&source->mutex);
  return goes_on;
}

static int64_t ticker_read(void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error) {
  ticker* const source = self;
  if (source->count != 0 && source->given == source->count) return SLIPRING_END;
  if (!wait_for_next(source)) return fail(error, ECANCELED, "read", "");
  source->given++;
  chunk->user = (uint64_t)source->given; /* slot.user in JavaScript */
  const int length = snprintf(data, size, "tick %ld\n", source->given);
  if ((size_t)length >= size) return fail(error, EMSGSIZE, "read", "a line does not fit into a slot");
  return length;
}

static void ticker_cancel(void* self) {
  ticker* const source = self;
  pthread_mutex_lock(&source->mutex);
  source->cancelled = true;
  pthread_cond_broadcast(&source->changed);
  pthread_mutex_unlock(&source->mutex);
}

static void ticker_close(void* self) {
  ticker* const source = self;
  pthread_cond_destroy(&source->changed);
  pthread_mutex_destroy(&source->mutex);
  free(source);
}

const slipring_source slipring_source_v1 = {
    .struct_size = sizeof(slipring_source),
    .abi_version = SLIPRING_ABI_VERSION,
    .open = ticker_open,
    .read = ticker_read,
    .cancel = ticker_cancel,
    .close = ticker_close,
};
