/* JSON text: escaping and UTF-8 (RFC 8259 7 and 8.1, RFC 3629 4). */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(struct json *json, const char *bytes, size_t count)
{
  if (json->failed) return;
  if (count >= json->capacity - json->length) {
    size_t capacity = json->capacity == 0 ? 1024 : json->capacity;
    while (count >= capacity - json->length) {
      if (capacity > SIZE_MAX / 2) {
        json->failed = true;
        return;
      }
      capacity *= 2;
    }
    char *text = realloc(json->text, capacity);
    if (text == NULL) {
      json->failed = true;
      return;
    }
    json->text = text;
    json->capacity = capacity;
  }
  memcpy(json->text + json->length, bytes, count);
  json->length += count;
  json->text[json->length] = '\0';
}

static void append_text(struct json *json, const char *text)
{
  append(json, text, strlen(text));
}

void json_clear(struct json *json)
{
  json->length = 0;
  json->needs_comma = false;
  json->failed = false;
}

void json_free(struct json *json)
{
  free(json->text);
  memset(json, 0, sizeof *json);
}

/* The length of the UTF-8 sequence at `at`, 0 where there is none: no surrogates, nothing longer than it must be. */
static size_t utf8_length(const unsigned char *at)
{
  if (at[0] < 0x80) return 1;
  size_t length;
  if (at[0] >= 0xc2 && at[0] <= 0xdf) length = 2;
  else if (at[0] >= 0xe0 && at[0] <= 0xef) length = 3;
  else if (at[0] >= 0xf0 && at[0] <= 0xf4) length = 4;
  else return 0;
  for (size_t i = 1; i < length; i++) {
    if ((at[i] & 0xc0) != 0x80) return 0; /* also where the text ends */
  }
  if (at[0] == 0xe0 && at[1] < 0xa0) return 0;
  if (at[0] == 0xed && at[1] > 0x9f) return 0;
  if (at[0] == 0xf0 && at[1] < 0x90) return 0;
  if (at[0] == 0xf4 && at[1] > 0x8f) return 0;
  return length;
}

static void append_quoted(struct json *json, const char *value)
{
  append_text(json, "\"");
  const unsigned char *at = (const unsigned char *)value;
  while (*at != 0) {
    size_t length = utf8_length(at);
    if (length == 0) {
      append_text(json, "\xef\xbf\xbd");
      length = 1;
    } else if (*at == '"' || *at == '\\') {
      char escaped[2] = {'\\', (char)*at};
      append(json, escaped, sizeof escaped);
    } else if (*at < 0x20 || *at == 0x7f) {
      char escaped[8];
      (void)snprintf(escaped, sizeof escaped, "\\u%04x", *at);
      append_text(json, escaped);
    } else {
      append(json, (const char *)at, length);
    }
    at += length;
  }
  append_text(json, "\"");
}

static void begin(struct json *json, const char *key)
{
  if (json->needs_comma) append_text(json, ",");
  json->needs_comma = true;
  if (key == NULL) return;
  append_quoted(json, key);
  append_text(json, ":");
}

static void open_bracket(struct json *json, const char *key, const char *bracket)
{
  begin(json, key);
  append_text(json, bracket);
  json->needs_comma = false;
}

static void close_bracket(struct json *json, const char *bracket)
{
  append_text(json, bracket);
  json->needs_comma = true;
}

void json_open_object(struct json *json, const char *key)
{
  open_bracket(json, key, "{");
}

void json_close_object(struct json *json)
{
  close_bracket(json, "}");
}

void json_open_array(struct json *json, const char *key)
{
  open_bracket(json, key, "[");
}

void json_close_array(struct json *json)
{
  close_bracket(json, "]");
}

void json_string(struct json *json, const char *key, const char *value)
{
  begin(json, key);
  if (value == NULL) append_text(json, "null");
  else append_quoted(json, value);
}

void json_unsigned(struct json *json, const char *key, uint64_t value)
{
  char digits[24];
  (void)snprintf(digits, sizeof digits, "%" PRIu64, value);
  begin(json, key);
  append_text(json, digits);
}

void json_integer(struct json *json, const char *key, int64_t value)
{
  char digits[24];
  (void)snprintf(digits, sizeof digits, "%" PRId64, value);
  begin(json, key);
  append_text(json, digits);
}

void json_boolean(struct json *json, const char *key, bool value)
{
  begin(json, key);
  append_text(json, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
  json_string(json, key, NULL);
}

void json_end_line(struct json *json)
{
  append_text(json, "\n");
  json->needs_comma = false;
}
