/* Windows: GetIfTable2; the names are those by which Npcap knows an adapter. */
#include <errno.h>
#include <stdio.h>

#include <winsock2.h>
#include <ws2tcpip.h>
#include <ws2ipdef.h>
#include <iphlpapi.h>
#include <netioapi.h>

#undef interface /* COM's word for struct; here it is a name */
#include "counters.h"

static void write_name(const GUID *guid, char *name, size_t capacity)
{
  (void)snprintf(name, capacity, "\\Device\\NPF_{%08lX-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
                 (unsigned long)guid->Data1, guid->Data2, guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2],
                 guid->Data4[3], guid->Data4[4], guid->Data4[5], guid->Data4[6], guid->Data4[7]);
}

bool counters_read(counters_each *each, void *context)
{
  MIB_IF_TABLE2 *table = NULL;
  if (GetIfTable2(&table) != NO_ERROR) {
    errno = EIO;
    return false;
  }
  for (ULONG i = 0; i < table->NumEntries; i++) {
    const MIB_IF_ROW2 *row = &table->Table[i];
    char name[64];
    if (row->InterfaceAndOperStatusFlags.FilterInterface) continue; /* a layer over an adapter that has its own row */
    write_name(&row->InterfaceGuid, name, sizeof name);
    struct counters counters = {
        /* Npcap's adapter of the loopback has a name of its own. */
        .name = row->Type == IF_TYPE_SOFTWARE_LOOPBACK ? "\\Device\\NPF_Loopback" : name,
        .received_packets = row->InUcastPkts + row->InNUcastPkts,
        .received_bytes = row->InOctets,
        .received_dropped = row->InDiscards,
        .received_errors = row->InErrors,
        .sent_packets = row->OutUcastPkts + row->OutNUcastPkts,
        .sent_bytes = row->OutOctets,
        .sent_dropped = row->OutDiscards,
        .sent_errors = row->OutErrors,
    };
    each(context, &counters);
  }
  FreeMibTable(table);
  return true;
}
