/* The files of a capture: names, limits, writing, cutting back. */
#include "ring.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

/* One call for so many bytes: large enough that calls do not count, small enough to stay in the processor's cache. */
#define WRITE_SIZE (256u * 1024u)
#define PATH_MORE 40u /* what a number and a time add to a path */

void ring_start(struct ring *ring, const char *path, const struct ring_limits *limits, const struct ring_owner *owner)
{
  memset(ring, 0, sizeof *ring);
  ring->limits = *limits;
  ring->owner = *owner;
  ring->template_path = path;
  ring->is_numbered =
      limits->file_bytes != 0 || limits->file_packets != 0 || limits->file_ms != 0 || limits->file_interval_s != 0;
  ring->file = -1;
}

void ring_free(struct ring *ring)
{
  for (uint64_t i = 0; i < ring->kept_count; i++) free(ring->kept[(ring->kept_first + i) % ring->limits.keep_files]);
  free(ring->kept);
  free(ring->path);
  buffer_free(&ring->waiting);
  ring->kept = NULL;
  ring->path = NULL;
  ring->kept_count = 0;
}

static enum ring_result fail(struct ring *ring, int error)
{
  ring->error = error;
  return system_is_full(error) ? RING_FULL : RING_FAILED;
}

/* Where the ending of a file's name begins: `.pcapng` in `a.b/c.pcapng`, the end where there is none. */
static size_t ending_at(const char *path)
{
  size_t length = strlen(path);
  for (size_t i = length; i > 0; i--) {
    char c = path[i - 1];
    if (c == '/' || c == '\\') break;
    if (c == '.' && i >= 2 && path[i - 2] != '/' && path[i - 2] != '\\') return i - 1;
  }
  return length;
}

static char *file_path(const struct ring *ring, uint64_t number, time_t now)
{
  size_t size = strlen(ring->template_path) + PATH_MORE;
  char *path = malloc(size);
  if (path == NULL) return NULL;
  if (!ring->is_numbered) {
    memcpy(path, ring->template_path, strlen(ring->template_path) + 1);
    return path;
  }
  struct tm local;
  char when[20] = "00000000000000";
  if (system_local_time(now, &local)) (void)strftime(when, sizeof when, "%Y%m%d%H%M%S", &local);
  size_t ending = ending_at(ring->template_path);
  (void)snprintf(path, size, "%.*s_%05" PRIu64 "_%s%s", (int)ending, ring->template_path, number, when,
                 ring->template_path + ending);
  return path;
}

struct ring_file ring_current(const struct ring *ring)
{
  struct ring_file file = {ring->path, ring->number, ring->flushed, ring->packets - ring->waiting_packets};
  return file;
}

uint64_t ring_total_bytes(const struct ring *ring)
{
  return ring->closed_bytes + ring->flushed;
}

bool ring_has_waiting(const struct ring *ring)
{
  return ring->waiting.length > 0;
}

/* Removes the oldest file when one more than are kept would be there. */
static bool keep(struct ring *ring, const char *path)
{
  uint64_t keep_files = ring->limits.keep_files;
  if (keep_files == 0 || !ring->is_numbered) return true;
  if (ring->kept == NULL) {
    if (keep_files > SIZE_MAX / sizeof *ring->kept) return false;
    ring->kept = calloc((size_t)keep_files, sizeof *ring->kept);
    if (ring->kept == NULL) return false;
  }
  if (ring->kept_count == keep_files) {
    char *oldest = ring->kept[ring->kept_first];
    struct ring_file file = {oldest, ring->number - keep_files, 0, 0};
    /* One that somebody moved away is no failure: it is not there, which was wanted. */
    if (system_remove(oldest)) ring->owner.happened(ring->owner.context, RING_REMOVED, &file);
    free(oldest);
    ring->kept_first = (ring->kept_first + 1) % keep_files;
    ring->kept_count--;
  }
  size_t size = strlen(path) + 1;
  char *copy = malloc(size);
  if (copy == NULL) return false;
  memcpy(copy, path, size);
  ring->kept[(ring->kept_first + ring->kept_count) % keep_files] = copy;
  ring->kept_count++;
  return true;
}

enum ring_result ring_open(struct ring *ring)
{
  time_t now = (time_t)(system_time_ns() / 1000000000u);
  char *path = file_path(ring, ring->number + 1, now);
  if (path == NULL) return fail(ring, ENOMEM);
  free(ring->path);
  ring->path = path;
  ring->number++;
  ring->closed_bytes += ring->flushed;
  ring->flushed = 0;
  ring->packets = 0;
  ring->waiting_packets = 0;
  ring->opened_ms = system_clock_ms();
  ring->flushed_ms = ring->opened_ms;
  if (ring->limits.file_interval_s != 0) ring->interval = (uint64_t)now / ring->limits.file_interval_s;
  if (!keep(ring, path)) return fail(ring, ENOMEM);
  ring->file = system_create(path);
  if (ring->file < 0) return fail(ring, errno);
  ring->waiting.length = 0;
  if (!ring->owner.head(ring->owner.context, &ring->waiting)) return fail(ring, ENOMEM);
  enum ring_result result = ring_flush(ring);
  if (result != RING_OK) {
    /* Not even the beginning fitted: there is no file rather than one that no reader knows. */
    (void)system_close(ring->file);
    (void)system_remove(path);
    ring->file = -1;
    ring->flushed = 0;
    return result;
  }
  struct ring_file file = ring_current(ring);
  ring->owner.happened(ring->owner.context, RING_OPENED, &file);
  return RING_OK;
}

