/* JSON text (RFC 8259) built in memory, one value after another; commas are put where they belong. */
#ifndef NAGARE_JSON_H
#define NAGARE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
  char *text; /* ended by a zero once something was written */
  size_t length;
  size_t capacity;
  bool needs_comma;
  bool failed; /* out of memory: the text is not complete */
};

/* Begins anew and keeps the memory; a struct of zeros is a fresh one. */
void json_clear(struct json *json);
void json_free(struct json *json);

/* `key` is NULL inside arrays and for the outermost value. */
void json_open_object(struct json *json, const char *key);
void json_close_object(struct json *json);
void json_open_array(struct json *json, const char *key);
void json_close_array(struct json *json);

/* A NULL string is null. Bytes that are not UTF-8 become U+FFFD, each. */
void json_string(struct json *json, const char *key, const char *value);
void json_unsigned(struct json *json, const char *key, uint64_t value);
void json_integer(struct json *json, const char *key, int64_t value);
void json_boolean(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/* Ends a line of JSON lines. */
void json_end_line(struct json *json);

#endif
