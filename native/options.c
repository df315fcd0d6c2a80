/* The command line to `struct options`. */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

#define FILES_MAX 100000u
#define FILE_LIMITS "--file-bytes, --file-seconds, --file-interval, --file-packets"
#define SECONDS_MAX 1000000000u /* 31 years; in milliseconds it still fits everywhere */

enum option_id {
  OPTION_INTERFACE,
  OPTION_FILTER,
  OPTION_SNAP_LENGTH,
  OPTION_PROMISCUOUS,
  OPTION_NO_PROMISCUOUS,
  OPTION_MONITOR,
  OPTION_BUFFER,
  OPTION_DIRECTION,
  OPTION_LINK_TYPE,
  OPTION_TIMESTAMP_TYPE,
  OPTION_TIMESTAMP_PRECISION,
  OPTION_IMMEDIATE,
  OPTION_NO_IMMEDIATE,
  OPTION_DESCRIPTION,
  OPTION_WRITE,
  OPTION_STOP_PACKETS,
  OPTION_STOP_BYTES,
  OPTION_STOP_SECONDS,
  OPTION_STOP_FILES,
  OPTION_FILE_BYTES,
  OPTION_FILE_SECONDS,
  OPTION_FILE_INTERVAL,
  OPTION_FILE_PACKETS,
  OPTION_RING_FILES,
  OPTION_COMMENT,
  OPTION_NO_INPUT,
  OPTION_INTERVAL,
};

#define FOR(command) (1u << (command))
#define CAPTURE FOR(COMMAND_CAPTURE)
#define CHECK_FILTER FOR(COMMAND_CHECK_FILTER)
#define COUNTS FOR(COMMAND_COUNTS)

struct option {
  const char *name;
  char letter;
  bool takes_value;
  enum option_id id;
  unsigned commands;
};

static const struct option OPTIONS[] = {
    {"interface", 'i', true, OPTION_INTERFACE, CAPTURE},
    {"filter", 'f', true, OPTION_FILTER, CAPTURE},
    {"snap-length", 's', true, OPTION_SNAP_LENGTH, CAPTURE | CHECK_FILTER},
    {"promiscuous", 0, false, OPTION_PROMISCUOUS, CAPTURE},
    {"no-promiscuous", 'p', false, OPTION_NO_PROMISCUOUS, CAPTURE},
    {"monitor", 'I', false, OPTION_MONITOR, CAPTURE},
    {"buffer", 0, true, OPTION_BUFFER, CAPTURE},
    {"direction", 'Q', true, OPTION_DIRECTION, CAPTURE},
    {"link-type", 'y', true, OPTION_LINK_TYPE, CAPTURE | CHECK_FILTER},
    {"timestamp-type", 'j', true, OPTION_TIMESTAMP_TYPE, CAPTURE},
    {"timestamp-precision", 0, true, OPTION_TIMESTAMP_PRECISION, CAPTURE},
    {"immediate", 0, false, OPTION_IMMEDIATE, CAPTURE},
    {"no-immediate", 0, false, OPTION_NO_IMMEDIATE, CAPTURE},
    {"description", 0, true, OPTION_DESCRIPTION, CAPTURE},
    {"write", 'w', true, OPTION_WRITE, CAPTURE},
    {"stop-packets", 'c', true, OPTION_STOP_PACKETS, CAPTURE},
    {"stop-bytes", 0, true, OPTION_STOP_BYTES, CAPTURE},
    {"stop-seconds", 0, true, OPTION_STOP_SECONDS, CAPTURE},
    {"stop-files", 0, true, OPTION_STOP_FILES, CAPTURE},
    {"file-bytes", 0, true, OPTION_FILE_BYTES, CAPTURE},
    {"file-seconds", 0, true, OPTION_FILE_SECONDS, CAPTURE},
    {"file-interval", 0, true, OPTION_FILE_INTERVAL, CAPTURE},
    {"file-packets", 0, true, OPTION_FILE_PACKETS, CAPTURE},
    {"ring-files", 0, true, OPTION_RING_FILES, CAPTURE},
    {"comment", 0, true, OPTION_COMMENT, CAPTURE},
    {"no-input", 0, false, OPTION_NO_INPUT, CAPTURE},
    {"interval", 0, true, OPTION_INTERVAL, COUNTS},
};

