/* Opening one interface as its options ask. */
#ifndef NAGARE_OPEN_H
#define NAGARE_OPEN_H

#include <stdbool.h>
#include <stdint.h>

#include "events.h"
#include "library.h"
#include "options.h"

#define PROBLEM_SIZE 768

/* `code` is one of README's codes of errors, NULL where there is no problem. */
struct open_problem {
  const char *code;
  char message[PROBLEM_SIZE];
  bool has_place;
  size_t at;
  size_t end;
};

struct opened {
  struct pcap *pcap;
  int dlt;
  uint32_t snap_length;
  bool is_nano;
  const char *timestamp_type;
  char warning[PROBLEM_SIZE]; /* of the library; empty: none */
};

/* False with `problem`; then nothing is open. */
bool open_interface(const struct library *library, const struct interface_options *options, struct opened *opened,
                    struct open_problem *problem);

/* What a negative status of the library means. */
void open_describe(const struct library *library, struct pcap *pcap, int status, struct open_problem *problem);

#endif
