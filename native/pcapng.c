/*
 * pcapng blocks. Each is: type, total length, body, total length again, all in multiples of four bytes; options are
 * code and length (two bytes each), value and padding, ended by four bytes of zero.
 */
#include "pcapng.h"

#include <string.h>

enum block_type {
  SECTION_HEADER = 0x0a0d0d0a,
  INTERFACE_DESCRIPTION = 1,
  INTERFACE_STATISTICS = 5,
  ENHANCED_PACKET = 6,
};

enum option_code {
  END_OF_OPTIONS = 0,
  COMMENT = 1,
  SHB_HARDWARE = 2,
  SHB_OS = 3,
  SHB_USERAPPL = 4,
  IF_NAME = 2,
  IF_DESCRIPTION = 3,
  IF_IPV4ADDR = 4,
  IF_IPV6ADDR = 5,
  IF_MACADDR = 6,
  IF_SPEED = 8,
  IF_TSRESOL = 9,
  IF_FILTER = 11,
  IF_OS = 12,
  IF_HARDWARE = 15,
  ISB_STARTTIME = 2,
  ISB_ENDTIME = 3,
  ISB_IFRECV = 4,
  ISB_IFDROP = 5,
  ISB_FILTERACCEPT = 6,
  ISB_OSDROP = 7,
  ISB_USRDELIV = 8,
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define OPTION_MAX 65535u
#define PACKET_HEADER 28u /* type, length, interface, time (8), captured length, length */
#define BLOCK_MIN 12u

/* A block while it is written: where it began, and whether everything fitted. */
struct block {
  struct buffer *out;
  size_t start;
  bool ok;
};

static void put(struct block *block, const void *bytes, size_t count)
{
  size_t padding = (4 - count % 4) % 4;
  if (!block->ok) return;
  if (!buffer_reserve(block->out, count + padding)) {
    block->ok = false;
    return;
  }
  uint8_t *at = block->out->bytes + block->out->length;
  if (count > 0) memcpy(at, bytes, count);
  memset(at + count, 0, padding);
  block->out->length += count + padding;
}

static void put_u32(struct block *block, uint32_t value)
{
  put(block, &value, sizeof value);
}

static void put_pair(struct block *block, uint16_t first, uint16_t second)
{
  uint16_t pair[2] = {first, second};
  put(block, pair, sizeof pair);
}

/* Times are two words, the high one first whatever the byte order. */
static void put_ticks(struct block *block, uint64_t ticks)
{
  put_u32(block, (uint32_t)(ticks >> 32));
  put_u32(block, (uint32_t)ticks);
}

static void put_option(struct block *block, enum option_code code, const void *bytes, size_t count)
{
  if (count > OPTION_MAX) return;
  put_pair(block, (uint16_t)code, (uint16_t)count);
  put(block, bytes, count);
}

static void put_text(struct block *block, enum option_code code, const char *text)
{
  if (text != NULL && *text != '\0') put_option(block, code, text, strlen(text));
}

static void put_time(struct block *block, enum option_code code, uint64_t ticks)
{
  uint32_t words[2] = {(uint32_t)(ticks >> 32), (uint32_t)ticks};
  put_option(block, code, words, sizeof words);
}

static void put_counter(struct block *block, enum option_code code, uint64_t value)
{
  if (value != PCAPNG_UNKNOWN) put_option(block, code, &value, sizeof value);
}

static struct block begin(struct buffer *out, uint32_t type)
{
  struct block block = {out, out->length, true};
  put_u32(&block, type);
  put_u32(&block, 0);
  return block;
}

static bool end(struct block *block)
{
  uint32_t total = (uint32_t)(block->out->length - block->start + 4);
  put_u32(block, total);
  if (block->ok) memcpy(block->out->bytes + block->start + 4, &total, sizeof total);
  else block->out->length = block->start;
  return block->ok;
}

bool pcapng_section(struct buffer *out, const struct pcapng_section *section)
{
  struct block block = begin(out, SECTION_HEADER);
  put_u32(&block, BYTE_ORDER_MAGIC);
  put_pair(&block, 1, 0);
  put_ticks(&block, UINT64_MAX); /* section length: not known yet */
  put_text(&block, COMMENT, section->comment);
  put_text(&block, SHB_HARDWARE, section->hardware);
  put_text(&block, SHB_OS, section->system);
  put_text(&block, SHB_USERAPPL, section->application);
  put_pair(&block, END_OF_OPTIONS, 0);
  return end(&block);
}

static void put_address(struct block *block, const struct pcapng_address *address)
{
  if (address->family == 4) {
    uint8_t value[8] = {0};
    memcpy(value, address->bytes, 4);
    for (unsigned bit = 0; bit < address->prefix && bit < 32; bit++) value[4 + bit / 8] |= (uint8_t)(0x80u >> bit % 8);
    put_option(block, IF_IPV4ADDR, value, sizeof value);
  } else {
    uint8_t value[17];
    memcpy(value, address->bytes, 16);
    value[16] = address->prefix;
    put_option(block, IF_IPV6ADDR, value, sizeof value);
  }
}

static void put_filter(struct block *block, const char *filter)
{
  if (filter == NULL || *filter == '\0') return;
  size_t length = strlen(filter);
  if (length + 1 > OPTION_MAX) return;
  /* The first byte says in which language: 0 is libpcap's. */
  uint8_t value[OPTION_MAX];
  value[0] = 0;
  memcpy(value + 1, filter, length);
  put_option(block, IF_FILTER, value, length + 1);
}

bool pcapng_interface(struct buffer *out, const struct pcapng_interface *interface)
{
  struct block block = begin(out, INTERFACE_DESCRIPTION);
  put_pair(&block, interface->link_type, 0);
  put_u32(&block, interface->snap_length);
  put_text(&block, IF_NAME, interface->name);
  put_text(&block, IF_DESCRIPTION, interface->description);
  for (uint32_t i = 0; i < interface->address_count; i++) put_address(&block, &interface->addresses[i]);
  if (interface->mac != NULL) put_option(&block, IF_MACADDR, interface->mac, 6);
  if (interface->speed != 0) put_option(&block, IF_SPEED, &interface->speed, sizeof interface->speed);
  put_option(&block, IF_TSRESOL, &interface->resolution, 1);
  put_filter(&block, interface->filter);
  put_text(&block, IF_OS, interface->system);
  put_text(&block, IF_HARDWARE, interface->hardware);
  put_pair(&block, END_OF_OPTIONS, 0);
  return end(&block);
}

uint64_t pcapng_packet_size(uint32_t captured_length)
{
  return PACKET_HEADER + (((uint64_t)captured_length + 3) & ~UINT64_C(3)) + 4;
}

/* Hot: once per packet; one reservation, no options. */
bool pcapng_packet(struct buffer *out, const struct pcapng_packet *packet)
{
  uint64_t size = pcapng_packet_size(packet->captured_length);
  if (size > UINT32_MAX || !buffer_reserve(out, (size_t)size)) return false;
  uint32_t header[PACKET_HEADER / 4] = {
      ENHANCED_PACKET,         (uint32_t)size,          packet->interface, (uint32_t)(packet->ticks >> 32),
      (uint32_t)packet->ticks, packet->captured_length, packet->length,
  };
  uint8_t *at = out->bytes + out->length;
  uint32_t total = (uint32_t)size;
  memset(at + size - 8, 0, 4); /* padding; header and data overwrite what is none */
  memcpy(at, header, PACKET_HEADER);
  if (packet->captured_length > 0) memcpy(at + PACKET_HEADER, packet->bytes, packet->captured_length);
  memcpy(at + size - 4, &total, sizeof total);
  out->length += (size_t)size;
  return true;
}

bool pcapng_statistics(struct buffer *out, const struct pcapng_statistics *statistics)
{
  struct block block = begin(out, INTERFACE_STATISTICS);
  put_u32(&block, statistics->interface);
  put_ticks(&block, statistics->ticks);
  put_time(&block, ISB_STARTTIME, statistics->start);
  put_time(&block, ISB_ENDTIME, statistics->end);
  put_counter(&block, ISB_IFRECV, statistics->received);
  put_counter(&block, ISB_IFDROP, statistics->dropped_by_interface);
  put_counter(&block, ISB_FILTERACCEPT, statistics->accepted_by_filter);
  put_counter(&block, ISB_OSDROP, statistics->dropped_by_system);
  put_counter(&block, ISB_USRDELIV, statistics->delivered);
  put_pair(&block, END_OF_OPTIONS, 0);
  return end(&block);
}

/* The total length of the block at `at`; 0 where no whole block is there. */
static uint32_t whole_block(const uint8_t *bytes, size_t at, size_t length)
{
  uint32_t total;
  if (length - at < BLOCK_MIN) return 0;
  memcpy(&total, bytes + at + 4, sizeof total);
  return total < BLOCK_MIN || total > length - at ? 0 : total;
}

size_t pcapng_whole_blocks(const uint8_t *bytes, size_t length)
{
  size_t at = 0;
  for (uint32_t total; (total = whole_block(bytes, at, length)) != 0;) at += total;
  return at;
}

uint64_t pcapng_count_packets(const uint8_t *bytes, size_t length, uint32_t interface)
{
  uint64_t packets = 0;
  size_t at = 0;
  for (uint32_t total; (total = whole_block(bytes, at, length)) != 0; at += total) {
    uint32_t type;
    uint32_t found;
    memcpy(&type, bytes + at, sizeof type);
    memcpy(&found, bytes + at + 8, sizeof found);
    packets += type == ENHANCED_PACKET && (interface == PCAPNG_ALL || found == interface);
  }
  return packets;
}
