#include "options.h"

#include <string.h>

#include "check.h"

#define WORDS_MAX 24

/* Words ended by NULL, after the program's name. */
static bool parse(struct options *options, char error[OPTIONS_ERROR_SIZE], const char *const *words)
{
  char *argv[WORDS_MAX + 1];
  static char copies[WORDS_MAX][128];
  static char program[] = "nagare-capture";
  int argc = 0;
  argv[argc++] = program;
  for (; words[argc - 1] != NULL; argc++) {
    strncpy(copies[argc], words[argc - 1], sizeof copies[argc] - 1);
    argv[argc] = copies[argc];
  }
  error[0] = '\0';
  return options_parse(options, argc, argv, error);
}

#define PARSE(options, error, ...) parse(options, error, (const char *const[]){__VA_ARGS__, NULL})

static void wrong(const char *expected, const char *const *words)
{
  struct options options;
  char error[OPTIONS_ERROR_SIZE];
  CHECK(!parse(&options, error, words));
  CHECK_TEXT(error, expected);
  options_free(&options);
}

#define WRONG(expected, ...) wrong(expected, (const char *const[]){__VA_ARGS__, NULL})

static void test_interfaces_have_their_own(void)
{
  struct options options;
  char error[OPTIONS_ERROR_SIZE];
  CHECK(PARSE(&options, error, "capture", "-s", "96", "--filter=tcp", "-i", "eth0", "-p", "-i", "any", "--snap-length",
              "0", "-f", "udp port 53", "-yLINUX_SLL2", "-w", "out.pcapng"));
  CHECK_NUMBER(options.interface_count, 2);
  CHECK_TEXT(options.interfaces[0].name, "eth0");
  CHECK_TEXT(options.interfaces[0].filter, "tcp");
  CHECK_NUMBER(options.interfaces[0].snap_length, 96);
  CHECK(!options.interfaces[0].is_promiscuous);
  CHECK_TEXT(options.interfaces[1].name, "any");
  CHECK_TEXT(options.interfaces[1].filter, "udp port 53");
  CHECK_NUMBER(options.interfaces[1].snap_length, 0);
  CHECK_TEXT(options.interfaces[1].link_type, "LINUX_SLL2");
  CHECK(options.interfaces[1].is_promiscuous);
  CHECK_TEXT(options.write, "out.pcapng");
  CHECK(options.reads_input);
  options_free(&options);
}

static void test_limits(void)
{
  struct options options;
  char error[OPTIONS_ERROR_SIZE];
  CHECK(PARSE(&options, error, "capture", "-i", "lo", "-w", "x", "--file-seconds", "1.5", "--ring-files", "3", "-c",
              "10", "--stop-seconds", "0.25", "--stop-bytes", "4000000000000", "--buffer", "4096", "-Q", "in", "--immediate",
              "--timestamp-precision", "micro", "--no-input"));
  CHECK_NUMBER(options.limits.file_ms, 1500);
  CHECK_NUMBER(options.limits.keep_files, 3);
  CHECK_NUMBER(options.stop_packets, 10);
  CHECK_NUMBER(options.stop_ms, 250);
  CHECK_NUMBER(options.limits.stop_bytes, UINT64_C(4000000000000));
  CHECK_NUMBER(options.interfaces[0].buffer_kib, 4096);
  CHECK(options.interfaces[0].direction == DIRECTION_IN);
  CHECK(options.interfaces[0].precision == PRECISION_MICRO);
  CHECK(options.interfaces[0].is_immediate);
  CHECK(!options.reads_input);
  options_free(&options);
}

static void test_expression(void)
{
  struct options options;
  char error[OPTIONS_ERROR_SIZE];
  CHECK(PARSE(&options, error, "check-filter", "--link-type", "EN10MB", "tcp", "port", "80"));
  CHECK_TEXT(options.expression, "tcp port 80");
  CHECK_TEXT(options.defaults.link_type, "EN10MB");
  options_free(&options);
  CHECK(PARSE(&options, error, "check-filter", "--", "-x or", "--write"));
  CHECK_TEXT(options.expression, "-x or --write");
  options_free(&options);
  CHECK(PARSE(&options, error, "check-filter"));
  CHECK_TEXT(options.expression, "");
  options_free(&options);
}

void test_options(void)
{
  test_interfaces_have_their_own();
  test_limits();
  test_expression();
  WRONG("the first word must be interfaces, counts, check-filter or capture", "captur");
  WRONG("--interface is missing", "capture", "-w", "x");
  WRONG("--write is missing", "capture", "-i", "lo");
  WRONG("--interface: the name is empty", "capture", "-i", "", "-w", "x");
  WRONG("--write: its value is missing", "capture", "-i", "lo", "-w");
  WRONG("--no-promiscuous: takes no value", "capture", "-i", "lo", "--no-promiscuous=1", "-w", "x");
  WRONG("--wite: there is no such option here", "capture", "-i", "lo", "--wite", "x");
  WRONG("--interval: there is no such option here", "capture", "-i", "lo", "--interval", "5");
  WRONG("--snap-length: this is no decimal number", "capture", "-i", "lo", "-s", "0x10", "-w", "x");
  WRONG("--snap-length: this is no decimal number", "capture", "-i", "lo", "-s", "-1", "-w", "x");
  WRONG("--snap-length: the number is too large", "capture", "-i", "lo", "-s", "2147483648", "-w", "x");
  WRONG("--stop-packets: the number is too small", "capture", "-i", "lo", "-c", "0", "-w", "x");
  WRONG("--stop-packets: the number is too large", "capture", "-i", "lo", "-c", "99999999999999999999", "-w", "x");
  WRONG("--stop-packets: a number is missing", "capture", "-i", "lo", "--stop-packets=", "-w", "x");
  WRONG("--stop-seconds: this is no number of seconds", "capture", "-i", "lo", "--stop-seconds", "1s", "-w", "x");
  WRONG("--stop-seconds: the number is too small", "capture", "-i", "lo", "--stop-seconds", "0.0004", "-w", "x");
  WRONG("--direction: must be one of both in out", "capture", "-i", "lo", "-Q", "up", "-w", "x");
  WRONG("x: no word is expected here", "interfaces", "x");
  WRONG("--ring-files needs one of --file-bytes, --file-seconds, --file-interval, --file-packets", "capture", "-i",
        "lo", "-w", "x", "--ring-files", "2");
}
