/* Commands on standard input. */
#include "commands.h"

#include <string.h>

#include "system.h"

static void hand_over(struct commands *commands, commands_each *each, void *context)
{
  static const struct {
    const char *word;
    enum capture_command command;
  } COMMANDS[] = {{"stop", CAPTURE_STOP}, {"rotate", CAPTURE_ROTATE}, {"counts", CAPTURE_COUNTS}};
  size_t length = commands->length;
  if (length > 0 && commands->line[length - 1] == '\r') length--;
  commands->line[length] = '\0';
  enum capture_command command = CAPTURE_UNKNOWN;
  for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
    if (strcmp(commands->line, COMMANDS[i].word) == 0) command = COMMANDS[i].command;
  }
  if (commands->is_too_long) command = CAPTURE_UNKNOWN;
  if (commands->is_too_long || length > 0) each(context, command, commands->line);
  commands->length = 0;
  commands->is_too_long = false;
}

void commands_take(struct commands *commands, const char *bytes, size_t count, commands_each *each, void *context)
{
  for (size_t i = 0; i < count; i++) {
    if (bytes[i] == '\n') hand_over(commands, each, context);
    else if (commands->length < sizeof commands->line - 1) commands->line[commands->length++] = bytes[i];
    else commands->is_too_long = true;
  }
}

void commands_read(struct commands *commands, commands_each *each, void *context)
{
  char bytes[1024];
  size_t count = 0;
  enum input_state state = system_read_input(bytes, sizeof bytes, &count);
  if (state == INPUT_BYTES) commands_take(commands, bytes, count, each, context);
  if (state != INPUT_END) return;
  commands->is_open = false;
  each(context, CAPTURE_END, "");
}
