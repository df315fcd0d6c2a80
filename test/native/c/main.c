/* Runs the tests of one part: its name is the argument. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "system.h"

static unsigned checked = 0;
static unsigned failed = 0;

bool check_that(bool condition, const char *what, const char *file, int line)
{
  checked++;
  if (condition) return true;
  failed++;
  (void)fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
  return false;
}

bool check_text(const char *actual, const char *expected, const char *file, int line)
{
  checked++;
  if (actual != NULL && strcmp(actual, expected) == 0) return true;
  failed++;
  const char *shown = actual == NULL ? "(nothing)" : actual;
  (void)fprintf(stderr, "%s:%d: is       %s\n  should be %s\n", file, line, shown, expected);
  return false;
}

bool check_number(uint64_t actual, uint64_t expected, const char *what, const char *file, int line)
{
  checked++;
  if (actual == expected) return true;
  failed++;
  (void)fprintf(stderr, "%s:%d: %s is %" PRIu64 ", should be %" PRIu64 "\n", file, line, what, actual, expected);
  return false;
}

int main(int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test)(void);
  } TESTS[] = {
      {"json", test_json},         {"options", test_options}, {"pcapng", test_pcapng}, {"ring", test_ring},
      {"commands", test_commands}, {"filter", test_filter},   {"events", test_events},
  };
  if (!system_start(&argc, &argv)) return 1;
  for (size_t i = 0; argc == 2 && i < sizeof TESTS / sizeof TESTS[0]; i++) {
    if (strcmp(TESTS[i].name, argv[1]) == 0) TESTS[i].test();
  }
  (void)printf("%u checks, %u failed\n", checked, failed);
  return checked > 0 && failed == 0 ? 0 : 1;
}
