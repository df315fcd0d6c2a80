/* macOS: the routing sysctl with 64-bit counters, NET_RT_IFLIST2: one if_msghdr2 for each interface. */
#include "counters.h"

#include <sys/types.h>
/* The headers below need those above. */
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <net/if.h>
#include <net/route.h>
#include <stdlib.h>
#include <string.h>

static void read_message(const char *at, counters_each *each, void *context)
{
  struct if_msghdr2 message;
  char name[IF_NAMESIZE];
  memcpy(&message, at, sizeof message);
  if (if_indextoname(message.ifm_index, name) == NULL) return; /* gone meanwhile */
  struct counters counters = {
      .name = name,
      .received_packets = message.ifm_data.ifi_ipackets,
      .received_bytes = message.ifm_data.ifi_ibytes,
      .received_dropped = message.ifm_data.ifi_iqdrops,
      .received_errors = message.ifm_data.ifi_ierrors,
      .sent_packets = message.ifm_data.ifi_opackets,
      .sent_bytes = message.ifm_data.ifi_obytes,
      .sent_dropped = (uint64_t)message.ifm_snd_drops,
      .sent_errors = message.ifm_data.ifi_oerrors,
  };
  each(context, &counters);
}

bool counters_read(counters_each *each, void *context)
{
  int request[] = {CTL_NET, PF_ROUTE, 0, 0, NET_RT_IFLIST2, 0};
  size_t length = 0;
  if (sysctl(request, 6, NULL, &length, NULL, 0) != 0) return false;
  length += length / 4 + 1024; /* interfaces that come meanwhile */
  char *messages = malloc(length);
  if (messages == NULL) return false;
  bool ok = sysctl(request, 6, messages, &length, NULL, 0) == 0;
  size_t at = 0;
  while (ok && length - at >= sizeof(struct if_msghdr)) {
    struct if_msghdr header;
    memcpy(&header, messages + at, sizeof header);
    if (header.ifm_msglen == 0 || header.ifm_msglen > length - at) break;
    if (header.ifm_type == RTM_IFINFO2 && header.ifm_msglen >= sizeof(struct if_msghdr2)) {
      read_message(messages + at, each, context);
    }
    at += header.ifm_msglen;
  }
  free(messages);
  return ok;
}
