/*
 * Sound as a stream: captures PCM from an ALSA device. Its config, with the defaults:
 *
 *   {"device": "default", "format": "S16_LE", "rate": 48000, "channels": 2, "latency": 500, "frames": 0}
 *
 * `latency`: how much ALSA's buffer holds, in milliseconds; a chunk comes at every quarter of it. `frames`: after how
 * many the stream ends, or 0. What ALSA lost because nobody read in time is a 'gap' of one chunk.
 */
#include <alsa/asoundlib.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <time.h>

#include "slipring/source.h"

typedef struct capture {
  snd_pcm_t* pcm;
  int wake;              /* an eventfd, readable from cancel on */
  atomic_bool cancelled; /* the same, for a read that has data */
  unsigned rate;
  uint64_t frames_left;
  uint64_t lost; /* gaps that no chunk has told of yet */
} capture;

/* The first thing ALSA had to say. It would print it to stderr, which is not a library's. */
static _Thread_local char complaint[224];

static void remember(const char* file, int line, const char* func, int number, const char* format, va_list args) {
  (void)file, (void)line, (void)func, (void)number;
  if (complaint[0] == '\0') vsnprintf(complaint, sizeof complaint, format, args);
}

/* Whether `status`, which is what `call` returned, is a failure. ALSA has numbers of its own, larger than any errno. */
static bool failed(slipring_error* error, const char* call, long status) {
  if (status >= 0) return false;
  error->number = status > -SND_ERROR_BEGIN ? (int32_t)-status : 0;
  snprintf(error->syscall, sizeof error->syscall, "%s", call);
  snprintf(error->text, sizeof error->text, "%s", complaint[0] != '\0' ? complaint : snd_strerror((int)status));
  return true;
}

static const char* config_of(const slipring_options* options) {
  for (size_t i = 0; i < options->count; i++) {
    const slipring_option* const option = (const void*)((const char*)options->items + i * options->item_size);
    if (strcmp(option->name, "config") == 0) return option->text;
  }
  return "{}";
}

/* Opens the device as the config says, and starts it. */
static bool set_up(capture* made, json_t* config, slipring_error* error) {
  made->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (failed(error, "eventfd", made->wake < 0 ? -errno : 0)) return false;
  const char *device = "default", *name = "S16_LE";
  int rate = 48000, channels = 2, latency = 500;
  json_int_t frames = 0;
  json_error_t wrong;
  if (json_unpack_ex(config, &wrong, 0, "{s?s, s?s, s?i, s?i, s?i, s?I}", "device", &device, "format", &name, "rate",
                     &rate, "channels", &channels, "latency", &latency, "frames", &frames) != 0) {
    snprintf(complaint, sizeof complaint, "config: %s", wrong.text);
    return !failed(error, "config", -EINVAL);
  }
  made->rate = (unsigned)rate;
  made->frames_left = frames > 0 ? (uint64_t)frames : UINT64_MAX;
  const snd_pcm_format_t format = snd_pcm_format_value(name);
  if (failed(error, "snd_pcm_format_value", format == SND_PCM_FORMAT_UNKNOWN ? -EINVAL : 0)) return false;
  int status = snd_pcm_open(&made->pcm, device, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK);
  if (failed(error, "snd_pcm_open", status)) return false;
  status = snd_pcm_set_params(made->pcm, format, SND_PCM_ACCESS_RW_INTERLEAVED, (unsigned)channels, made->rate, 1,
                              (unsigned)latency * 1000);
  if (failed(error, "snd_pcm_set_params", status)) return false;
  return !failed(error, "snd_pcm_start", snd_pcm_start(made->pcm));
}

static void close_capture(void* self) {
  capture* const source = self;
  if (source->pcm != NULL) snd_pcm_close(source->pcm);
  close(source->wake);
  free(source);
}

static int32_t open_capture(const slipring_options* options, void** self, slipring_error* error) {
  snd_lib_error_set_local(remember); /* for this thread, which is the stream's own */
  capture* const made = calloc(1, sizeof *made);
  if (failed(error, "calloc", made == NULL ? -ENOMEM : 0)) return SLIPRING_FAILED;
  json_t* const config = json_loads(config_of(options), JSON_DECODE_ANY, NULL);
  const bool is_set_up = set_up(made, config, error);
  json_decref(config);
  complaint[0] = '\0'; /* it is told, or did no harm */
  *self = made;
  if (!is_set_up) close_capture(made);
  return is_set_up ? 0 : SLIPRING_FAILED;
}

/* Never waits, since the PCM was opened so. */
static int64_t read_capture(void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error) {
  capture* const source = self;
  uint64_t frames = (uint64_t)snd_pcm_bytes_to_frames(source->pcm, (ssize_t)size);
  const int refused = atomic_load(&source->cancelled) ? -ECANCELED : frames == 0 ? -EMSGSIZE : 0;
  if (failed(error, "read", refused)) return SLIPRING_FAILED;
  if (source->frames_left == 0) return SLIPRING_END;
  if (frames > source->frames_left) frames = source->frames_left;
  const snd_pcm_sframes_t available = snd_pcm_avail(source->pcm);
  if (available > 0) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const uint64_t age_of_first = (uint64_t)available * 1000000000u / source->rate;
    chunk->timestamp = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec - age_of_first;
    if (frames > (uint64_t)available) frames = (uint64_t)available;
  }
  snd_pcm_sframes_t got = snd_pcm_readi(source->pcm, data, frames);
  if (got == -EPIPE || got == -ESTRPIPE) {
    /* Overrun, or suspended. snd_pcm_recover() may sleep until it is resumed, and nothing could cancel that. */
    source->lost++;
    got = snd_pcm_prepare(source->pcm);
    if (got == 0) got = snd_pcm_start(source->pcm);
  }
  if (got == 0 || got == -EAGAIN) return SLIPRING_NOTHING;
  if (failed(error, "snd_pcm_readi", got)) return SLIPRING_FAILED; /* with ENODEV when it was unplugged */
  source->frames_left -= (uint64_t)got;
  chunk->lost = source->lost;
  source->lost = 0;
  return snd_pcm_frames_to_bytes(source->pcm, got);
}

static int32_t wait_capture(void* self, slipring_error* error) {
  capture* const source = self;
  if (source->frames_left == 0) return 0; /* the end is at hand: the host may wait for a slot, too */
  struct pollfd polled[17] = {{.fd = source->wake, .events = POLLIN}};
  const int count = snd_pcm_poll_descriptors(source->pcm, polled + 1, 16);
  int status = count >= 0 && poll(polled, 1 + (nfds_t)count, -1) < 0 ? -errno : count;
  if (polled[0].revents != 0) status = -ECANCELED;
  if (failed(error, "poll", status)) return SLIPRING_FAILED;
  unsigned short events; /* read finds out, but some PCMs empty their descriptors here */
  snd_pcm_poll_descriptors_revents(source->pcm, polled + 1, (unsigned)count, &events);
  return 0;
}

static void cancel_capture(void* self) {
  capture* const source = self;
  atomic_store(&source->cancelled, true);
  eventfd_write(source->wake, 1);
}

const slipring_source slipring_source_v1 = {
    sizeof(slipring_source), SLIPRING_ABI_VERSION, open_capture,        read_capture,
    cancel_capture,          close_capture,        .wait = wait_capture};
