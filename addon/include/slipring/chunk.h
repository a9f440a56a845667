/* What a source says of the bytes that it delivers at once: a chunk of a stream. Comes with source.h. */
#ifndef SLIPRING_CHUNK_H
#define SLIPRING_CHUNK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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
 * In slipring_chunk.flags: where the chunk ends means nothing. With less room it would have ended earlier, and the next
 * read would have got the rest. The host may then give less room than a slot has.
 */
#define SLIPRING_CHUNK_PIECE 2u

/*
 * In slipring_chunk.flags: something was lost right behind this chunk, and nobody knows how much. It is told as `lost`
 * of the next chunk would be, but now, whether or not there ever is one.
 */
#define SLIPRING_CHUNK_LOSS_FOLLOWS 4u

/*
 * In slipring_chunk.flags: what was `lost` are files. They are counted apart, and no chunk's number is missing.
 */
#define SLIPRING_CHUNK_LOST_FILES 8u

/* In slipring_chunk.flags: the chunk is of another file than the last one. No record goes on into it. */
#define SLIPRING_CHUNK_ANOTHER 16u

/*
 * In slipring_chunk.flags: `file`, `offset` and `end` say where the chunk is from. One that does not go on where the
 * last one ended says SLIPRING_CHUNK_ANOTHER as well. Not in what is pushed.
 */
#define SLIPRING_CHUNK_PLACED 32u

/*
 * In slipring_chunk.lost: something was lost, and nobody knows how much. So is any number from 2^53 on.
 */
#define SLIPRING_LOST_UNKNOWN UINT64_MAX

/*
 * What a source may say about the bytes it just delivered. The host clears the struct before each read, and stamps the
 * time itself when `timestamp` is left 0. `user` is handed to the consumer as it is: slot.user, a bigint.
 *
 * A chunk may be a batch of records, such as datagrams. Then a table of `record_count` entries of `record_size` bytes
 * each follows the data in the same memory, at slipring_table_begin(); it is not counted in read's return value.
 */
typedef struct slipring_chunk {
  uint32_t struct_size;
  uint32_t hints; /* SLIPRING_HINT_..., set by the host */
  uint32_t flags; /* SLIPRING_CHUNK_... */
  uint32_t record_count;
  uint32_t record_size;
  uint32_t truncated; /* how many records were longer than there was room for */
  uint64_t lost;      /* how many chunks, or records, were lost just before this one, or SLIPRING_LOST_UNKNOWN: a 'gap'
                         event tells of them */
  uint64_t timestamp; /* nanoseconds, CLOCK_MONOTONIC */
  uint64_t user;
  /* Version 1.0 ends here. */
  uint64_t lost_bytes; /* how many bytes they had, as far as that is known */
  /* Version 1.1 ends here. With SLIPRING_CHUNK_PLACED: */
  uint64_t file[4];  /* which file the chunk is from, in numbers that no other file has */
  uint64_t offset;   /* where its first byte was in that file, less than 2^53 */
  uint64_t end;      /* where in it the next byte is, if not right behind so many as the chunk has */
  uint64_t modified; /* when that file was written to last, in nanoseconds since 1970; 0: nobody knows */
} slipring_chunk;

/* Where the table of records begins behind so many bytes of data. */
static inline uint64_t slipring_table_begin(uint64_t length) { return (length + 7) / 8 * 8; }

/* How many bytes so many bytes of data take together with their table. No sum here exceeds 64 bits. */
static inline uint64_t slipring_used_bytes(uint64_t length, uint32_t record_count, uint32_t record_size) {
  if (record_count == 0) return length;
  return slipring_table_begin(length) + (uint64_t)record_count * record_size;
}

#ifdef __cplusplus
}
#endif

#endif
