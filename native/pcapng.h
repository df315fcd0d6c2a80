/*
 * pcapng blocks (draft-ietf-opsawg-pcapng) in the byte order of the machine, which a reader learns from the section
 * header. Each function appends one whole block to a buffer; false: out of memory, and nothing was added.
 */
#ifndef NAGARE_PCAPNG_H
#define NAGARE_PCAPNG_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

#define PCAPNG_UNKNOWN UINT64_MAX

/* Texts may be NULL; one that is longer than an option can be (65,535 bytes) is left out. */
struct pcapng_section {
  const char *hardware;
  const char *system;
  const char *application;
  const char *comment;
};

struct pcapng_address {
  uint8_t family; /* 4 or 6 */
  uint8_t prefix;
  uint8_t bytes[16];
};

struct pcapng_interface {
  uint16_t link_type; /* LINKTYPE, not DLT */
  uint32_t snap_length;
  uint8_t resolution; /* decimal digits of a second: 6 or 9 */
  const char *name;
  const char *description;
  const char *filter; /* in libpcap's language */
  const char *system;
  const char *hardware;
  const uint8_t *mac; /* 6 bytes, or NULL */
  uint64_t speed;     /* bits per second, 0: not known */
  const struct pcapng_address *addresses;
  uint32_t address_count;
};

struct pcapng_packet {
  uint32_t interface;
  uint64_t ticks; /* since 1970, in the interface's resolution */
  uint32_t captured_length;
  uint32_t length;
  const uint8_t *bytes;
};

/* A counter that is PCAPNG_UNKNOWN is left out. */
struct pcapng_statistics {
  uint32_t interface;
  uint64_t ticks;
  uint64_t start;
  uint64_t end;
  uint64_t received;
  uint64_t dropped_by_interface;
  uint64_t accepted_by_filter;
  uint64_t dropped_by_system;
  uint64_t delivered;
};

bool pcapng_section(struct buffer *out, const struct pcapng_section *section);
bool pcapng_interface(struct buffer *out, const struct pcapng_interface *interface);
bool pcapng_packet(struct buffer *out, const struct pcapng_packet *packet);
bool pcapng_statistics(struct buffer *out, const struct pcapng_statistics *statistics);

/* The size of the block that pcapng_packet() makes of so many bytes. */
uint64_t pcapng_packet_size(uint32_t captured_length);

/* The size of the largest block that pcapng_statistics() makes. */
#define PCAPNG_STATISTICS_SIZE 112u

/* How many of the `length` bytes are whole blocks; `bytes` begins with a block. */
size_t pcapng_whole_blocks(const uint8_t *bytes, size_t length);

/* The packets of an interface among whole blocks; of all with PCAPNG_ALL. */
#define PCAPNG_ALL UINT32_MAX
uint64_t pcapng_count_packets(const uint8_t *bytes, size_t length, uint32_t interface);

#endif
