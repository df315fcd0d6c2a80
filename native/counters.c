/* The moving line of interface counters. */
#include "counters.h"

#include <errno.h>
#include <string.h>

#include "system.h"

static void add_line(void *context, const struct counters *counters)
{
  struct json *line = context;
  json_open_object(line, NULL);
  json_string(line, "name", counters->name);
  json_unsigned(line, "receivedPackets", counters->received_packets);
  json_unsigned(line, "receivedBytes", counters->received_bytes);
  json_unsigned(line, "receivedDropped", counters->received_dropped);
  json_unsigned(line, "receivedErrors", counters->received_errors);
  json_unsigned(line, "sentPackets", counters->sent_packets);
  json_unsigned(line, "sentBytes", counters->sent_bytes);
  json_unsigned(line, "sentDropped", counters->sent_dropped);
  json_unsigned(line, "sentErrors", counters->sent_errors);
  json_close_object(line);
}

static bool send_counters(struct events *events)
{
  struct json *line = events_begin(events, "interface-counts");
  json_unsigned(line, "timeMs", system_time_ns() / 1000000u);
  json_open_array(line, "interfaces");
  if (!counters_read(add_line, line)) {
    struct problem problem = {.code = "internal", .message = strerror(errno)};
    events_error(events, &problem, true);
    return false;
  }
  json_close_array(line);
  events_send_state(events);
  return true;
}

enum exit_code counters_follow(struct events *events, uint32_t interval_ms)
{
  char ignored[256];
  size_t count;
  int64_t next = system_clock_ms();
  while (!system_is_ended() && !events->is_closed) {
    int64_t now = system_clock_ms();
    if (now >= next) {
      if (!send_counters(events)) return EXIT_INTERNAL;
      next += interval_ms;
      if (next <= now) next = now + interval_ms; /* after a pause of the machine: no burst */
    }
    if (!system_wait(NULL, 0, true, (int)(next - now > 0 ? next - now : 0))) return EXIT_INTERNAL;
    if (system_read_input(ignored, sizeof ignored, &count) == INPUT_END) break;
  }
  return EXIT_AS_ASKED;
}
