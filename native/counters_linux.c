/* Linux: /proc/net/dev, one line for each interface: name, a colon, eight counters received, eight sent (proc(5)). */
#include "counters.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { PACKETS = 1, ERRORS = 2, DROPPED = 3, SENT = 8, COLUMNS = 16 };

static bool read_line(char *line, struct counters *counters)
{
  uint64_t values[COLUMNS];
  char *colon = strrchr(line, ':');
  if (colon == NULL) return false;
  *colon = '\0';
  char *at = colon + 1;
  for (int i = 0; i < COLUMNS; i++) {
    char *end;
    values[i] = strtoull(at, &end, 10);
    if (end == at) return false;
    at = end;
  }
  counters->name = line + strspn(line, " ");
  counters->received_bytes = values[0];
  counters->received_packets = values[PACKETS];
  counters->received_errors = values[ERRORS];
  counters->received_dropped = values[DROPPED];
  counters->sent_bytes = values[SENT];
  counters->sent_packets = values[SENT + PACKETS];
  counters->sent_errors = values[SENT + ERRORS];
  counters->sent_dropped = values[SENT + DROPPED];
  return true;
}

bool counters_read(counters_each *each, void *context)
{
  char line[1024];
  FILE *file = fopen("/proc/net/dev", "re");
  if (file == NULL) return false;
  while (fgets(line, sizeof line, file) != NULL) {
    struct counters counters;
    if (read_line(line, &counters)) each(context, &counters); /* the two heading lines have no numbers */
  }
  bool ok = ferror(file) == 0;
  (void)fclose(file);
  if (!ok) errno = EIO;
  return ok;
}
