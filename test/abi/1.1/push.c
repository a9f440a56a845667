/*
 * A plugin that pushes, as it was written for version 1.1 of the header, which lies beside it: it uses all that was new
 * then. It is never changed, but to be right.
 *
 * Its config is a word. "bytes" gives "one", "two" and "three" as a stream of bytes; "chunks" gives each as a chunk of
 * its own, with a table of one record, and says that two chunks of 14 bytes were lost before the second; "flood" gives
 * bytes until it is cancelled; "fail" fails after the first piece; "fail in start" fails there.
 */
#include "source.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With the header of another version this plugin would show nothing. */
_Static_assert(sizeof(slipring_chunk) == 56 && sizeof(slipring_sink) == 64, "not the header of 1.1");

typedef struct plugin {
  char mode[32];
  slipring_sink sink;
  pthread_t thread;
} plugin;

static int32_t plugin_open(const slipring_options* options, void** self, slipring_error* error) {
  (void)error;
  plugin* const made = calloc(1, sizeof *made);
  const char* item = (const char*)options->items;
  for (size_t i = 0; i < options->count; i++, item += options->item_size) {
    const slipring_option* const option = (const void*)item;
    if (strcmp(option->name, "config") == 0) sscanf(option->text, "\"%31[^\"]", made->mode);
  }
  *self = made;
  return 0;
}

/* Commits `text`, after it has given back room that it does not need. It ends early when the stream does. */
static void push(const slipring_sink* sink, const char* text, const slipring_chunk* about) {
  void* const unused = sink->acquire(sink, sink->max_size);
  if (unused == NULL || sink->commit(sink, 0, NULL) != 0) return;
  const size_t length = strlen(text);
  /* There is room, without waiting: the ring has more slots than there are pieces. */
  char* const room = sink->try_acquire(sink, 24);
  if (room == NULL) return;
  memcpy(room, text, length);
  memset(room + 8, 0x11, 4);
  sink->commit(sink, length, about);
}

static void* run(void* self) {
  plugin* const made = self;
  const slipring_sink* const sink = &made->sink;
  if (strcmp(made->mode, "flood") == 0) {
    for (void* room; (room = sink->acquire(sink, 1000)) != NULL; sink->commit(sink, 1000, NULL))
      memset(room, 'x', 1000);
    return NULL;
  }
  const char* const pieces[] = {"one", "two", "three"};
  for (uint64_t i = 0; i < 3; i++) {
    const slipring_chunk about = {
        .struct_size = sizeof about,
        .record_count = 1,
        .record_size = 4,
        .lost = i == 1 ? 2 : 0,
        .lost_bytes = i == 1 ? 14 : 0,
        .timestamp = 1000 + i,
        .user = UINT64_MAX - i,
    };
    push(sink, pieces[i], strcmp(made->mode, "chunks") == 0 ? &about : NULL);
    if (strcmp(made->mode, "fail") == 0) {
      const slipring_error error = {sizeof error, EIO, "listen", ""};
      sink->finish(sink, &error);
      return NULL;
    }
  }
  sink->finish(sink, NULL);
  return NULL;
}

static int32_t plugin_start(void* self, const slipring_sink* sink, slipring_error* error) {
  plugin* const made = self;
  /* A host of any version has at least the struct that this header shows. */
  if (sink->struct_size < sizeof *sink) abort();
  made->sink = *sink;
  error->number = ENXIO;
  snprintf(error->syscall, sizeof error->syscall, "tune");
  if (strcmp(made->mode, "fail in start") == 0) return SLIPRING_FAILED;
  return pthread_create(&made->thread, NULL, run, made) == 0 ? 0 : SLIPRING_FAILED;
}

static void plugin_cancel(void* self) { (void)self; }

static void plugin_close(void* self) {
  plugin* const made = self;
  if (strcmp(made->mode, "fail in start") != 0) pthread_join(made->thread, NULL);
  free(made);
}

const slipring_source slipring_source_v1 = {
    .struct_size = sizeof(slipring_source),
    .abi_version = SLIPRING_ABI_VERSION,
    .open = plugin_open,
    .cancel = plugin_cancel,
    .close = plugin_close,
    .start = plugin_start,
};
