#include "pcapng.h"

#include <string.h>

#include "check.h"

static uint32_t u32_at(const struct buffer *buffer, size_t at)
{
  uint32_t value = 0;
  if (CHECK(at + sizeof value <= buffer->length)) memcpy(&value, buffer->bytes + at, sizeof value);
  return value;
}

static uint16_t u16_at(const struct buffer *buffer, size_t at)
{
  uint16_t value = 0;
  if (CHECK(at + sizeof value <= buffer->length)) memcpy(&value, buffer->bytes + at, sizeof value);
  return value;
}

/* Where the value of an option stands, and its length; options begin at `at`. 0 where there is none. */
static size_t find_option(const struct buffer *buffer, size_t at, uint16_t code, uint16_t *length)
{
  for (;;) {
    uint16_t found = u16_at(buffer, at);
    *length = u16_at(buffer, at + 2);
    if (found == code) return at + 4;
    if (found == 0) return 0;
    at += 4 + ((*length + 3u) & ~3u);
  }
}

static void check_frame(const struct buffer *buffer, uint32_t type)
{
  CHECK_NUMBER(u32_at(buffer, 0), type);
  CHECK_NUMBER(u32_at(buffer, 4), buffer->length);
  CHECK_NUMBER(u32_at(buffer, buffer->length - 4), buffer->length);
  CHECK_NUMBER(buffer->length % 4, 0);
  CHECK_NUMBER(pcapng_whole_blocks(buffer->bytes, buffer->length), buffer->length);
}

static void test_section(void)
{
  struct buffer out = {0};
  struct pcapng_section section = {"processor", "Linux 6", "nagare-capture", "why"};
  uint16_t length;
  CHECK(pcapng_section(&out, &section));
  check_frame(&out, 0x0a0d0d0a);
  CHECK_NUMBER(u32_at(&out, 8), 0x1a2b3c4d);
  CHECK_NUMBER(u16_at(&out, 12), 1);
  CHECK_NUMBER(u16_at(&out, 14), 0);
  CHECK_NUMBER(u32_at(&out, 16), 0xffffffff);
  size_t comment = find_option(&out, 24, 1, &length);
  CHECK_NUMBER(length, 3);
  CHECK(memcmp(out.bytes + comment, "why", 3) == 0);
  CHECK(find_option(&out, 24, 2, &length) != 0 && length == 9);
  buffer_free(&out);
}

static void test_interface(void)
{
  static char long_filter[70000];
  struct buffer out = {0};
  static const uint8_t MAC[6] = {2, 0, 0x5e, 0, 0x53, 1};
  struct pcapng_address addresses[2] = {{4, 20, {192, 0, 2, 1}}, {6, 64, {0x20, 1, 0xd, 0xb8}}};
  struct pcapng_interface interface = {.link_type = 1, .snap_length = 96, .resolution = 9, .name = "eth0",
                                       .filter = "tcp", .mac = MAC, .speed = 1000000000, .addresses = addresses,
                                       .address_count = 2};
  uint16_t length;
  CHECK(pcapng_interface(&out, &interface));
  check_frame(&out, 1);
  CHECK_NUMBER(u16_at(&out, 8), 1);
  CHECK_NUMBER(u32_at(&out, 12), 96);
  size_t at = find_option(&out, 16, 4, &length);
  static const uint8_t IPV4[8] = {192, 0, 2, 1, 255, 255, 240, 0};
  CHECK(length == 8 && memcmp(out.bytes + at, IPV4, 8) == 0);
  at = find_option(&out, 16, 5, &length);
  CHECK(length == 17 && out.bytes[at + 16] == 64);
  at = find_option(&out, 16, 6, &length);
  CHECK(length == 6 && memcmp(out.bytes + at, MAC, 6) == 0);
  at = find_option(&out, 16, 9, &length);
  CHECK(length == 1 && out.bytes[at] == 9);
  at = find_option(&out, 16, 11, &length);
  CHECK(length == 4 && memcmp(out.bytes + at, "\0tcp", 4) == 0);
  CHECK(find_option(&out, 16, 12, &length) == 0);

  /* A text that no option can hold is left out; the block stays whole. */
  out.length = 0;
  memset(long_filter, 'x', sizeof long_filter - 1);
  interface.filter = long_filter;
  interface.description = long_filter;
  CHECK(pcapng_interface(&out, &interface));
  check_frame(&out, 1);
  CHECK(find_option(&out, 16, 11, &length) == 0);
  CHECK(find_option(&out, 16, 3, &length) == 0);
  buffer_free(&out);
}

static void test_packets(void)
{
  static const uint8_t BYTES[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (uint32_t captured = 0; captured <= sizeof BYTES; captured++) {
    struct buffer out = {0};
    /* What was there before must not shine through the padding. */
    CHECK(buffer_reserve(&out, 64));
    memset(out.bytes, 0xee, 64);
    struct pcapng_packet packet = {2, UINT64_C(0x123456789abcdef0), captured, 1500, BYTES};
    CHECK(pcapng_packet(&out, &packet));
    check_frame(&out, 6);
    CHECK_NUMBER(out.length, pcapng_packet_size(captured));
    CHECK_NUMBER(u32_at(&out, 8), 2);
    CHECK_NUMBER(u32_at(&out, 12), 0x12345678);
    CHECK_NUMBER(u32_at(&out, 16), 0x9abcdef0);
    CHECK_NUMBER(u32_at(&out, 20), captured);
    CHECK_NUMBER(u32_at(&out, 24), 1500);
    CHECK(memcmp(out.bytes + 28, BYTES, captured) == 0);
    for (size_t at = 28 + captured; at < out.length - 4; at++) CHECK_NUMBER(out.bytes[at], 0);
    buffer_free(&out);
  }
}

static void test_statistics(void)
{
  struct buffer out = {0};
  struct pcapng_statistics statistics = {0, 5, 1, 5, 10, 2, 9, 1, 8};
  uint16_t length;
  CHECK(pcapng_statistics(&out, &statistics));
  check_frame(&out, 5);
  CHECK_NUMBER(out.length, PCAPNG_STATISTICS_SIZE);
  size_t at = find_option(&out, 20, 7, &length);
  CHECK(length == 8 && u32_at(&out, at) == 1);
  out.length = 0;
  statistics.received = PCAPNG_UNKNOWN;
  CHECK(pcapng_statistics(&out, &statistics));
  check_frame(&out, 5);
  CHECK(find_option(&out, 20, 4, &length) == 0);
  CHECK(find_option(&out, 20, 8, &length) != 0);
  buffer_free(&out);
}

/* Cut anywhere, the whole blocks are those that end before the cut. */
static void test_whole_blocks(void)
{
  struct buffer out = {0};
  struct pcapng_section section = {0};
  static const uint8_t BYTES[5] = {0};
  struct pcapng_packet packet = {0, 0, 5, 5, BYTES};
  size_t ends[4] = {0};
  CHECK(pcapng_section(&out, &section));
  ends[1] = out.length;
  CHECK(pcapng_packet(&out, &packet));
  ends[2] = out.length;
  CHECK(pcapng_packet(&out, &packet));
  ends[3] = out.length;
  for (size_t cut = 0; cut <= out.length; cut++) {
    size_t expected = 0;
    for (size_t i = 1; i < 4; i++) {
      if (ends[i] <= cut) expected = ends[i];
    }
    CHECK_NUMBER(pcapng_whole_blocks(out.bytes, cut), expected);
  }
  buffer_free(&out);
}

void test_pcapng(void)
{
  test_section();
  test_interface();
  test_packets();
  test_statistics();
  test_whole_blocks();
}
