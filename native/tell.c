/* What a running capture says: README.md describes each line. */
#ifdef _WIN32
#include <process.h>
#define getpid _getpid
#else
#include <unistd.h>
#endif

#include "state.h"

void capture_stop(struct capture *capture, enum reason reason)
{
  if (capture->reason == RUNNING) capture->reason = reason;
}

void tell_problem(struct capture *capture, const struct problem *problem, bool is_fatal)
{
  events_error(capture->events, problem, is_fatal);
  if (!is_fatal) return;
  capture->exit = exit_code_of(problem->code);
  capture_stop(capture, FAILED);
}

void tell_started(struct capture *capture)
{
  static const char *const RIGHTS[] = {"none", "files", "monitor", "user"};
  struct json *line = events_begin(capture->events, "started");
  json_string(line, "version", NAGARE_VERSION);
  json_string(line, "library", capture->library->lib_version());
  json_integer(line, "pid", getpid());
  json_unsigned(line, "timeMs", system_time_ns() / 1000000u);
  json_string(line, "rights", RIGHTS[capture->rights]);
  json_open_array(line, "interfaces");
  for (uint32_t i = 0; i < capture->source_count; i++) source_describe(&capture->sources[i], line);
  json_close_array(line);
  events_send(capture->events);
  capture->is_started = true;
}

static void add_file(struct json *line, const struct ring_file *file)
{
  json_string(line, "path", file->path);
  json_unsigned(line, "number", file->number);
}

void tell_file(struct capture *capture, enum ring_happening what, const struct ring_file *file)
{
  static const char *const ACTIONS[] = {"opened", "closed", "removed"};
  if (!capture->is_started) tell_started(capture);
  struct json *line = events_begin(capture->events, "file");
  json_string(line, "action", ACTIONS[what]);
  add_file(line, file);
  if (what == RING_CLOSED) {
    json_unsigned(line, "bytes", file->bytes);
    json_unsigned(line, "packets", file->packets);
  }
  events_send(capture->events);
}

static void add_counts(struct capture *capture, struct json *line)
{
  struct counts all = {.captured = capture->captured};
  for (uint32_t i = 0; i < capture->source_count; i++) {
    source_count(&capture->sources[i]);
    all.received += capture->sources[i].counts.received;
    all.dropped_by_kernel += capture->sources[i].counts.dropped_by_kernel;
    all.dropped_by_interface += capture->sources[i].counts.dropped_by_interface;
  }
  struct ring_file file = ring_current(&capture->ring);
  json_unsigned(line, "timeMs", system_time_ns() / 1000000u);
  counts_add(line, &all);
  json_unsigned(line, "bytes", ring_total_bytes(&capture->ring));
  json_open_object(line, "file");
  add_file(line, &file);
  json_unsigned(line, "bytes", file.bytes);
  json_unsigned(line, "packets", file.packets);
  json_close_object(line);
  json_open_array(line, "interfaces");
  for (uint32_t i = 0; i < capture->source_count; i++) source_add_counts(&capture->sources[i], line);
  json_close_array(line);
}

void tell_counts(struct capture *capture)
{
  capture->counted_ms = system_clock_ms();
  capture->counted_bytes = ring_total_bytes(&capture->ring);
  add_counts(capture, events_begin(capture->events, "counts"));
  events_send_state(capture->events);
}

void tell_stopped(struct capture *capture)
{
  static const char *const REASONS[] = {
      "", "asked", "input-closed", "signal", "packets", "bytes", "seconds", "files", "error",
  };
  struct json *line = events_begin(capture->events, "stopped");
  json_string(line, "reason", REASONS[capture->reason]);
  add_counts(capture, line);
  json_unsigned(line, "files", capture->ring.number);
  events_send(capture->events);
}
