#include "json.h"

#include <string.h>

#include "check.h"

static void quoted(const char *value, const char *expected)
{
  struct json json = {0};
  json_string(&json, NULL, value);
  CHECK_TEXT(json.text, expected);
  json_free(&json);
}

static void test_structure(void)
{
  struct json json = {0};
  json_open_object(&json, NULL);
  json_string(&json, "a", "b");
  json_open_array(&json, "list");
  json_unsigned(&json, NULL, UINT64_MAX);
  json_integer(&json, NULL, INT64_MIN);
  json_open_object(&json, NULL);
  json_close_object(&json);
  json_close_array(&json);
  json_boolean(&json, "yes", true);
  json_boolean(&json, "no", false);
  json_null(&json, "nothing");
  json_close_object(&json);
  json_end_line(&json);
  CHECK_TEXT(json.text, "{\"a\":\"b\",\"list\":[18446744073709551615,-9223372036854775808,{}],"
                        "\"yes\":true,\"no\":false,\"nothing\":null}\n");
  json_clear(&json);
  json_open_array(&json, NULL);
  json_close_array(&json);
  CHECK_TEXT(json.text, "[]");
  json_free(&json);
}

static void test_long_text(void)
{
  static char value[5000];
  struct json json = {0};
  memset(value, 'x', sizeof value - 1);
  json_string(&json, "k", value);
  CHECK(!json.failed);
  CHECK_NUMBER(json.length, sizeof value - 1 + 6);
  CHECK_NUMBER(strlen(json.text), json.length);
  json_free(&json);
}

void test_json(void)
{
  test_structure();
  test_long_text();
  quoted("", "\"\"");
  quoted(NULL, "null");
  quoted("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
  quoted("\n\t\x01\x7f", "\"\\u000a\\u0009\\u0001\\u007f\"");
  quoted("\xe6\xb5\x81\xe3\x82\x8c \xf0\x9f\x8c\x8a", "\"\xe6\xb5\x81\xe3\x82\x8c \xf0\x9f\x8c\x8a\"");
  /* Not UTF-8: a lone byte, a cut sequence, an overlong zero, a surrogate, past the last character. */
  quoted("a\xff" "b", "\"a\xef\xbf\xbd" "b\"");
  quoted("\xe6\xb5", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  quoted("\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  quoted("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  quoted("\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}
