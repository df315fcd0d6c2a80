/*
 * libpcap says what is wrong, but not where. Two ways find the place:
 * - most messages name the word, which then stands in the expression;
 * - for "syntax error": the parser reads words in order. The expression is compiled up to each word, followed by a word
 *   that libpcap refuses with a message of its own: as long as that message comes, what stands before was accepted.
 */
#include "filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Refused by the scanner itself: since libpcap 1.10 numbers past 32 bits, before that a character no word has. */
static const char *const REFUSED[] = {"99999999999", "$"};

#define SINGLES "()[]+*%^"
#define DOUBLES "!&|=<>"

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_one_of(char c, const char *set)
{
  return c != '\0' && strchr(set, c) != NULL;
}

void filter_word(const char *expression, size_t from, size_t *start, size_t *end)
{
  while (is_blank(expression[from])) from++;
  *start = from;
  char first = expression[from];
  if (first == '\0') {
    /* nothing is left */
  } else if (is_one_of(first, SINGLES)) {
    from++;
  } else if (is_one_of(first, DOUBLES)) {
    from++;
    if (expression[from] == '=' || (first != '!' && first != '=' && expression[from] == first)) from++;
  } else {
    const char *at = expression + from;
    while (*at != '\0' && !is_blank(*at) && !is_one_of(*at, SINGLES DOUBLES)) at++;
    from = (size_t)(at - expression);
  }
  *end = from;
}

size_t filter_utf16_length(const char *text, size_t bytes)
{
  size_t units = 0;
  for (size_t i = 0; i < bytes; i++) {
    unsigned char byte = (unsigned char)text[i];
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/* The message for `expression`; empty where it is right. */
static void compile_message(const struct library *library, const struct filter_question *question,
                            const char *expression, char *message, size_t capacity, unsigned *instructions)
{
  struct pcap_program program;
  message[0] = '\0';
  struct pcap *pcap =
      library->open_dead == NULL ? NULL : library->open_dead(question->dlt, question->snap_length);
  if (pcap == NULL) {
    (void)snprintf(message, capacity, "out of memory");
    return;
  }
  if (library->compile(pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0) {
    if (instructions != NULL) *instructions = program.length;
    library->freecode(&program);
  } else {
    const char *why = library->geterr(pcap);
    (void)snprintf(message, capacity, "%s", why[0] == '\0' ? "syntax error" : why);
  }
  library->close(pcap);
}

/* Where `word` stands in the expression as a word, or as a part of one between signs such as `/` and `:`. */
static bool find_word(const char *expression, const char *word, size_t length, size_t *at)
{
  static const char PARTS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  if (length == 0) return false;
  for (const char *found = expression; (found = strstr(found, word)) != NULL; found++) {
    bool is_start = found == expression || !is_one_of(found[-1], PARTS);
    bool is_end = !is_one_of(found[length], PARTS);
    if (is_start && is_end) {
      *at = (size_t)(found - expression);
      return true;
    }
  }
  return false;
}

static bool find_copy(const char *expression, const char *from, size_t length, size_t *at, size_t *end)
{
  char word[PCAP_ERROR_SIZE];
  if (length >= sizeof word) return false;
  memcpy(word, from, length);
  word[length] = '\0';
  if (!find_word(expression, word, length, at)) return false;
  *end = *at + length;
  return true;
}

/* A word between quotes, or a number. */
static bool find_named(const char *expression, const char *message, size_t *at, size_t *end)
{
  for (const char *quote = message; (quote = strpbrk(quote, "'\"")) != NULL; quote++) {
    const char *close = strchr(quote + 1, *quote);
    if (close == NULL) break;
    if (find_copy(expression, quote + 1, (size_t)(close - quote - 1), at, end)) return true;
    quote = close;
  }
  for (const char *digits = message; (digits = strpbrk(digits, "0123456789")) != NULL;) {
    size_t length = strspn(digits, "0123456789.");
    if (find_copy(expression, digits, length, at, end)) return true;
    digits += length;
  }
  return false;
}

static const char *refused_word(const struct library *library, const struct filter_question *question)
{
  char message[PCAP_ERROR_SIZE];
  for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
    compile_message(library, question, REFUSED[i], message, sizeof message, NULL);
    if (strstr(message, REFUSED[i]) != NULL) return REFUSED[i];
  }
  return NULL;
}

/* Compiles the expression up to each word; the first one after which the refused word is not reached is wrong. */
static bool find_by_reading(const struct library *library, const struct filter_question *question, size_t *at,
                            size_t *end)
{
  const char *expression = question->expression;
  const char *refused = refused_word(library, question);
  size_t length = strlen(expression);
  char message[PCAP_ERROR_SIZE];
  char *prefix = refused == NULL ? NULL : malloc(length + strlen(refused) + 2);
  if (prefix == NULL) return false;
  bool found = false;
  size_t from = 0;
  while (!found) {
    filter_word(expression, from, at, end);
    if (*at == *end) break;
    memcpy(prefix, expression, *end);
    prefix[*end] = ' ';
    memcpy(prefix + *end + 1, refused, strlen(refused) + 1);
    compile_message(library, question, prefix, message, sizeof message, NULL);
    found = strstr(message, refused) == NULL;
    from = *end;
  }
  free(prefix);
  if (!found) *at = *end = length;
  return true;
}

bool filter_find_error(const struct library *library, const struct filter_question *question, const char *message,
                       size_t *at, size_t *end)
{
  const char *expression = question->expression;
  bool is_syntax = strstr(message, "syntax error") != NULL;
  bool found = !is_syntax && find_named(expression, message, at, end);
  if (!found) {
    found = find_by_reading(library, question, at, end);
    /* Every word was accepted one after the other: then only a missing one can be told a place. */
    if (found && *at == strlen(expression) && !is_syntax) found = false;
  }
  if (!found) return false;
  *end = filter_utf16_length(expression, *end);
  *at = filter_utf16_length(expression, *at);
  return true;
}

enum exit_code filter_check(const struct library *library, const struct filter_question *question,
                            struct events *events)
{
  char message[PCAP_ERROR_SIZE];
  unsigned instructions = 0;
  compile_message(library, question, question->expression, message, sizeof message, &instructions);
  bool ok = message[0] == '\0';
  size_t at = 0;
  size_t end = 0;
  bool has_place = !ok && filter_find_error(library, question, message, &at, &end);
  struct json *line = events_begin(events, "filter");
  json_boolean(line, "ok", ok);
  if (ok) {
    json_unsigned(line, "instructions", instructions);
  } else {
    json_string(line, "message", message);
    if (has_place) json_unsigned(line, "at", at);
    else json_null(line, "at");
    if (has_place) json_unsigned(line, "end", end);
    else json_null(line, "end");
  }
  events_send(events);
  return ok ? EXIT_AS_ASKED : EXIT_FILTER;
}
