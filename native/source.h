/* One interface of a running capture: what it is, its counters, and its blocks in the file. */
#ifndef NAGARE_SOURCE_H
#define NAGARE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "interfaces.h"
#include "library.h"
#include "open.h"
#include "options.h"
#include "pcapng.h"

struct counts {
  uint64_t captured;
  uint64_t received;
  uint64_t dropped_by_kernel;
  uint64_t dropped_by_interface;
};

struct source {
  uint32_t index;
  const struct library *library;
  const struct interface_options *options;
  struct opened opened; /* opened.pcap is NULL once it is closed */
  intptr_t wait_handle;
  struct interface_facts facts;
  char *description;
  struct pcapng_address addresses[ADDRESSES_MAX];
  uint32_t address_count;
  struct pcap_statistics last; /* the library counts in 32 bits */
  struct counts counts;
  struct counts at_last_tail; /* what files before this one have told; zeros in the first */
  uint64_t file_start; /* ns since 1970 */
  void *capture;       /* who takes its packets */
  char failure[PCAP_ERROR_SIZE]; /* why it failed; it is read on for a moment, for what had arrived before */
  int64_t failed_ms;
};

/* The library counts packets that the card dropped on Linux only. */
#ifdef __linux__
#define COUNTS_DROPPED_BY_INTERFACE true
#else
#define COUNTS_DROPPED_BY_INTERFACE false
#endif

bool source_open(struct source *source, struct open_problem *problem);
void source_close(struct source *source);
void source_free(struct source *source);

/* Brings the counters up to date; as they were where the library does not answer. */
void source_count(struct source *source);

/* Its entry in `interfaces` of a `started` line, and of a `counts` line. */
void source_describe(const struct source *source, struct json *line);
void source_add_counts(const struct source *source, struct json *line);

/* Its blocks: at the beginning of a file, and at its end the figures since the end of the file before. */
bool source_write_head(struct source *source, struct buffer *out, const char *system);
bool source_write_tail(struct source *source, struct buffer *out);

/* The fields that a `counts` line has for one interface and for all. */
void counts_add(struct json *line, const struct counts *counts);

#endif
