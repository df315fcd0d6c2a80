/* The system's counters of each interface: counters_linux.c, counters_macos.c or counters_windows.c reads them. */
#ifndef NAGARE_COUNTERS_H
#define NAGARE_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "events.h"

struct counters {
  const char *name;
  uint64_t received_packets;
  uint64_t received_bytes;
  uint64_t received_dropped;
  uint64_t received_errors;
  uint64_t sent_packets;
  uint64_t sent_bytes;
  uint64_t sent_dropped;
  uint64_t sent_errors;
};

typedef void counters_each(void *context, const struct counters *counters);

/* False, with errno, where the system does not answer. */
bool counters_read(counters_each *each, void *context);

/* Sends a line of them every `interval_ms`, until standard input ends or a signal comes. */
enum exit_code counters_follow(struct events *events, uint32_t interval_ms);

#endif
