/* Commands on standard input, one a line. */
#ifndef NAGARE_COMMANDS_H
#define NAGARE_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

enum capture_command { CAPTURE_UNKNOWN, CAPTURE_STOP, CAPTURE_ROTATE, CAPTURE_COUNTS, CAPTURE_END };

struct commands {
  bool is_open;
  bool is_too_long; /* of a line that does not fit, the rest is passed over */
  char line[64];
  size_t length;
};

/* `text` is the line that was not understood, for CAPTURE_UNKNOWN, and the command's name else. */
typedef void commands_each(void *context, enum capture_command command, const char *text);

/* Hands over the commands that have come; never waits. CAPTURE_END is the last. */
void commands_read(struct commands *commands, commands_each *each, void *context);

/* The same for bytes that were read. */
void commands_take(struct commands *commands, const char *bytes, size_t count, commands_each *each, void *context);

#endif
