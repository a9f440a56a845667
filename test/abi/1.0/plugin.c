/*
 * A plugin as it was written for version 1.0 of the header, which lies beside it: it uses all that there was. It is
 * never changed, but to be right.
 *
 * Its config is a word. "chunks" gives "chunk 1" to "chunk 3", each after it has been waited for; "lost" gives the
 * same, and says that two were lost before the second; "silent" gives nothing; "fail in open", "fail in read" and "fail
 * in wait" fail there. Its name says how many of its streams were closed.
 */
#include "source.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Later headers have more: with one of these this plugin would show nothing. */
_Static_assert(sizeof(slipring_chunk) == 48, "not the header of 1.0");

typedef struct plugin {
  char mode[32];
  int given;
  int has_waited;
  char name[32];
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int cancelled; /* under mutex */
} plugin;

static atomic_int closed;

static int32_t fail(slipring_error* error, int32_t number, const char* syscall, const char* text) {
  /* A host of any version has at least the struct that this header shows. */
  if (error->struct_size < sizeof *error) abort();
  error->number = number;
  snprintf(error->syscall, sizeof error->syscall, "%s", syscall);
  snprintf(error->text, sizeof error->text, "%s", text);
  return SLIPRING_FAILED;
}

static int fails_in(const plugin* made, const char* where) {
  return strncmp(made->mode, "fail in ", 8) == 0 && strcmp(made->mode + 8, where) == 0;
}

static int32_t plugin_open(const slipring_options* options, void** self, slipring_error* error) {
  if (options->struct_size < sizeof *options || options->item_size < sizeof(slipring_option)) abort();
  plugin* const made = calloc(1, sizeof *made);
  const char* item = (const char*)options->items;
  for (size_t i = 0; i < options->count; i++, item += options->item_size) {
    const slipring_option* const option = (const void*)item;
    if (strcmp(option->name, "config") != 0 || option->text == NULL || option->integer != 0) continue;
    if (option->text_size != strlen(option->text)) abort();
    sscanf(option->text, "\"%31[^\"]", made->mode);
  }
  if (fails_in(made, "open")) {
    free(made);
    return fail(error, ENXIO, "tune", "no carrier");
  }
  snprintf(made->name, sizeof made->name, "%d closed", atomic_load(&closed));
  pthread_mutex_init(&made->mutex, NULL);
  pthread_cond_init(&made->changed, NULL);
  *self = made;
  return 0;
}

static int64_t plugin_read(void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error) {
  plugin* const made = self;
  if (chunk->struct_size < sizeof *chunk || chunk->user != 0 || chunk->flags != 0) abort();
  if (fails_in(made, "read")) return fail(error, 0, "", "the antenna fell down");
  if (strcmp(made->mode, "silent") == 0 || !made->has_waited) return SLIPRING_NOTHING;
  if (made->given == 3) return SLIPRING_END;
  made->has_waited = 0;
  made->given++;
  chunk->user = UINT64_MAX - (uint64_t)made->given;
  chunk->timestamp = 1000 * (uint64_t)made->given;
  if (made->given < 3) chunk->flags |= SLIPRING_CHUNK_MORE;
  if (strcmp(made->mode, "records") == 0) {
    chunk->record_count = 2;
    chunk->record_size = 4;
    chunk->truncated = 1;
    chunk->lost = made->given == 2 ? 2 : 0;
    memset((char*)data + 8, 0xff, 8);
  }
  return snprintf(data, size, "chunk %d", made->given);
}

static int32_t plugin_wait(void* self, slipring_error* error) {
  plugin* const made = self;
  if (fails_in(made, "wait")) return fail(error, EIO, "listen", "");
  made->has_waited = 1;
  pthread_mutex_lock(&made->mutex);
  while (strcmp(made->mode, "silent") == 0 && !made->cancelled) pthread_cond_wait(&made->changed, &made->mutex);
  const int cancelled = made->cancelled;
  pthread_mutex_unlock(&made->mutex);
  return cancelled ? fail(error, ECANCELED, "wait", "") : 0;
}

static void plugin_cancel(void* self) {
  plugin* const made = self;
  pthread_mutex_lock(&made->mutex);
  made->cancelled = 1;
  pthread_cond_broadcast(&made->changed);
  pthread_mutex_unlock(&made->mutex);
}

static void plugin_close(void* self) {
  atomic_fetch_add(&closed, 1);
  free(self);
}

static int64_t plugin_descriptor(void* self) {
  (void)self;
  return 2;
}

static const char* plugin_name(void* self) {
  const plugin* const made = self;
  return made->name;
}

/* In the order of the fields, as the header's own example has it. */
const slipring_source slipring_source_v1 = {
    sizeof(slipring_source), SLIPRING_ABI_VERSION, plugin_open, plugin_read, plugin_cancel, plugin_close,
    plugin_descriptor,       NULL /* start */,     plugin_wait, plugin_name, 0 /* flags */,
};
