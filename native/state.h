/* What a running capture knows; capture.c drives it, tell.c says what happens. */
#ifndef NAGARE_STATE_H
#define NAGARE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "events.h"
#include "library.h"
#include "options.h"
#include "ring.h"
#include "source.h"
#include "system.h"

#define TEXT_SIZE 256

enum reason { RUNNING, ASKED, INPUT_CLOSED, SIGNAL, PACKETS, BYTES, SECONDS, FILES, FAILED };

struct capture {
  const struct library *library;
  const struct options *options;
  struct events *events;
  struct source *sources;
  uint32_t source_count;
  intptr_t *handles;
  struct ring ring;
  enum rights rights;
  char system[TEXT_SIZE];
  char hardware[TEXT_SIZE];
  char application[TEXT_SIZE];
  bool is_started;
  bool has_failed_file; /* nothing more can be written */
  enum reason reason;
  enum exit_code exit;
  uint64_t captured;
  int64_t started_ms;
  int64_t counted_ms; /* when counts were sent last, and what was in the files then */
  uint64_t counted_bytes;
};

/* Ends it for this reason, where it does not end already. */
void capture_stop(struct capture *capture, enum reason reason);

/* An `error` line; a fatal one ends the capture. */
void tell_problem(struct capture *capture, const struct problem *problem, bool is_fatal);

void tell_started(struct capture *capture);
void tell_file(struct capture *capture, enum ring_happening what, const struct ring_file *file);
void tell_counts(struct capture *capture);
void tell_stopped(struct capture *capture);

#endif
