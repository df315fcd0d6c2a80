/** The panel "Resolved names", in English. */

export const panelNamesEn = {
  'panel.names': 'Resolved names',
  'explain.names':
    'Names are what you call addresses yourself (labels, hosts files) and what the capture tells: the name resolution of the file, names that TLS clients (SNI) and HTTP clients (Host) asked a server for, answers of DNS, mDNS and LLMNR (the name that was asked for). Nothing is looked up over the network. Where an address has several names, the other panels show your label, else that of a hosts file, the file’s, TLS’s, HTTP’s, DNS’s, in this order.',
  'figure.names.addresses': 'Addresses with a name',
  'figure.names.names': 'Names',
  'table.names': 'Names',
  'column.name': 'Name',
  'column.nameSource': 'Told by',
  'value.name.dns': 'DNS answer',
  'value.name.tls': 'TLS client (SNI)',
  'value.name.http': 'HTTP client (Host)',
  'value.name.file': 'the file',
  'value.name.label': 'your label',
  'value.name.hosts': 'hosts file',
} as const;