const char OPTIONS_HELP[] =
    "nagare-capture interfaces\n"
    "nagare-capture counts [--interval MILLISECONDS]\n"
    "nagare-capture check-filter [--link-type TYPE] [--snap-length BYTES] [--] EXPRESSION\n"
    "nagare-capture capture -i NAME [options of the interface] ... -w FILE [options of the run]\n"
    "nagare-capture --version | --help\n"
    "\n"
    "Options of an interface (before the first -i: for all):\n"
    "  -f, --filter EXPRESSION        kernel filter\n"
    "  -s, --snap-length BYTES        bytes kept of each packet; 0: the most that there can be\n"
    "  -p, --no-promiscuous           only what is for this machine\n"
    "  -I, --monitor                  monitor mode of a wireless interface\n"
    "      --buffer KIB               kernel buffer\n"
    "  -Q, --direction in|out|both\n"
    "  -y, --link-type NAME|NUMBER\n"
    "  -j, --timestamp-type NAME\n"
    "      --timestamp-precision micro|nano\n"
    "      --immediate                hand over each packet at once\n"
    "      --description TEXT\n"
    "Options of the run:\n"
    "  -w, --write FILE\n"
    "  -c, --stop-packets N, --stop-bytes N, --stop-seconds S, --stop-files N\n"
    "      --file-bytes N, --file-seconds S, --file-interval S, --file-packets N\n"
    "      --ring-files N             keep the newest N files\n"
    "      --comment TEXT             of the file\n"
    "      --no-input                 leave standard input alone (its end ends a capture otherwise)\n"
    "\n"
    "JSON lines on standard output; native/README.md describes them.\n";

/* One option as it stands in the arguments. */
struct given {
  const struct option *option;
  const char *value;
  char *error;
};

static bool refuse(const struct given *given, const char *why)
{
  (void)snprintf(given->error, OPTIONS_ERROR_SIZE, "--%s: %s", given->option->name, why);
  return false;
}

static bool read_number(const struct given *given, uint64_t min, uint64_t max, uint64_t *number)
{
  uint64_t value = 0;
  const char *at = given->value;
  if (*at == '\0') return refuse(given, "a number is missing");
  for (; *at != '\0'; at++) {
    if (*at < '0' || *at > '9') return refuse(given, "this is no decimal number");
    uint64_t digit = (uint64_t)(*at - '0');
    if (value > (max - digit) / 10) return refuse(given, "the number is too large");
    value = value * 10 + digit;
  }
  if (value < min) return refuse(given, "the number is too small");
  *number = value;
  return true;
}

static bool read_u32(const struct given *given, uint32_t max, uint32_t *number)
{
  uint64_t value;
  if (!read_number(given, 0, max, &value)) return false;
  *number = (uint32_t)value;
  return true;
}

static bool read_count(const struct given *given, uint64_t *number)
{
  return read_number(given, 1, UINT64_MAX / 4, number);
}

/* Seconds with up to three digits after the point, as milliseconds. */
static bool read_seconds(const struct given *given, uint64_t *milliseconds)
{
  uint64_t value = 0;
  const char *at = given->value;
  const char *start = at;
  for (; *at >= '0' && *at <= '9'; at++) {
    value = value * 10 + (uint64_t)(*at - '0');
    if (value > SECONDS_MAX) return refuse(given, "the number is too large");
  }
  if (at == start) return refuse(given, "this is no number of seconds");
  value *= 1000;
  if (*at == '.') {
    at++;
    for (uint64_t unit = 100; *at >= '0' && *at <= '9'; at++, unit /= 10) value += (uint64_t)(*at - '0') * unit;
  }
  if (*at != '\0') return refuse(given, "this is no number of seconds");
  if (value == 0) return refuse(given, "the number is too small");
  *milliseconds = value;
  return true;
}

/* One of `count` words; its place is the value. */
static bool read_word(const struct given *given, const char *const *words, size_t count, int *value)
{
  char why[128] = "must be one of";
  for (size_t i = 0; i < count; i++) {
    if (strcmp(words[i], given->value) == 0) {
      *value = (int)i;
      return true;
    }
    size_t used = strlen(why);
    (void)snprintf(why + used, sizeof why - used, " %s", words[i]);
  }
  return refuse(given, why);
}

static bool add_interface(struct options *options, const struct given *given)
{
  if (*given->value == '\0') return refuse(given, "the name is empty");
  size_t size = (options->interface_count + 1) * sizeof *options->interfaces;
  struct interface_options *interfaces = realloc(options->interfaces, size);
  if (interfaces == NULL) return refuse(given, "out of memory");
  options->interfaces = interfaces;
  interfaces[options->interface_count] = options->defaults;
  interfaces[options->interface_count].name = given->value;
  options->interface_count++;
  return true;
}

