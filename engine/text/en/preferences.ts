/** Protocols that should not be there, and names that the user gives, in English. */

export const preferencesEn = {
  'cli.option.hosts': 'names for addresses, as in /etc/hosts; several may be given',
  'cli.hosts-empty': '{name} has no line with an address and a name.',
  'command.unwanted': 'Unwanted protocols…',
  'unwanted.title': 'Unwanted protocols',
  'unwanted.about':
    'What should not be on your network. The packets of each filter are marked in the protocol hierarchy and named in the overview, in this file and in those opened later.',
  'unwanted.edit': 'Edit the list…',
  'unwanted.rules': 'List of unwanted protocols',
  'unwanted.none': 'The list is empty: nothing is marked.',
  'unwanted.on': 'Look for it',
  'unwanted.kind': 'Kind',
  'unwanted.name': 'Name',
  'unwanted.filter': 'Display filter',
  'unwanted.noFilter': 'Write a display filter.',
  'unwanted.add': 'Add',
  'unwanted.remove': 'Remove from the list',
  'unwanted.restore': 'Restore the default list',
  'unwanted.badge': {
    one: 'One unwanted protocol is in this capture',
    other: '{count} unwanted protocols are in this capture',
  },
  'unwanted.kind.peerToPeer': 'Peer to peer',
  'unwanted.kind.mining': 'Mining',
  'unwanted.kind.tunnel': 'Proxy or Tor',
  'unwanted.kind.clearText': 'Clear-text login',
  'unwanted.kind.other': 'Unwanted',
  'hierarchy.unwantedHint': {
    one: '{kind}: {title}, one packet. Shows it.',
    other: '{kind}: {title}, {count} packets. Shows them.',
  },
  'hierarchy.gathering': 'Messages are still being read: unwanted protocols that only they tell may follow.',
} as const;
