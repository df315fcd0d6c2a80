#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

struct seen {
  char text[512];
};

static void note(void *context, enum capture_command command, const char *text)
{
  static const char *const NAMES[] = {"unknown", "stop", "rotate", "counts", "end"};
  struct seen *seen = context;
  size_t used = strlen(seen->text);
  (void)snprintf(seen->text + used, sizeof seen->text - used, "%s(%.20s) ", NAMES[command], text);
}

static void take(const char *bytes, size_t piece, const char *expected)
{
  struct commands commands = {.is_open = true};
  struct seen seen = {""};
  size_t length = strlen(bytes);
  for (size_t at = 0; at < length; at += piece) {
    commands_take(&commands, bytes + at, length - at < piece ? length - at : piece, note, &seen);
  }
  CHECK_TEXT(seen.text, expected);
}

void test_commands(void)
{
  char long_line[400];
  for (size_t piece = 1; piece < 16; piece++) {
    take("stop\n", piece, "stop(stop) ");
    take("rotate\r\ncounts\n", piece, "rotate(rotate) counts(counts) ");
    take("\n\r\n", piece, "");
    take("halt\nstop", piece, "unknown(halt) ");
    take("stop \n", piece, "unknown(stop ) ");
  }
  /* A line that is too long is refused once, also where it begins with a command. */
  memset(long_line, 'x', sizeof long_line);
  memcpy(long_line, "stop", 4);
  memcpy(long_line + 300, "\nstop\n", 7);
  take(long_line, 7, "unknown(stopxxxxxxxxxxxxxxxx) stop(stop) ");
}
