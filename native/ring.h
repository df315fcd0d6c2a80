/*
 * The files of a capture: one, several, or a ring of which the newest are kept. Collects blocks in memory, writes
 * whole blocks only, begins the next file when a limit is reached, and cuts a file back to its last whole block when a
 * write fails.
 */
#ifndef NAGARE_RING_H
#define NAGARE_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "pcapng.h"

/* 0: no limit. */
struct ring_limits {
  uint64_t file_bytes;
  uint64_t file_packets;
  uint64_t file_ms;
  uint64_t file_interval_s; /* of the clock: the hour is 3600 */
  uint64_t keep_files;      /* older ones are removed */
  uint64_t stop_files;
  uint64_t stop_bytes; /* over all files */
};

enum ring_happening { RING_OPENED, RING_CLOSED, RING_REMOVED };

struct ring_file {
  const char *path;
  uint64_t number; /* from 1 */
  uint64_t bytes;  /* whole blocks in the file */
  uint64_t packets; /* in those blocks */
};

/* What stands at the beginning and at the end of each file is its owner's. */
struct ring_owner {
  void *context;
  bool (*head)(void *context, struct buffer *out);
  bool (*tail)(void *context, struct buffer *out);
  uint64_t tail_size; /* the most that tail() appends */
  /* These whole blocks were to be written and cannot be. */
  void (*lost)(void *context, const uint8_t *blocks, size_t length);
  void (*happened)(void *context, enum ring_happening what, const struct ring_file *file);
};

enum ring_result { RING_OK, RING_FULL, RING_FAILED, RING_LIMIT_FILES, RING_LIMIT_BYTES };

struct ring {
  struct ring_limits limits;
  struct ring_owner owner;
  const char *template_path;
  bool is_numbered;
  int file; /* -1: none is open */
  char *path;
  uint64_t number;
  uint64_t flushed; /* bytes of this file that are written */
  uint64_t packets; /* of this file, written or waiting */
  uint64_t waiting_packets;
  uint64_t closed_bytes; /* of the files before this one */
  int64_t opened_ms;
  uint64_t interval; /* which one of file_interval_s this file belongs to */
  int64_t flushed_ms;
  struct buffer waiting;
  char **kept; /* the paths of the newest files, a ring itself */
  uint64_t kept_first;
  uint64_t kept_count;
  int error; /* errno of the write that failed */
};

void ring_start(struct ring *ring, const char *path, const struct ring_limits *limits, const struct ring_owner *owner);

/* Each returns RING_OK, or why nothing more will be written; the file is then still to be closed. */
enum ring_result ring_open(struct ring *ring);
/* RING_LIMIT_...: the packet is not written. */
enum ring_result ring_packet(struct ring *ring, const struct pcapng_packet *packet);
/* Begins the next file where time says so, or when `asked`. */
enum ring_result ring_turn(struct ring *ring, bool asked);
enum ring_result ring_flush(struct ring *ring);

/* Milliseconds until ring_turn() has something to do; -1: never. */
int64_t ring_due_ms(const struct ring *ring);
bool ring_has_waiting(const struct ring *ring);
/* The current file, as a reader finds it. */
struct ring_file ring_current(const struct ring *ring);
uint64_t ring_total_bytes(const struct ring *ring);

/* Writes the end of the file (after a failure, what of it fits) and closes it. */
enum ring_result ring_close(struct ring *ring);
void ring_free(struct ring *ring);

#endif