enum ring_result ring_flush(struct ring *ring)
{
  size_t written = 0;
  ring->flushed_ms = system_clock_ms();
  while (written < ring->waiting.length) {
    int64_t count = system_write(ring->file, ring->waiting.bytes + written, ring->waiting.length - written);
    if (count <= 0) {
      int error = count < 0 ? errno : ENOSPC;
      size_t whole = pcapng_whole_blocks(ring->waiting.bytes, written);
      /* Nothing can be said when even cutting fails: the file ends inside a block, which readers know to stop at. */
      (void)system_truncate(ring->file, ring->flushed + whole);
      ring->flushed += whole;
      ring->packets -= ring->waiting_packets - pcapng_count_packets(ring->waiting.bytes, whole, PCAPNG_ALL);
      ring->waiting_packets = 0;
      ring->owner.lost(ring->owner.context, ring->waiting.bytes + whole, ring->waiting.length - whole);
      ring->waiting.length = 0;
      return fail(ring, error);
    }
    written += (size_t)count;
  }
  ring->flushed += written;
  ring->waiting.length = 0;
  ring->waiting_packets = 0;
  return RING_OK;
}

/* The end of a file after a failure may not fit: then it is left out, and the file ends with a packet. */
enum ring_result ring_close(struct ring *ring)
{
  if (ring->file < 0) return RING_OK;
  enum ring_result result = ring_flush(ring);
  if (ring->owner.tail(ring->owner.context, &ring->waiting)) {
    enum ring_result of_tail = ring_flush(ring);
    if (result == RING_OK) result = of_tail;
  } else if (result == RING_OK) {
    result = fail(ring, ENOMEM);
  }
  ring->waiting.length = 0;
  if (!system_close(ring->file) && result == RING_OK) result = fail(ring, errno);
  ring->file = -1;
  struct ring_file file = ring_current(ring);
  ring->owner.happened(ring->owner.context, RING_CLOSED, &file);
  return result;
}

static enum ring_result next_file(struct ring *ring)
{
  if (ring->limits.stop_files != 0 && ring->number >= ring->limits.stop_files) return RING_LIMIT_FILES;
  enum ring_result result = ring_close(ring);
  return result == RING_OK ? ring_open(ring) : result;
}

static bool is_over(const struct ring *ring, uint64_t more, uint64_t before, uint64_t limit)
{
  return limit != 0 && before + ring->flushed + ring->waiting.length + more + ring->owner.tail_size > limit;
}

/* Hot: once per packet. The first packet of a file is written even where the limit is smaller than it. */
enum ring_result ring_packet(struct ring *ring, const struct pcapng_packet *packet)
{
  const struct ring_limits *limits = &ring->limits;
  uint64_t size = pcapng_packet_size(packet->captured_length);
  bool is_file_full = is_over(ring, size, 0, limits->file_bytes) ||
                      (limits->file_packets != 0 && ring->packets >= limits->file_packets);
  if (is_file_full && ring->packets > 0) {
    enum ring_result result = next_file(ring);
    if (result != RING_OK) return result;
  }
  bool is_first = ring->packets == 0 && ring->number == 1;
  if (!is_first && is_over(ring, size, ring->closed_bytes, limits->stop_bytes)) return RING_LIMIT_BYTES;
  if (ring->waiting.length >= WRITE_SIZE) {
    enum ring_result result = ring_flush(ring);
    if (result != RING_OK) return result;
  }
  if (!pcapng_packet(&ring->waiting, packet)) return fail(ring, ENOMEM);
  ring->packets++;
  ring->waiting_packets++;
  return RING_OK;
}

static int64_t ms_to_next_interval(const struct ring *ring)
{
  uint64_t period = ring->limits.file_interval_s * 1000u;
  uint64_t now = system_time_ns() / 1000000u;
  if (now / period != ring->interval) return 0;
  return (int64_t)(period - now % period);
}

int64_t ring_due_ms(const struct ring *ring)
{
  int64_t due = -1;
  if (ring->limits.file_ms != 0) {
    due = ring->opened_ms + (int64_t)ring->limits.file_ms - system_clock_ms();
    if (due < 0) due = 0;
  }
  if (ring->limits.file_interval_s != 0) {
    int64_t interval = ms_to_next_interval(ring);
    if (due < 0 || interval < due) due = interval;
  }
  return due;
}

enum ring_result ring_turn(struct ring *ring, bool asked)
{
  if (!ring->is_numbered || (!asked && ring_due_ms(ring) != 0)) return RING_OK;
  return next_file(ring);
}
