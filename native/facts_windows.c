/* Windows: GetAdaptersAddresses; Npcap's names hold the adapter's GUID, `\Device\NPF_{...}`. */
#include <stdlib.h>
#include <string.h>

#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>

#undef interface /* COM's word for struct; here it is a name */
#include "interfaces.h"

#define TRIES 4 /* the list may grow between asking for its size and for itself */

static IP_ADAPTER_ADDRESSES *read_adapters(void)
{
  ULONG size = 32768;
  for (int i = 0; i < TRIES; i++) {
    IP_ADAPTER_ADDRESSES *adapters = malloc(size);
    if (adapters == NULL) return NULL;
    ULONG flags = GAA_FLAG_SKIP_UNICAST | GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
    ULONG result = GetAdaptersAddresses(AF_UNSPEC, flags, NULL, adapters, &size);
    if (result == NO_ERROR) return adapters;
    free(adapters);
    if (result != ERROR_BUFFER_OVERFLOW) return NULL;
  }
  return NULL;
}

static void to_utf8(const wchar_t *wide, char text[FACT_SIZE])
{
  if (WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, FACT_SIZE, NULL, NULL) == 0) text[0] = '\0';
}

static void take(const IP_ADAPTER_ADDRESSES *adapter, struct interface_facts *facts)
{
  to_utf8(adapter->FriendlyName, facts->friendly_name);
  to_utf8(adapter->Description, facts->hardware);
  if (adapter->PhysicalAddressLength == 6) {
    facts->has_mac = true;
    memcpy(facts->mac, adapter->PhysicalAddress, 6);
  }
  if (adapter->ReceiveLinkSpeed != UINT64_MAX) facts->speed = adapter->ReceiveLinkSpeed;
  facts->is_wireless = adapter->IfType == IF_TYPE_IEEE80211;
}

void interface_facts(const char *name, struct interface_facts *facts)
{
  memset(facts, 0, sizeof *facts);
  const char *guid = strchr(name, '{');
  bool is_loopback = strcmp(name, "\\Device\\NPF_Loopback") == 0;
  if (guid == NULL && !is_loopback) return;
  IP_ADAPTER_ADDRESSES *adapters = read_adapters();
  for (const IP_ADAPTER_ADDRESSES *adapter = adapters; adapter != NULL; adapter = adapter->Next) {
    bool is_it = is_loopback ? adapter->IfType == IF_TYPE_SOFTWARE_LOOPBACK : _stricmp(adapter->AdapterName, guid) == 0;
    if (is_it) take(adapter, facts);
  }
  free(adapters);
}
