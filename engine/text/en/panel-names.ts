/** The panel "Resolved names", in English. */

export const panelNamesEn = {
  'panel.names': 'Resolved names',
  'explain.names':
    'Names come from the capture alone: answers of DNS, mDNS and LLMNR (the name that was asked for), names that TLS clients (SNI) and HTTP clients (Host) asked a server for, and the name resolution of the file. Nothing is looked up over the network. Where an address has several names, the other panels show the file’s, then TLS’s, HTTP’s and DNS’s.',
  'figure.names.addresses': 'Addresses with a name',
  'figure.names.names': 'Names',
  'table.names': 'Names',
  'column.name': 'Name',
  'column.nameSource': 'Told by',
  'value.name.dns': 'DNS answer',
  'value.name.tls': 'TLS client (SNI)',
  'value.name.http': 'HTTP client (Host)',
  'value.name.file': 'the file',
} as const;
