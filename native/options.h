/* The command line. README.md describes it; OPTIONS in options.c is the one list. */
#ifndef NAGARE_OPTIONS_H
#define NAGARE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ring.h"

enum command {
  COMMAND_HELP,
  COMMAND_VERSION,
  COMMAND_INTERFACES,
  COMMAND_COUNTS,
  COMMAND_CHECK_FILTER,
  COMMAND_CAPTURE
};
enum direction { DIRECTION_BOTH, DIRECTION_IN, DIRECTION_OUT };
enum precision { PRECISION_BEST, PRECISION_MICRO, PRECISION_NANO };

/* Texts point into the arguments. */
struct interface_options {
  const char *name;
  const char *filter;
  const char *description;
  const char *link_type;
  const char *timestamp_type;
  uint32_t snap_length; /* 0: the most that there can be */
  uint32_t buffer_kib;  /* 0: open.c's choice */
  enum direction direction;
  enum precision precision;
  bool is_promiscuous;
  bool is_monitor;
  bool is_immediate;
};

struct options {
  enum command command;
  struct interface_options *interfaces;
  size_t interface_count;
  const char *write;
  const char *comment;
  struct ring_limits limits;
  uint64_t stop_packets;
  uint64_t stop_ms;
  bool reads_input;
  uint32_t interval_ms; /* counts */
  char *expression;     /* check-filter; joined, so it is ours */
  struct interface_options defaults;
};

#define OPTIONS_ERROR_SIZE 512

/* False where the command line is wrong: `error` says in one sentence what is. */
bool options_parse(struct options *options, int argc, char **argv, char error[OPTIONS_ERROR_SIZE]);
void options_free(struct options *options);

extern const char OPTIONS_HELP[];

#endif
