/* The least of a test harness: a check that fails is printed with its place, and the program ends with their number. */
#ifndef NAGARE_CHECK_H
#define NAGARE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), __FILE__, __LINE__)
#define CHECK_NUMBER(actual, expected) \
  check_number((uint64_t)(actual), (uint64_t)(expected), #actual, __FILE__, __LINE__)

bool check_that(bool condition, const char *what, const char *file, int line);
bool check_text(const char *actual, const char *expected, const char *file, int line);
bool check_number(uint64_t actual, uint64_t expected, const char *what, const char *file, int line);

void test_json(void);
void test_options(void);
void test_pcapng(void);
void test_ring(void);
void test_commands(void);
void test_filter(void);
void test_events(void);

#endif
