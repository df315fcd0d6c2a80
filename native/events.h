/*
 * JSON lines on standard output. A reader that is slow must not hold up the capture: lines wait in memory until they
 * can be written without waiting, and those that only repeat a state are left out meanwhile.
 */
#ifndef NAGARE_EVENTS_H
#define NAGARE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "json.h"

#define NAGARE_VERSION "0.1.0"

/* Past this many bytes of waiting lines, writing waits for the reader after all. */
#define EVENTS_WAITING_MAX (4u * 1024u * 1024u)

enum exit_code {
  EXIT_AS_ASKED = 0,
  EXIT_INTERNAL = 1,
  EXIT_USAGE = 2,
  EXIT_NO_LIBRARY = 3,
  EXIT_NO_PERMISSION = 4,
  EXIT_INTERFACE = 5,
  EXIT_FILTER = 6,
  EXIT_OUTPUT = 7,
  EXIT_CAPTURE = 8,
};

struct events {
  struct json line;
  char *waiting;
  size_t waiting_length;
  size_t waiting_capacity;
  bool is_closed; /* nobody reads any more */
};

/* What an `error` or `warning` line says; texts that are NULL are left out. */
struct problem {
  const char *code;
  const char *message;
  const char *interface;
  const char *path;
  bool has_place;
  size_t at;
  size_t end;
};

/* Begins a line `{"event":NAME`; more fields are added to `events->line`, then events_send(). */
struct json *events_begin(struct events *events, const char *name);
void events_send(struct events *events);
/* As events_send(), but the line is dropped when older ones still wait. */
void events_send_state(struct events *events);
/* Writes what can be written without waiting; all of it when `wait`. */
void events_flush(struct events *events, bool wait);
void events_free(struct events *events);

void events_error(struct events *events, const struct problem *problem, bool is_fatal);
void events_warning(struct events *events, const char *code, const char *message, const char *interface);

/* The exit code that goes with the code of an error. */
enum exit_code exit_code_of(const char *code);

#endif