static bool apply(struct options *options, const struct given *given)
{
  static const char *const DIRECTIONS[] = {"both", "in", "out"};
  static const char *const PRECISIONS[] = {"best", "micro", "nano"};
  struct interface_options *interface =
      options->interface_count == 0 ? &options->defaults : &options->interfaces[options->interface_count - 1];
  struct ring_limits *limits = &options->limits;
  uint64_t number;
  int word;

  switch (given->option->id) {
    case OPTION_INTERFACE: return add_interface(options, given);
    case OPTION_FILTER: interface->filter = given->value; return true;
    case OPTION_SNAP_LENGTH: return read_u32(given, INT32_MAX, &interface->snap_length);
    case OPTION_PROMISCUOUS: interface->is_promiscuous = true; return true;
    case OPTION_NO_PROMISCUOUS: interface->is_promiscuous = false; return true;
    case OPTION_MONITOR: interface->is_monitor = true; return true;
    case OPTION_BUFFER: return read_u32(given, INT32_MAX / 1024, &interface->buffer_kib);
    case OPTION_DIRECTION:
      if (!read_word(given, DIRECTIONS, 3, &word)) return false;
      interface->direction = (enum direction)word;
      return true;
    case OPTION_LINK_TYPE: interface->link_type = given->value; return true;
    case OPTION_TIMESTAMP_TYPE: interface->timestamp_type = given->value; return true;
    case OPTION_TIMESTAMP_PRECISION:
      if (!read_word(given, PRECISIONS, 3, &word)) return false;
      interface->precision = (enum precision)word;
      return true;
    case OPTION_IMMEDIATE: interface->is_immediate = true; return true;
    case OPTION_NO_IMMEDIATE: interface->is_immediate = false; return true;
    case OPTION_DESCRIPTION: interface->description = given->value; return true;
    case OPTION_WRITE: options->write = given->value; return true;
    case OPTION_STOP_PACKETS: return read_count(given, &options->stop_packets);
    case OPTION_STOP_BYTES: return read_count(given, &limits->stop_bytes);
    case OPTION_STOP_SECONDS: return read_seconds(given, &options->stop_ms);
    case OPTION_STOP_FILES: return read_count(given, &limits->stop_files);
    case OPTION_FILE_BYTES: return read_count(given, &limits->file_bytes);
    case OPTION_FILE_SECONDS: return read_seconds(given, &limits->file_ms);
    case OPTION_FILE_INTERVAL: return read_number(given, 1, SECONDS_MAX, &limits->file_interval_s);
    case OPTION_FILE_PACKETS: return read_count(given, &limits->file_packets);
    case OPTION_RING_FILES: return read_number(given, 1, FILES_MAX, &limits->keep_files);
    case OPTION_COMMENT: options->comment = given->value; return true;
    case OPTION_NO_INPUT: options->reads_input = false; return true;
    case OPTION_INTERVAL:
      if (!read_number(given, 10, 3600000, &number)) return false;
      options->interval_ms = (uint32_t)number;
      return true;
  }
  return refuse(given, "unknown");
}

static const struct option *find_long(const char *name, size_t length)
{
  for (size_t i = 0; i < sizeof OPTIONS / sizeof OPTIONS[0]; i++) {
    if (strlen(OPTIONS[i].name) == length && strncmp(OPTIONS[i].name, name, length) == 0) return &OPTIONS[i];
  }
  return NULL;
}

static const struct option *find_letter(char letter)
{
  for (size_t i = 0; i < sizeof OPTIONS / sizeof OPTIONS[0]; i++) {
    if (OPTIONS[i].letter != 0 && OPTIONS[i].letter == letter) return &OPTIONS[i];
  }
  return NULL;
}

