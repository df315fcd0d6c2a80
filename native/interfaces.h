/* What interfaces there are, and what the system knows of one. */
#ifndef NAGARE_INTERFACES_H
#define NAGARE_INTERFACES_H

#include <stdbool.h>
#include <stdint.h>

#include "events.h"
#include "library.h"
#include "pcapng.h"

#define FACT_SIZE 256
#define ADDRESSES_MAX 64 /* of one interface, into a file */

/* What the system says of an interface beside libpcap; texts are empty and numbers 0 where it says nothing. */
struct interface_facts {
  char friendly_name[FACT_SIZE];
  char hardware[FACT_SIZE];
  bool has_mac;
  uint8_t mac[6];
  uint64_t speed; /* bits per second */
  bool is_wireless;
};

/* One for each system: facts_linux.c, facts_macos.c, facts_windows.c. */
void interface_facts(const char *name, struct interface_facts *facts);

/* The addresses of one interface of libpcap's list, as they go into a file; at most `capacity`. */
uint32_t interface_addresses(const struct pcap_interface *interface, struct pcapng_address *addresses,
                             uint32_t capacity);

/* A link type as `number`, `name` and `description`. */
void interface_add_link_type(struct json *line, const char *key, const struct library *library, int dlt);

/* Sends the `interfaces` line. */
enum exit_code interfaces_list(const struct library *library, struct events *events);

#endif
