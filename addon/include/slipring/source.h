/*
 * The C interface between slipring and a source of bytes. The built-in sources (file, pattern, udp) implement exactly
 * this table, so it is always complete and always tested.
 *
 * A source is four functions, and a few more if it likes. The host calls, for one stream:
 *
 *   producer thread   open -> read, read, read ... -> close
 *   any thread        cancel, between a successful open and close
 *
 * A source whose bytes come to it, on a thread of its library's, has start instead of read, and pushes them: see
 * slipring_sink.
 *
 * The host never calls open, start, read and close of one stream at the same time; cancel may run beside read and wait.
 * Nothing here may throw, longjmp, or call into JavaScript. The producer thread is the stream's own. It has a stack of
 * 256 KiB at least, and all signals are blocked in it. Several streams of one source have a thread and a `self` each.
 *
 * A plugin is a shared library that exports its table as `slipring_source_v1`, for createPluginStream():
 *
 *   static int32_t my_open(...) ...
 *   const slipring_source slipring_source_v1 = {
 *       sizeof(slipring_source), SLIPRING_ABI_VERSION, my_open, my_read, my_cancel, my_close};
 *
 *   cc -shared -fPIC -I "$(node -p "require('slipring').include")" -o my.so my.c
 *
 * The host loads it on the producer thread, and never unloads it: a thread of the library's may still run. Two streams
 * of one library share its image and its static objects.
 *
 * Another addon passes its table to createStreamFromExternal() as a Node-API External, which it tags, so that no other
 * pointer is ever taken for a table:
 *
 *   static const napi_type_tag tag = {SLIPRING_SOURCE_TAG_LOWER, SLIPRING_SOURCE_TAG_UPPER};
 *   napi_create_external(env, (void*)&my_source, finalize, hint, &external);
 *   napi_type_tag_object(env, external, &tag);
 *
 * The host holds the External from the creation of the stream until it is closed, so the table, and what its finalizer
 * frees, need not live longer than that.
 *
 * Both get two options, if there is something to put in: "config", a text, is the stream's `config` as JSON; "table" is
 * the address, an integer, of the table that came as an External, by which `open` finds what its addon keeps beside it.
 *
 * Every struct starts with its own size, so that fields can be added at its end without breaking a source that was
 * compiled against an older header: a reader looks at struct_size before it touches a field that version 1.0 lacks.
 */
#ifndef SLIPRING_SOURCE_H
#define SLIPRING_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "chunk.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Changes only when a source compiled against an older header could no longer run. */
#define SLIPRING_ABI_VERSION 1u

/* Makes a symbol visible outside of its library, whatever -fvisibility says. */
#ifdef _WIN32
#define SLIPRING_EXPORT __declspec(dllexport)
#else
#define SLIPRING_EXPORT __attribute__((visibility("default")))
#endif

/* The tag of an External that is a `const slipring_source*`: the two halves of a napi_type_tag. */
#define SLIPRING_SOURCE_TAG_LOWER 0x8d5c1f0e6b7a4923ull
#define SLIPRING_SOURCE_TAG_UPPER 0xb1e94a7763f2d058ull

/* One named option. `text` is NUL-terminated and valid until open returns; `text_size` does not count the NUL. */
typedef struct slipring_option {
  const char* name;
  const char* text; /* NULL when the option is an integer */
  size_t text_size;
  int64_t integer; /* 0 when the option is text */
} slipring_option;

typedef struct slipring_options {
  uint32_t struct_size;
  uint32_t item_size; /* sizeof(slipring_option) of the host: the stride of `items` */
  size_t count;
  const slipring_option* items;
} slipring_options;

/*
 * What went wrong, filled by open, start, read or wait when they fail. `number` is an errno value, or 0 when the
 * trouble has none; `syscall` names the call that failed as errno users know it ("open", "read"); `text` is one
 * sentence for a person, in UTF-8. All three reach the JavaScript Error. The host clears the struct before each call.
 */
typedef struct slipring_error {
  uint32_t struct_size;
  int32_t number;
  char syscall[24];
  char text[224];
} slipring_error;

/* What read returns instead of a number of bytes. What it says of losses counts with each of them. */
#define SLIPRING_END 0
#define SLIPRING_FAILED (-1) /* *error is filled */
#define SLIPRING_NOTHING \
  (-2) /* no data, but not the end either: the host calls wait, or pauses if there is none, and reads again */

/*
 * The host's side of a source that pushes. `start` gets one and copies it (`mine = *sink`): what it was given is gone
 * when it returns. The source's thread then repeats
 *
 *   void* room = mine.acquire(&mine, size);
 *   if (room == NULL) ...           there is none, or the stream is over
 *   ... write at most size bytes ...
 *   mine.commit(&mine, length, NULL);
 *
 * One thread at a time may be in these functions, and which one may change. Everything is in order: what was committed
 * first arrives first. None of them calls back into the source.
 *
 * try_acquire, commit and finish are safe on a real-time thread: no lock, no allocation, and no system call but one to
 * wake the producer thread when it sleeps. acquire is, too, unless it waits.
 *
 * After cancel has been called acquire and try_acquire return NULL, and commit sends nothing. When close returns the
 * source must have stopped to call, and to write. Who calls all the same is refused; and what was acquired and never
 * committed is never freed, since it may still be written to.
 */
