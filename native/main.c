/* nagare-capture: see README.md. */
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "counters.h"
#include "events.h"
#include "filter.h"
#include "interfaces.h"
#include "library.h"
#include "options.h"
#include "system.h"

#define SNAP_LENGTH 262144 /* what a filter is checked with: "all" */

static enum exit_code fail(struct events *events, const char *code, const char *message)
{
  struct problem problem = {.code = code, .message = message};
  events_error(events, &problem, true);
  return exit_code_of(code);
}

static enum exit_code check_filter(const struct library *library, const struct options *options, struct events *events)
{
  const struct interface_options *interface = &options->defaults;
  struct filter_question question = {options->expression, 1, SNAP_LENGTH}; /* 1: Ethernet */
  if (library->open_dead == NULL) return fail(events, "library-missing", "this library cannot check filters");
  if (interface->link_type != NULL) question.dlt = library_link_type(library, interface->link_type);
  if (question.dlt < 0) return fail(events, "option-unsupported", "there is no such link type");
  if (interface->snap_length != 0) question.snap_length = (int)interface->snap_length;
  return filter_check(library, &question, events);
}

static enum exit_code with_library(const struct options *options, struct events *events)
{
  struct library library;
  char error[LIBRARY_ERROR_SIZE];
  if (!library_load(&library, error)) return fail(events, "library-missing", error);
  enum exit_code code = EXIT_INTERNAL;
  if (options->command == COMMAND_INTERFACES) code = interfaces_list(&library, events);
  if (options->command == COMMAND_CHECK_FILTER) code = check_filter(&library, options, events);
  if (options->command == COMMAND_CAPTURE) code = capture_run(&library, options, events);
  library_unload(&library);
  return code;
}

/* Nothing but opening interfaces needs rights. */
static bool give_up_rights(void)
{
  struct rights_wish none = {NULL, false};
  enum rights left;
  return system_drop_rights(&none, &left);
}

static enum exit_code run(const struct options *options, struct events *events)
{
  bool needs_rights = options->command == COMMAND_INTERFACES || options->command == COMMAND_CAPTURE;
  if (!needs_rights && !give_up_rights()) {
    return fail(events, "internal", "the rights of this program cannot be given up");
  }
  switch (options->command) {
    case COMMAND_HELP: return fputs(OPTIONS_HELP, stdout) >= 0 ? EXIT_AS_ASKED : EXIT_INTERNAL;
    case COMMAND_VERSION: return puts("nagare-capture " NAGARE_VERSION) >= 0 ? EXIT_AS_ASKED : EXIT_INTERNAL;
    case COMMAND_COUNTS:
      if (!system_watch_signals()) return fail(events, "internal", "signals cannot be watched");
      return counters_follow(events, options->interval_ms);
    case COMMAND_INTERFACES:
    case COMMAND_CHECK_FILTER:
    case COMMAND_CAPTURE: return with_library(options, events);
  }
  return EXIT_INTERNAL;
}

int main(int argc, char **argv)
{
  struct events events;
  struct options options;
  char error[OPTIONS_ERROR_SIZE];
  memset(&events, 0, sizeof events);
  enum exit_code code;
  if (!system_start(&argc, &argv)) return EXIT_INTERNAL;
  if (options_parse(&options, argc, argv, error)) code = run(&options, &events);
  else code = fail(&events, "usage", error);
  events_flush(&events, true);
  events_free(&events);
  options_free(&options);
  if (fflush(stdout) != 0 && code == EXIT_AS_ASKED) code = EXIT_INTERNAL;
  return (int)code;
}
