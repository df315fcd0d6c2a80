/* JSON lines on standard output. */
#include "events.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

#define CHUNK 4096u /* a pipe that is ready takes so much at once (POSIX: PIPE_BUF, 512 at least, 4096 on Linux) */

struct json *events_begin(struct events *events, const char *name)
{
  json_clear(&events->line);
  json_open_object(&events->line, NULL);
  json_string(&events->line, "event", name);
  return &events->line;
}

static void write_waiting(struct events *events, bool wait)
{
  size_t written = 0;
  while (written < events->waiting_length && !events->is_closed && (wait || system_output_ready())) {
    size_t count = events->waiting_length - written;
    int64_t done = system_write_output(events->waiting + written, count < CHUNK ? count : CHUNK);
    if (done < 0) events->is_closed = true;
    else written += (size_t)done;
  }
  if (events->is_closed) written = events->waiting_length;
  if (written == 0) return;
  memmove(events->waiting, events->waiting + written, events->waiting_length - written);
  events->waiting_length -= written;
}

static bool append(struct events *events)
{
  struct json *line = &events->line;
  json_close_object(line);
  json_end_line(line);
  if (line->failed) return false;
  size_t needed = events->waiting_length + line->length;
  if (needed > events->waiting_capacity) {
    size_t capacity = needed * 2;
    char *waiting = realloc(events->waiting, capacity);
    if (waiting == NULL) return false;
    events->waiting = waiting;
    events->waiting_capacity = capacity;
  }
  memcpy(events->waiting + events->waiting_length, line->text, line->length);
  events->waiting_length = needed;
  return true;
}

void events_send(struct events *events)
{
  if (events->is_closed) return;
  /* Without memory the reader would wait for a line that never comes; the end of the output tells it. */
  if (!append(events)) events->is_closed = true;
  write_waiting(events, events->waiting_length > EVENTS_WAITING_MAX);
}

void events_send_state(struct events *events)
{
  write_waiting(events, false);
  if (events->waiting_length == 0) events_send(events);
}

void events_flush(struct events *events, bool wait)
{
  write_waiting(events, wait);
}

void events_free(struct events *events)
{
  json_free(&events->line);
  free(events->waiting);
  memset(events, 0, sizeof *events);
}

static void describe(struct json *line, const struct problem *problem)
{
  json_string(line, "code", problem->code);
  json_string(line, "message", problem->message);
  if (problem->interface != NULL) json_string(line, "interface", problem->interface);
  if (problem->path != NULL) json_string(line, "path", problem->path);
  if (problem->has_place) {
    json_unsigned(line, "at", problem->at);
    json_unsigned(line, "end", problem->end);
  }
}

void events_error(struct events *events, const struct problem *problem, bool is_fatal)
{
  struct json *line = events_begin(events, "error");
  describe(line, problem);
  json_boolean(line, "fatal", is_fatal);
  events_send(events);
}

void events_warning(struct events *events, const char *code, const char *message, const char *interface)
{
  struct problem problem = {.code = code, .message = message, .interface = interface};
  describe(events_begin(events, "warning"), &problem);
  events_send(events);
}

enum exit_code exit_code_of(const char *code)
{
  static const struct {
    const char *code;
    enum exit_code exit;
  } CODES[] = {
      {"usage", EXIT_USAGE},
      {"library-missing", EXIT_NO_LIBRARY},
      {"permission", EXIT_NO_PERMISSION},
      {"no-device", EXIT_INTERFACE},
      {"interface-down", EXIT_INTERFACE},
      {"option-unsupported", EXIT_INTERFACE},
      {"open-failed", EXIT_INTERFACE},
      {"filter", EXIT_FILTER},
      {"write-failed", EXIT_OUTPUT},
      {"disk-full", EXIT_OUTPUT},
      {"device-gone", EXIT_CAPTURE},
      {"read-failed", EXIT_CAPTURE},
  };
  for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
    if (strcmp(CODES[i].code, code) == 0) return CODES[i].exit;
  }
  return EXIT_INTERNAL;
}
