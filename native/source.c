/* One interface of a running capture. */
#include "source.h"

#include <stdlib.h>
#include <string.h>

#include "link_types.h"
#include "system.h"

/* Description and addresses from the library's list. An interface that is not in it can be opened all the same. */
static void look_up(struct source *source)
{
  char error[PCAP_ERROR_SIZE];
  struct pcap_interface *list = NULL;
  if (source->library->findalldevs(&list, error) != 0) return;
  for (const struct pcap_interface *at = list; at != NULL; at = at->next) {
    if (strcmp(at->name, source->options->name) != 0) continue;
    source->address_count = interface_addresses(at, source->addresses, ADDRESSES_MAX);
    if (at->description == NULL) continue;
    size_t size = strlen(at->description) + 1;
    source->description = malloc(size); /* without memory there is no description */
    if (source->description != NULL) memcpy(source->description, at->description, size);
  }
  source->library->freealldevs(list);
}

bool source_open(struct source *source, struct open_problem *problem)
{
  if (!open_interface(source->library, source->options, &source->opened, problem)) return false;
  source->wait_handle = library_wait_handle(source->library, source->opened.pcap);
  interface_facts(source->options->name, &source->facts);
  look_up(source);
  return true;
}

void source_close(struct source *source)
{
  if (source->opened.pcap == NULL) return;
  source_count(source);
  source->library->close(source->opened.pcap);
  source->opened.pcap = NULL;
  source->wait_handle = -1;
}

void source_free(struct source *source)
{
  source_close(source);
  free(source->description);
  source->description = NULL;
}

void source_count(struct source *source)
{
  struct pcap_statistics now;
  memset(&now, 0, sizeof now);
  if (source->opened.pcap == NULL || source->library->stats(source->opened.pcap, &now) != 0) return;
  source->counts.received += (uint32_t)(now.received - source->last.received);
  source->counts.dropped_by_kernel += (uint32_t)(now.dropped - source->last.dropped);
  source->counts.dropped_by_interface += (uint32_t)(now.dropped_by_interface - source->last.dropped_by_interface);
  source->last = now;
}

static const char *description_of(const struct source *source)
{
  if (source->options->description != NULL) return source->options->description;
  if (source->facts.friendly_name[0] != '\0') return source->facts.friendly_name;
  return source->description;
}

void source_describe(const struct source *source, struct json *line)
{
  static const char *const DIRECTIONS[] = {"both", "in", "out"};
  const struct interface_options *options = source->options;
  json_open_object(line, NULL);
  json_unsigned(line, "index", source->index);
  json_string(line, "name", options->name);
  json_string(line, "description", description_of(source));
  interface_add_link_type(line, "linkType", source->library, source->opened.dlt);
  json_unsigned(line, "snapLength", source->opened.snap_length);
  json_boolean(line, "promiscuous", options->is_promiscuous);
  json_boolean(line, "monitor", options->is_monitor);
  json_boolean(line, "immediate", options->is_immediate);
  json_string(line, "direction", DIRECTIONS[options->direction]);
  json_string(line, "filter", options->filter);
  json_string(line, "timestampPrecision", source->opened.is_nano ? "nano" : "micro");
  json_string(line, "timestampType", source->opened.timestamp_type);
  json_close_object(line);
}

void counts_add(struct json *line, const struct counts *counts)
{
  json_unsigned(line, "captured", counts->captured);
  json_unsigned(line, "received", counts->received);
  json_unsigned(line, "droppedByKernel", counts->dropped_by_kernel);
  if (COUNTS_DROPPED_BY_INTERFACE) json_unsigned(line, "droppedByInterface", counts->dropped_by_interface);
  else json_null(line, "droppedByInterface");
}

void source_add_counts(const struct source *source, struct json *line)
{
  json_open_object(line, NULL);
  json_unsigned(line, "index", source->index);
  counts_add(line, &source->counts);
  json_boolean(line, "open", source->opened.pcap != NULL);
  json_close_object(line);
}

bool source_write_head(struct source *source, struct buffer *out, const char *system)
{
  source->file_start = system_time_ns();
  struct pcapng_interface interface = {
      .link_type = link_type_of_dlt(source->opened.dlt),
      .snap_length = source->opened.snap_length,
      .resolution = source->opened.is_nano ? 9 : 6,
      .name = source->options->name,
      .description = description_of(source),
      .filter = source->options->filter,
      .system = system,
      .hardware = source->facts.hardware,
      .mac = source->facts.has_mac ? source->facts.mac : NULL,
      .speed = source->facts.speed,
      .addresses = source->addresses,
      .address_count = source->address_count,
  };
  return pcapng_interface(out, &interface);
}

static uint64_t ticks_of(const struct source *source, uint64_t ns)
{
  return source->opened.is_nano ? ns : ns / 1000;
}

bool source_write_tail(struct source *source, struct buffer *out)
{
  source_count(source);
  const struct counts *now = &source->counts;
  const struct counts *before = &source->at_last_tail;
  uint64_t received = now->received - before->received;
  bool has_filter = source->options->filter != NULL && source->options->filter[0] != '\0';
#ifdef __linux__
  bool counts_before_filter = false;
#else
  bool counts_before_filter = true;
#endif
  uint64_t end = system_time_ns();
  struct pcapng_statistics statistics = {
      .interface = source->index,
      .ticks = ticks_of(source, end),
      .start = ticks_of(source, source->file_start),
      .end = ticks_of(source, end),
      .received = counts_before_filter || !has_filter ? received : PCAPNG_UNKNOWN,
      .dropped_by_interface = COUNTS_DROPPED_BY_INTERFACE ? now->dropped_by_interface - before->dropped_by_interface
                                                          : PCAPNG_UNKNOWN,
      .accepted_by_filter = !counts_before_filter || !has_filter ? received : PCAPNG_UNKNOWN,
      .dropped_by_system = now->dropped_by_kernel - before->dropped_by_kernel,
      .delivered = now->captured - before->captured,
  };
  source->at_last_tail = source->counts;
  return pcapng_statistics(out, &statistics);
}
