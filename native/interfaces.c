/* The list of interfaces as one line. */
#include "interfaces.h"

#include <stdio.h>
#include <string.h>
#ifndef _WIN32
#include <arpa/inet.h>
#endif

#include "link_types.h"
#include "open.h"

/* Sources that are no interfaces and whose opening changes something: packets of a queue go to whoever opens it. */
static bool is_better_left_closed(const char *name)
{
  static const char *const NAMES[] = {"nflog", "nfqueue", "dbus-"};
  for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
    if (strncmp(name, NAMES[i], strlen(NAMES[i])) == 0) return true;
  }
  return false;
}

static const uint8_t *address_bytes(const struct sockaddr *address, uint8_t *family)
{
  if (address == NULL) return NULL;
  if (address->sa_family == AF_INET) {
    *family = 4;
    return (const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
  }
  if (address->sa_family == AF_INET6) {
    *family = 6;
    return (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
  }
  return NULL;
}

/* Ones at the start of a mask. Masks of the BSDs may have no family, so that of the address counts. */
static uint8_t prefix_length(const struct sockaddr *netmask, uint8_t family)
{
  uint8_t bytes = family == 4 ? 4 : 16;
  if (netmask == NULL) return (uint8_t)(bytes * 8);
  const uint8_t *mask = family == 4 ? (const uint8_t *)&((const struct sockaddr_in *)(const void *)netmask)->sin_addr
                                    : (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)netmask)->sin6_addr;
  uint8_t prefix = 0;
  while (prefix < bytes * 8 && (mask[prefix / 8] & (0x80u >> prefix % 8)) != 0) prefix++;
  return prefix;
}

uint32_t interface_addresses(const struct pcap_interface *interface, struct pcapng_address *addresses,
                             uint32_t capacity)
{
  uint32_t count = 0;
  for (const struct pcap_address *at = interface->addresses; at != NULL && count < capacity; at = at->next) {
    uint8_t family = 0;
    const uint8_t *bytes = address_bytes(at->address, &family);
    if (bytes == NULL) continue; /* a link-layer address */
    struct pcapng_address *address = &addresses[count++];
    memset(address, 0, sizeof *address);
    address->family = family;
    address->prefix = prefix_length(at->netmask, family);
    memcpy(address->bytes, bytes, family == 4 ? 4 : 16);
  }
  return count;
}

static void add_addresses(struct json *line, const struct pcap_interface *interface)
{
  struct pcapng_address addresses[ADDRESSES_MAX];
  uint32_t count = interface_addresses(interface, addresses, ADDRESSES_MAX);
  json_open_array(line, "addresses");
  for (uint32_t i = 0; i < count; i++) {
    char text[INET6_ADDRSTRLEN];
    int family = addresses[i].family == 4 ? AF_INET : AF_INET6;
    if (inet_ntop(family, addresses[i].bytes, text, sizeof text) == NULL) continue;
    json_open_object(line, NULL);
    json_string(line, "address", text);
    json_unsigned(line, "prefix", addresses[i].prefix);
    json_close_object(line);
  }
  json_close_array(line);
}

void interface_add_link_type(struct json *line, const char *key, const struct library *library, int dlt)
{
  json_open_object(line, key);
  json_unsigned(line, "number", link_type_of_dlt(dlt));
  json_string(line, "name", library->datalink_val_to_name(dlt));
  json_string(line, "description", library->datalink_val_to_description(dlt));
  json_close_object(line);
}

static void add_link_types(struct json *line, const struct library *library, struct pcap *pcap)
{
  int *types = NULL;
  int count = pcap == NULL ? 0 : library->list_datalinks(pcap, &types);
  json_open_array(line, "linkTypes");
  for (int i = 0; i < count; i++) interface_add_link_type(line, NULL, library, types[i]);
  json_close_array(line);
  if (count > 0 && library->free_datalinks != NULL) library->free_datalinks(types);
}

static void add_timestamp_types(struct json *line, const struct library *library, struct pcap *pcap)
{
  int *types = NULL;
  bool can_list = pcap != NULL && library->list_tstamp_types != NULL && library->tstamp_type_val_to_name != NULL;
  int count = can_list ? library->list_tstamp_types(pcap, &types) : 0;
  json_open_array(line, "timestampTypes");
  for (int i = 0; i < count; i++) {
    const char *name = library->tstamp_type_val_to_name(types[i]);
    if (name != NULL) json_string(line, NULL, name);
  }
  json_close_array(line);
  if (count > 0 && library->free_tstamp_types != NULL) library->free_tstamp_types(types);
}

/* What only opening shows. Nothing is captured: the interface is neither made promiscuous nor changed. */
static void add_opened(struct json *line, const struct library *library, const char *name)
{
  char error[PCAP_ERROR_SIZE] = "";
  struct open_problem problem = {.code = NULL};
  bool can_monitor = false;
  struct pcap *pcap = is_better_left_closed(name) ? NULL : library->create(name, error);
  bool is_active = false;
  if (pcap != NULL) {
    can_monitor = library->can_set_rfmon != NULL && library->can_set_rfmon(pcap) == 1;
    add_timestamp_types(line, library, pcap);
    int status = library->activate(pcap);
    is_active = status >= 0;
    if (!is_active) open_describe(library, pcap, status, &problem);
  } else {
    add_timestamp_types(line, library, NULL);
    if (error[0] != '\0') {
      problem.code = "open-failed";
      (void)snprintf(problem.message, sizeof problem.message, "%s", error);
    }
  }
  add_link_types(line, library, is_active ? pcap : NULL);
  json_boolean(line, "canMonitor", can_monitor);
  if (problem.code == NULL) {
    json_null(line, "error");
  } else {
    json_open_object(line, "error");
    json_string(line, "code", problem.code);
    json_string(line, "message", problem.message);
    json_close_object(line);
  }
  if (pcap != NULL) library->close(pcap);
}

static const char *or_null(const char *text)
{
  return text != NULL && text[0] != '\0' ? text : NULL;
}

static void add_interface(struct json *line, const struct library *library, const struct pcap_interface *interface)
{
  struct interface_facts facts;
  interface_facts(interface->name, &facts);
  uint32_t connection = interface->flags & PCAP_IF_CONNECTION_STATUS;
  char mac[18] = "";
  if (facts.has_mac) {
    const uint8_t *at = facts.mac;
    (void)snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", at[0], at[1], at[2], at[3], at[4], at[5]);
  }
  json_open_object(line, NULL);
  json_string(line, "name", interface->name);
  json_string(line, "friendlyName", or_null(facts.friendly_name));
  json_string(line, "description", or_null(interface->description));
  json_string(line, "hardwareAddress", or_null(mac));
  add_addresses(line, interface);
  json_boolean(line, "up", (interface->flags & PCAP_IF_UP) != 0);
  json_boolean(line, "running", (interface->flags & PCAP_IF_RUNNING) != 0);
  if (connection == PCAP_IF_CONNECTED || connection == PCAP_IF_DISCONNECTED) {
    json_boolean(line, "connected", connection == PCAP_IF_CONNECTED);
  } else {
    json_null(line, "connected");
  }
  json_boolean(line, "loopback", (interface->flags & PCAP_IF_LOOPBACK) != 0);
  json_boolean(line, "wireless", (interface->flags & PCAP_IF_WIRELESS) != 0 || facts.is_wireless);
  add_opened(line, library, interface->name);
  json_close_object(line);
}

enum exit_code interfaces_list(const struct library *library, struct events *events)
{
  char error[PCAP_ERROR_SIZE] = "";
  struct pcap_interface *interfaces = NULL;
  if (library->findalldevs(&interfaces, error) != 0) {
    struct problem problem = {.code = "open-failed", .message = error};
    events_error(events, &problem, true);
    return EXIT_INTERFACE;
  }
  struct json *line = events_begin(events, "interfaces");
  json_string(line, "version", NAGARE_VERSION);
  json_string(line, "library", library->lib_version());
  json_open_array(line, "interfaces");
  for (const struct pcap_interface *at = interfaces; at != NULL; at = at->next) add_interface(line, library, at);
  json_close_array(line);
  library->freealldevs(interfaces);
  events_send(events);
  return EXIT_AS_ASKED;
}
