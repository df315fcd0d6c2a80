#include "filter.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

static void words(const char *expression, const char *expected)
{
  char text[256] = "";
  size_t start = 0;
  size_t end = 0;
  for (;;) {
    filter_word(expression, end, &start, &end);
    if (start == end) break;
    size_t used = strlen(text);
    (void)snprintf(text + used, sizeof text - used, "%.*s|", (int)(end - start), expression + start);
  }
  CHECK_TEXT(text, expected);
}

void test_filter(void)
{
  words("", "");
  words("  tcp  port 80 ", "tcp|port|80|");
  words("(tcp)and!udp", "(|tcp|)|and|!|udp|");
  words("tcp[13]&2!=0", "tcp|[|13|]|&|2|!=|0|");
  words("a&&b||c", "a|&&|b||||c|");
  words("len>=5<<2", "len|>=|5|<<|2|");
  words("net 192.0.2.0/24 or host a-b.example", "net|192.0.2.0/24|or|host|a-b.example|");
  CHECK_NUMBER(filter_utf16_length("abc", 3), 3);
  CHECK_NUMBER(filter_utf16_length("\xe6\xb5\x81x", 4), 2);
  CHECK_NUMBER(filter_utf16_length("\xf0\x9f\x8c\x8ax", 5), 3);
}
