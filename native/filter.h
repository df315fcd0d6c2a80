/* Capture filters (pcap-filter(7)): whether one is right, and where it is not. */
#ifndef NAGARE_FILTER_H
#define NAGARE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "events.h"
#include "library.h"

struct filter_question {
  const char *expression;
  int dlt;
  int snap_length;
};

/* The place of the error that `message` speaks of, in UTF-16 units; false where it cannot be told. */
bool filter_find_error(const struct library *library, const struct filter_question *question, const char *message,
                       size_t *at, size_t *end);

/* Sends the `filter` line. */
enum exit_code filter_check(const struct library *library, const struct filter_question *question,
                            struct events *events);

/* Where the word at `from` begins and ends, as far as blanks and operators tell; both the length at the end. */
void filter_word(const char *expression, size_t from, size_t *start, size_t *end);

/* Bytes of UTF-8 as units of UTF-16. */
size_t filter_utf16_length(const char *text, size_t bytes);

#endif
