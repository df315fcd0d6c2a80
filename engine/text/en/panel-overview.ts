/** The panel "Overview", in English. */

export const panelOverviewEn = {
  'panel.overview': 'Overview',
  'explain.overview':
    'The sentences are made from the packets shown: totals, the address with the most bytes and its busiest peer, round trips of TCP data (see Round trips), segments that were sent again (of those that carry data), and what the expert findings and the list of unwanted protocols turn up. Names come from the capture alone.',
  'finding.overview.what': {
    one: 'One packet of {bytes}.',
    other: '{count} packets, {bytes}, in {duration}: {rate} on average.',
  },
  'finding.overview.talker':
    '{address} takes part in {share} of the bytes; the most goes between it and {peer}: {bytes}.',
  'finding.overview.rtt': 'Round trips take {median} (median), 95 % stay below {high}.',
  'finding.overview.noLoss': 'No TCP segment was sent again.',
  'finding.overview.loss': {
    one: 'One TCP segment was sent again: {share} of those with data.',
    other: '{count} TCP segments were sent again, {share} of those with data, in {conversations} connections.',
  },
  'finding.overview.peerToPeer': {
    one: 'Peer-to-peer traffic: one packet of {title} ({addresses}).',
    other: 'Peer-to-peer traffic: {count} packets of {title} ({addresses}).',
  },
  'finding.overview.mining': {
    one: 'Mining: one packet of {title} ({addresses}).',
    other: 'Mining: {count} packets of {title} ({addresses}).',
  },
  'finding.overview.tunnel': {
    one: 'A proxy or Tor may be in use: one packet of {title} ({addresses}).',
    other: 'A proxy or Tor may be in use: {count} packets of {title} ({addresses}).',
  },
  'finding.overview.clearText': {
    one: 'Login in clear text: one packet of {title} ({addresses}).',
    other: 'Logins in clear text: {count} packets of {title} ({addresses}).',
  },
  'finding.overview.other': {
    one: 'Unwanted: one packet of {title} ({addresses}).',
    other: 'Unwanted: {count} packets of {title} ({addresses}).',
  },
  'finding.overview.expert': {
    one: '{what}: one packet.',
    other: '{what}: {count} packets.',
  },
  'figure.overview.packets': 'Packets',
  'figure.overview.bytes': 'Bytes',
  'figure.overview.duration': 'Duration',
  'figure.overview.addresses': 'IP addresses',
  'figure.overview.connections': 'TCP connections',
  'figure.overview.rtt': 'Median round trip',
  'chart.overview.traffic': 'Traffic over time',
  'chart.overview.protocols': 'Bytes by protocol',
  'chart.overview.talkers': 'Bytes by address',
  'series.rate': 'Rate',
  'series.bytes': 'Bytes',
} as const;
