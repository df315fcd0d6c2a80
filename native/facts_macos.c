/* macOS: link-layer addresses and speeds from getifaddrs(3). */
#include <sys/types.h>
/* The headers below need those above. */
#include <sys/socket.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <string.h>

#include "interfaces.h"

void interface_facts(const char *name, struct interface_facts *facts)
{
  struct ifaddrs *list = NULL;
  memset(facts, 0, sizeof *facts);
  if (getifaddrs(&list) != 0) return;
  for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
    if (strcmp(entry->ifa_name, name) != 0 || entry->ifa_addr == NULL) continue;
    if (entry->ifa_addr->sa_family != AF_LINK) continue;
    const struct sockaddr_dl *link = (const struct sockaddr_dl *)(const void *)entry->ifa_addr;
    if (link->sdl_alen == 6) {
      facts->has_mac = true;
      memcpy(facts->mac, LLADDR(link), 6);
    }
    if (entry->ifa_data != NULL) facts->speed = ((const struct if_data *)entry->ifa_data)->ifi_baudrate;
  }
  freeifaddrs(list);
}
