/** The panel "Mirror quality", in English. */

export const panelMirrorEn = {
  'panel.mirror': 'Mirror quality',
  'explain.mirror':
    'A session is the first VXLAN, Geneve, ERSPAN or GRE tunnel of a packet with its identifier and outer addresses. Missing are bytes of TCP streams that the other host acknowledged and that never came: the network delivered them, the mirror did not. Bytes that were sent again were lost in the network (or sent needlessly) and are no fault of the mirror; packets behind later ones that are no repetitions were reordered. Where only one direction is mirrored, nobody tells what was delivered: holes are unknown. A packet is cut where its inner IP header promises more bytes than the frame has; the MTU shown is the one that the way to the target needs. What could make it wrong: packets without TCP cannot be checked, a connection whose start is not here is followed from its first packet on, and losses of bare acknowledgements leave no trace.',
  'figure.mirror.sessions': 'Sessions',
  'figure.mirror.missing': 'Missing',
  'figure.mirror.missingShare': 'Missing of all acknowledged',
  'figure.mirror.repeated': 'Sent again by the hosts',
  'figure.mirror.reordered': 'Reordered packets',
  'figure.mirror.cut': 'Cut packets',
  'figure.mirror.mtu': 'MTU needed',
  'figure.mirror.peak': 'Busiest moment',
  'chart.mirror.time': 'What came and what is missing',
  'series.mirror.arrived': 'In the mirror',
  'series.mirror.missing': 'Missing from the mirror',
  'table.mirror.sessions': 'Mirror sessions',
  'table.mirror.connections': 'Connections with missing, repeated or reordered bytes',
  'table.mirror.pushes': 'Large pushes: WebSocket messages, HTTP bodies',
  'column.pushKind': 'Kind',
  'value.push.text': 'text',
  'value.push.binary': 'binary',
  'value.push.request': 'HTTP request body',
  'value.push.response': 'HTTP response body',
  'column.size': 'Size',
  'column.complete': 'Complete',
  'column.firstByte': 'First byte',
  'column.lastByte': 'Last byte',
  'column.took': 'Took',
  'column.holeRanges': 'Missing bytes from-to',
  'column.tunnel': 'Tunnel',
  'column.mirrorKey': 'Identifier',
  'column.streamBytes': 'Stream bytes',
  'column.missingBytes': 'Missing',
  'column.missingShare': 'Missing share',
  'column.unknownBytes': 'Cannot tell',
  'column.repeatedBytes': 'Sent again',
  'column.reordered': 'Reordered',
  'column.cutPackets': 'Cut packets',
  'column.neededMtu': 'MTU needed',
  'column.holes': 'Holes',
  'finding.mirror.none': 'There is no mirrored traffic here: no VXLAN, Geneve, ERSPAN or GRE packets.',
  'finding.mirror.complete':
    'Nothing is missing: all {seen} of stream bytes that were acknowledged are in the mirror. It is fit for copying the traffic to a test system.',
  'finding.mirror.onlyCut':
    'No packet is missing, but some are cut: fit for a quick look, not for copying the traffic to a test system.',
  'finding.mirror.quickLook':
    '{missing} of stream bytes ({share}) are missing from the mirror though they were delivered: fit for a quick look, not for copying the traffic to a test system.',
  'finding.mirror.unfit':
    '{missing} of stream bytes ({share}) are missing from the mirror though they were delivered: what is seen here says little about the applications. Not fit for copying the traffic to a test system.',
  'finding.mirror.oneWay':
    'Only one direction of the connections is mirrored: whether {unknown} of holes were lost by the mirror or by the network cannot be told. Mirror both directions.',
  'finding.mirror.cut': {
    one: 'One packet was cut on its way to the mirror’s target: the way needs an MTU of {mtu}.',
    other: '{count} packets were cut on their way to the mirror’s target: the way needs an MTU of {mtu}.',
  },
  'finding.mirror.congested':
    'Bytes are missing where the mirror was busiest, at the end of bursts: it carried {carried} and would have needed {needed}.',
  'finding.mirror.repeated':
    '{bytes} of stream bytes were sent again by the hosts: lost in the network, not by the mirror.',
  'finding.mirror.reordered': {
    one: 'One packet came behind a later one: reordered, not lost.',
    other: '{count} packets came behind later ones: reordered, not lost.',
  },
  'finding.mirror.arriving': {
    one: 'Mirror traffic is arriving: {count} packet in the last {span} of the capture.',
    other: 'Mirror traffic is arriving: {count} packets in the last {span} of the capture.',
  },
  'finding.mirror.silent':
    'No mirror traffic any more: the last mirrored packet came {quiet} before the end of the capture.',
  'mirror.prepare': 'Prepare a target',
  'mirror.prepareAbout':
    'On the Linux machine that the mirror is sent to: make room for the tunnel’s headers, open the tunnel, look whether something arrives, and capture it.',
  'mirror.prepareCheck':
    'The fourth command ends after five packets: then mirror traffic arrives. While Nagare captures on that card, this panel says so too. If nothing arrives, let the port in at the machine’s firewall and in the provider’s rules.',
  'mirror.tunnel': 'Tunnel',
  'mirror.tunnel.vxlan': 'VXLAN',
  'mirror.tunnel.geneve': 'Geneve',
  'mirror.tunnel.erspan': 'ERSPAN (GRE)',
  'mirror.key': 'VNI or session',
  'mirror.card': 'Card',
  'mirror.mtu': 'Largest mirrored packet (MTU)',
  'mirror.own': 'Own address',
  'mirror.source': 'Address of the mirror’s source',
  'mirror.commands': 'Commands',
  'mirror.copyCommands': 'Copy the commands',
  'mirror.incomplete': 'Give a card, numbers and addresses that can be used.',
  'mirror.inside':
    'Mirrored packets are shown from inside: list, filters, statistics and exports speak of the inner packets.',
  'mirror.outside':
    'Mirrored packets are shown from outside: their tunnels stay closed, in this file and until this is switched back.',
  'mirror.showInside': 'Show the inner packets',
  'mirror.showOutside': 'Show the outer packets',
} as const;