/* Reads the option at *at and moves past it: `--name value`, `--name=value`, `-x value`, `-xvalue`. */
static bool take_option(struct options *options, int argc, char **argv, int *at, char *error)
{
  const char *word = argv[*at];
  struct given given = {NULL, NULL, error};
  if (word[1] == '-') {
    const char *equals = strchr(word, '=');
    size_t length = equals == NULL ? strlen(word + 2) : (size_t)(equals - word - 2);
    given.option = find_long(word + 2, length);
    if (equals != NULL) given.value = equals + 1;
  } else {
    given.option = find_letter(word[1]);
    if (word[2] != '\0') given.value = word + 2;
  }
  if (given.option == NULL || (given.option->commands & FOR(options->command)) == 0) {
    (void)snprintf(error, OPTIONS_ERROR_SIZE, "%s: there is no such option here", word);
    return false;
  }
  if (!given.option->takes_value && given.value != NULL) return refuse(&given, "takes no value");
  if (given.option->takes_value && given.value == NULL) {
    if (*at + 1 >= argc) return refuse(&given, "its value is missing");
    given.value = argv[++*at];
  }
  ++*at;
  return apply(options, &given);
}

/* The words from `at` on with a space between them, as tcpdump joins them. */
static bool join_expression(struct options *options, int argc, char **argv, int at, char *error)
{
  size_t size = 1;
  for (int i = at; i < argc; i++) size += strlen(argv[i]) + 1;
  options->expression = malloc(size);
  if (options->expression == NULL) {
    (void)snprintf(error, OPTIONS_ERROR_SIZE, "out of memory");
    return false;
  }
  char *end = options->expression;
  for (int i = at; i < argc; i++) {
    size_t length = strlen(argv[i]);
    if (i > at) *end++ = ' ';
    memcpy(end, argv[i], length);
    end += length;
  }
  *end = '\0';
  return true;
}

static bool check_capture(const struct options *options, char *error)
{
  const struct ring_limits *limits = &options->limits;
  bool has_files = limits->file_bytes != 0 || limits->file_packets != 0 || limits->file_ms != 0 ||
                   limits->file_interval_s != 0;
  const char *wrong = NULL;
  if (options->interface_count == 0) wrong = "--interface is missing";
  else if (options->interface_count > SYSTEM_HANDLES_MAX) wrong = "--interface: so many cannot be captured at once";
  else if (options->write == NULL || *options->write == '\0') wrong = "--write is missing";
  else if (!has_files && limits->keep_files != 0) wrong = "--ring-files needs one of " FILE_LIMITS;
  else if (!has_files && limits->stop_files != 0) wrong = "--stop-files needs one of " FILE_LIMITS;
  if (wrong != NULL) (void)snprintf(error, OPTIONS_ERROR_SIZE, "%s", wrong);
  return wrong == NULL;
}

static bool read_command(struct options *options, const char *word, char *error)
{
  static const struct {
    const char *word;
    enum command command;
  } COMMANDS[] = {
      {"--help", COMMAND_HELP},       {"-h", COMMAND_HELP},
      {"--version", COMMAND_VERSION}, {"interfaces", COMMAND_INTERFACES},
      {"counts", COMMAND_COUNTS},     {"check-filter", COMMAND_CHECK_FILTER},
      {"capture", COMMAND_CAPTURE},
  };
  for (size_t i = 0; word != NULL && i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
    if (strcmp(COMMANDS[i].word, word) == 0) {
      options->command = COMMANDS[i].command;
      return true;
    }
  }
  (void)snprintf(error, OPTIONS_ERROR_SIZE, "the first word must be interfaces, counts, check-filter or capture");
  return false;
}

bool options_parse(struct options *options, int argc, char **argv, char error[OPTIONS_ERROR_SIZE])
{
  memset(options, 0, sizeof *options);
  options->reads_input = true;
  options->interval_ms = 1000;
  options->defaults.is_promiscuous = true;
  if (!read_command(options, argc > 1 ? argv[1] : NULL, error)) return false;

  int at = 2;
  bool is_ended = false;
  while (at < argc && !is_ended) {
    const char *word = argv[at];
    if (strcmp(word, "--") == 0) {
      at++;
      is_ended = true;
    } else if (word[0] == '-' && word[1] != '\0') {
      if (!take_option(options, argc, argv, &at, error)) return false;
    } else {
      is_ended = true;
    }
  }
  if (options->command == COMMAND_CHECK_FILTER) return join_expression(options, argc, argv, at, error);
  if (at < argc) {
    (void)snprintf(error, OPTIONS_ERROR_SIZE, "%s: no word is expected here", argv[at]);
    return false;
  }
  return options->command != COMMAND_CAPTURE || check_capture(options, error);
}

void options_free(struct options *options)
{
  free(options->interfaces);
  free(options->expression);
  options->interfaces = NULL;
  options->expression = NULL;
}
