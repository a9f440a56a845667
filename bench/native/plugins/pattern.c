/* The words of createPatternStream() with seed 0, made by the same loop as addon/sources/pattern.h has. config: how many
 * bytes, a multiple of 4. */
#include <stdlib.h>
#include <string.h>

#include "slipring/source.h"

typedef struct pattern {
  uint64_t word;
  uint64_t words;
  int cancelled;
} pattern;

static int32_t open_pattern(const slipring_options* options, void** self, slipring_error* error) {
  (void)error;
  pattern* made = calloc(1, sizeof *made);
  made->words = strtoull(options->items[0].text, NULL, 10) / 4;
  *self = made;
  return 0;
}

static int64_t read_pattern(void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error) {
  pattern* const source = self;
  (void)error;
  if (__atomic_load_n(&source->cancelled, __ATOMIC_ACQUIRE)) return SLIPRING_FAILED;
  const uint64_t word = source->word;
  const size_t words = size / 4 < source->words - word ? size / 4 : source->words - word;
  unsigned char* const out = data;
  for (size_t i = 0; i < words; i++) {
    const uint64_t w = word + i;
    const uint32_t x = (uint32_t)w * 0x9E3779B1u + (uint32_t)(w >> 32) * 0x85EBCA6Bu;
    const uint32_t value = x ^ (x >> 16);
    memcpy(out + 4 * i, &value, 4);
  }
  source->word += words;
  chunk->flags |= SLIPRING_CHUNK_MORE;
  return (int64_t)(4 * words);
}

static void cancel_pattern(void* self) { __atomic_store_n(&((pattern*)self)->cancelled, 1, __ATOMIC_RELEASE); }

const slipring_source slipring_source_v1 = {
    .struct_size = sizeof(slipring_source),
    .abi_version = SLIPRING_ABI_VERSION,
    .open = open_pattern,
    .read = read_pattern,
    .cancel = cancel_pattern,
    .close = free,
};
