/*
 * The C interface between slipring and a source of bytes. The built-in sources (file, pattern, udp) implement exactly
 * this table, so it is always complete and always tested.
 *
 * A source is four functions, and a few more if it likes. The host calls, for one stream:
 *
 *   producer thread   open -> read, read, read ... -> close
 *   any thread        cancel, between a successful open and close
 *
 * The host never calls open, read and close of one stream at the same time; cancel may run beside read and wait.
 * Nothing here may throw, longjmp, or call into JavaScript.
 *
 * Every struct starts with its own size, so that fields can be added at its end without breaking a source that was
 * compiled against an older header: a reader looks at struct_size before it touches a field that version 1.0 lacks.
 */
#ifndef SLIPRING_SOURCE_H
#define SLIPRING_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes only when a source compiled against an older header could no longer run. */
#define SLIPRING_ABI_VERSION 1u

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
 * What went wrong, filled by open or read when they fail. `number` is an errno value, or 0 when the trouble has none;
 * `syscall` names the call that failed as errno users know it ("open", "read"); `text` is one sentence for a person.
 * All three reach the JavaScript Error. The host clears the struct before each call.
 */
typedef struct slipring_error {
  uint32_t struct_size;
  int32_t number;
  char syscall[24];
  char text[224];
} slipring_error;

/*
 * In slipring_chunk.hints: the consumer still has chunks to go through. A source that gets its bytes in small pieces
 * may then put several into one chunk, as long as it does not wait for them.
 */
#define SLIPRING_HINT_BEHIND 1u

/*
 * In slipring_chunk.hints: whoever calls must not be kept waiting, whatever others do meanwhile. A read that cannot
 * promise that returns SLIPRING_NOTHING.
 */
#define SLIPRING_HINT_PROMPT 2u

/*
 * In slipring_chunk.flags: the next read has its data at hand, and will not wait for somebody to send it. The host may
 * then wake its consumer once for several chunks. A disk is at hand; a peer is not.
 */
#define SLIPRING_CHUNK_MORE 1u

/*
 * What a source may say about the bytes it just delivered. The host clears the struct before each read, and stamps the
 * time itself when `timestamp` is left 0. `user` is handed to the consumer as it is.
 *
 * A chunk may be a batch of records, such as datagrams. Then a table of `record_count` entries of `record_size` bytes
 * each follows the data in the same memory, at the next multiple of 8; it is not counted in read's return value.
 */
typedef struct slipring_chunk {
  uint32_t struct_size;
  uint32_t hints; /* SLIPRING_HINT_..., set by the host */
  uint32_t flags; /* SLIPRING_CHUNK_... */
  uint32_t record_count;
  uint32_t record_size;
  uint32_t truncated; /* how many records were longer than there was room for */
  uint64_t lost;      /* how many records were lost before they reached the source, since the last read */
  uint64_t timestamp; /* nanoseconds, CLOCK_MONOTONIC */
  uint64_t user;
} slipring_chunk;

/* What read returns instead of a number of bytes. */
#define SLIPRING_END 0
#define SLIPRING_FAILED (-1) /* *error is filled */
#define SLIPRING_NOTHING \
  (-2) /* no data, but not the end either: the host calls wait, if there is one, and reads again */

/* The host's side of a source that pushes from its own thread. Reserved: defined by a later version of this header. */
struct slipring_sink;

/*
 * In slipring_source.flags: while the producer thread is in wait, another thread may call read in its place, with
 * SLIPRING_HINT_PROMPT. Two reads never run at once, and none is under way when close is called.
 */
#define SLIPRING_SOURCE_READ_ANYWHERE 1u

typedef struct slipring_source {
  uint32_t struct_size; /* sizeof(slipring_source) */
  uint32_t abi_version; /* SLIPRING_ABI_VERSION */

  /*
   * Producer thread. Sets *self, which every later call receives. Returns 0, or -1 with *error filled; then nothing
   * else is called for this stream. It may take long, but must not wait for something that only cancel could end.
   */
  int32_t (*open)(const slipring_options* options, void** self, slipring_error* error);

  /*
   * Producer thread. Fills at most `size` bytes (never 0) at `data`; may block. Returns the number of bytes written, or
   * SLIPRING_END, SLIPRING_FAILED or SLIPRING_NOTHING. With a record_count, 0 is a number of bytes like any other.
   * After cancel it fails without delay; what it says of lost records then still counts.
   */
  int64_t (*read)(void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error);

  /*
   * Any thread, any number of times, and never blocks. Wakes a blocked read or wait, and makes all from now on fail: it
   * is sticky, since it may arrive just before the producer thread enters read.
   */
  void (*cancel)(void* self);

  /* Producer thread, once, after the last read. Frees self and closes what open opened. */
  void (*close)(void* self);

  /*
   * Optional, may be NULL. Producer thread, after open: the descriptor that the data comes from, or -1. It is what
   * stream.fd shows, and what lets one thread wait for many idle sources at once.
   */
  int64_t (*descriptor)(void* self);

  /* Optional and reserved: must be NULL. A source that pushes will start here instead of being read. */
  int32_t (*start)(void* self, const struct slipring_sink* sink);

  /*
   * Optional, may be NULL. Producer thread: blocks until there is data, an end or trouble, for read to tell. Returns 0,
   * or SLIPRING_FAILED with *error filled. A source that has it never blocks in read, which returns SLIPRING_NOTHING
   * instead: then the host holds no slot while nothing happens.
   */
  int32_t (*wait)(void* self, slipring_error* error);

  /*
   * Optional, may be NULL. Producer thread, after open: what was opened, in words, such as the address that a socket
   * got. NUL-terminated, and valid until close.
   */
  const char* (*name)(void* self);

  uint32_t flags; /* SLIPRING_SOURCE_... */
} slipring_source;

#ifdef __cplusplus
}
#endif

#endif
