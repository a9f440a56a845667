/* Where the records of a chunk are: a table behind its data, see slipring_chunk. For sources, and for the host. */
#ifndef SLIPRING_RECORDS_H
#define SLIPRING_RECORDS_H

#include <stdint.h>

/* Where the table begins behind so many bytes of data. */
static inline uint64_t slipring_table_begin(uint64_t length) { return (length + 7) / 8 * 8; }

/* How many bytes so many bytes of data take together with their table. No sum here exceeds 64 bits. */
static inline uint64_t slipring_used_bytes(uint64_t length, uint32_t record_count, uint32_t record_size) {
  if (record_count == 0) return length;
  return slipring_table_begin(length) + (uint64_t)record_count * record_size;
}

#endif