typedef struct slipring_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void* host;      /* the host's own, as is */
  uint64_t ticket; /* this */
  size_t max_size; /* the most that can be acquired at once, in bytes: the stream's slotSize */

  /*
   * Room for `size` bytes, 1 to max_size, aligned to 64; or NULL. When there is none, the stream's `overflow` decides:
   * with 'block' it waits until there is some, or until cancel; else it returns NULL, and the host counts one lost
   * chunk of `size` bytes, for which the consumer gets a 'gap' event at its place ('strict': an error).
   */
  void* (*acquire)(const struct slipring_sink* sink, size_t size);

  /* Never waits: with 'block' it returns NULL and counts, as acquire does with the other policies. */
  void* (*try_acquire)(const struct slipring_sink* sink, size_t size);

  /*
   * Sends the first `length` bytes of what was acquired; 0 sends nothing, and gives the room back. With `about` NULL
   * they are a part of a stream of bytes: what is waiting is put together into one chunk, up to max_size. With `about`
   * they are a chunk of their own, of which `timestamp`, `user`, `lost`, `lost_bytes`, `record_count` and `record_size`
   * are as in read; a table of records lies within what was acquired. Returns 0, or -1 when the call was refused.
   */
  int32_t (*commit)(const struct slipring_sink* sink, size_t length, const slipring_chunk* about);

  /* The end, after all that was committed: a plain one, or a failure when `error` is not NULL. Once. */
  void (*finish)(const struct slipring_sink* sink, const slipring_error* error);
} slipring_sink;

/*
 * In slipring_source.flags: while the producer thread is in wait, another thread may call read in its place, with
 * SLIPRING_HINT_PROMPT. Two reads never run at once, and none is under way when close is called.
 */
#define SLIPRING_SOURCE_READ_ANYWHERE 1u

/* In slipring_source.flags: the consumer finds between the records what is missing, and needs no 'gap' from the host.
 */
#define SLIPRING_SOURCE_RECORDS 2u

/*
 * In slipring_source.flags: what is not read stays where it is, so that a full ring loses nothing. Then 'strict' is
 * about what the source says it has lost, and no other policy makes sense but 'block'.
 */
#define SLIPRING_SOURCE_CAN_WAIT 8u

typedef struct slipring_source {
  uint32_t struct_size; /* sizeof(slipring_source) */
  uint32_t abi_version; /* SLIPRING_ABI_VERSION */

  /*
   * Producer thread. Sets *self, which every later call receives. Returns 0, or -1 with *error filled; then nothing
   * else is called for this stream. It may take long, but must not wait for something that only cancel could end.
   */
  int32_t (*open)(const slipring_options* options, void** self, slipring_error* error);

  /*
   * Producer thread; NULL when there is start. Fills at most `size` bytes (never 0) at `data`; may block. Returns the
   * number of bytes written, or SLIPRING_END, SLIPRING_FAILED or SLIPRING_NOTHING. With a record_count, 0 is a number
   * of bytes like any other. After cancel it fails without delay; what it says of lost records then still counts.
   */
  int64_t (*read)(void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error);

  /*
   * Any thread, any number of times, and never blocks. Wakes a blocked read or wait, and makes all from now on fail: it
   * is sticky, since it may arrive just before the producer thread enters read.
   */
  void (*cancel)(void* self);

  /*
   * Producer thread, once, after the last read. Frees self and closes what open opened. A source that pushes has always
   * been cancelled by then.
   */
  void (*close)(void* self);

  /*
   * Optional, may be NULL. Producer thread, after open: the descriptor that the data comes from, or -1. It is what
   * stream.fd shows, and what lets one thread wait for many idle sources at once.
   */
  int64_t (*descriptor)(void* self);

  /*
   * Instead of read: producer thread, once, after open. Tells the source's library to begin, and returns without
   * waiting for data: 0, or -1 with *error filled. From here on the source pushes, until finish or close.
   */
  int32_t (*start)(void* self, const slipring_sink* sink, slipring_error* error);

  /*
   * Optional, may be NULL. Producer thread: blocks until there is data, an end or trouble, for read to tell. Returns 0,
   * or SLIPRING_FAILED with *error filled. A source that has it never blocks in read, which returns SLIPRING_NOTHING
   * instead: then the host holds no slot while nothing happens. The host also calls it when all that is missing is a
   * slot: what the source itself holds, an end included, is at hand, and wait returns at once.
   */
  int32_t (*wait)(void* self, slipring_error* error);

  /*
   * Optional, may be NULL. Producer thread, after open: what was opened, in words, such as the address that a socket
   * got. NUL-terminated, and valid until close.
   */
  const char* (*name)(void* self);

  /* Version 1.0 ends here: a table of SLIPRING_SOURCE_SIZE_1_0 bytes is complete. */

  uint32_t flags; /* SLIPRING_SOURCE_...: of the built-in sources; 0 in a plugin, whose flags are not looked at yet */
} slipring_source;

/* The least that struct_size may say: a table of this header, or of any later one, has these fields. */
#define SLIPRING_SOURCE_SIZE_1_0 offsetof(slipring_source, flags)

/* What a plugin defines: exported by this declaration already, also in C++. It must not change once it is loaded. */
SLIPRING_EXPORT extern const slipring_source slipring_source_v1;

#ifdef __cplusplus
}
#endif

#endif
