/** Destinations and ports: where packets went, what is there, and what is known of ports that nobody has named. */

import { Destinations } from '../../analyses/destinations.ts';
import { type UnknownPort, unknownPorts } from '../../analyses/unknown-ports.ts';
import { formatIpv4, formatIpv6 } from '../../base/address.ts';
import { putU32 } from '../../base/bytes.ts';
import { type Finding, report, type Table } from '../../contract/report.ts';
import { ipProtocolNames } from '../../dissect/names/ip-protocols.ts';
import { FIRST_DYNAMIC_PORT, serviceName } from '../../dissect/names/ports.ts';
import type { Names } from '../names.ts';
import { nameColumn, numbers, texts } from './columns.ts';
import { knownNames } from './known-names.ts';
import { chosen, defineReport } from './panel.ts';
import { exceptErrors, exceptQuoted } from './quoted.ts';
import { countShares } from './shares.ts';
import { layersOf } from './traffic.ts';

const PORTS = ['folded', 'all'] as const;
const TCP = 6;
const UDP = 17;

export const destinationsPanel = defineReport({
  name: 'destinations',
  async make(input) {
    const names = await knownNames(input);
    const { pass } = input.capture;
    const counted = countShares(input);
    const { totals, shares } = counted;
    const all = new Destinations();
    const { words, start } = pass.paths;
    for (const share of shares) all.add(words, start[share.path], start[share.path + 1], share, totals);
    const ports = chosen(input, 'dynamicPorts', PORTS);
    const { all: layers } = layersOf(input);
    const unknown = unknownPorts(
      layers.filter(({ layer }) => layer === 'tcp' || layer === 'udp'),
      (transport, port) => serviceName(transport, port) !== '',
    );
    return report({
      choices: [{ id: 'dynamicPorts', kind: 'one', values: PORTS, value: ports }],
      findings: unknown.filter(isRemarkable).slice(0, 3).map(unknownFinding),
      figures: [
        { id: 'destinations', unit: 'count', value: new Set(texts(all.count, (i) => addressOf(all, i))).size },
        { id: 'unknownPorts', unit: 'count', value: unknown.length },
      ],
      tables: [
        destinationTable(all, ports, totals.more > 0, names),
        ...(unknown.length > 0 ? [unknownTable(unknown)] : []),
      ],
    });
  },
});

/** A port that clients were given for the time being: the service is at the other end. */
function isDynamic(all: Destinations, i: number): boolean {
  return all.port[i] >= FIRST_DYNAMIC_PORT && all.peerPort[i] < all.port[i] && all.opened[i] === 0;
}

function destinationTable(all: Destinations, ports: (typeof PORTS)[number], hasErrors: boolean, names: Names): Table {
  interface Row {
    readonly address: string;
    readonly family: 'ip' | 'ipv6';
    readonly protocol: number;
    /** -1: none; -2: dynamic ports together. */
    readonly port: number;
    packets: number;
    bytes: number;
    opened: number;
    first: number;
    last: number;
  }
  const rows = new Map<string, Row>();
  for (let i = 0; i < all.count; i++) {
    const address = addressOf(all, i);
    const port = ports === 'folded' && isDynamic(all, i) ? -2 : all.port[i];
    const key = `${address} ${all.protocol[i]} ${port}`;
    const row = rows.get(key);
    if (row === undefined) {
      rows.set(key, {
        address,
        family: all.isIpv6[i] ? 'ipv6' : 'ip',
        protocol: all.protocol[i],
        port,
        packets: all.packets[i],
        bytes: all.bytes[i],
        opened: all.opened[i],
        first: all.first[i],
        last: all.last[i],
      });
    } else {
      row.packets += all.packets[i];
      row.bytes += all.bytes[i];
      row.opened += all.opened[i];
      row.first = Math.min(row.first, all.first[i]);
      row.last = Math.max(row.last, all.last[i]);
    }
  }
  const list = [...rows.values()];
  const count = list.length;
  /** Dynamic ports of an address that have rows of their own: services are there. */
  const shownPorts = new Map<string, number[]>();
  for (const { address, protocol, port } of list) {
    if (port < FIRST_DYNAMIC_PORT) continue;
    const key = `${address} ${protocol}`;
    shownPorts.set(key, [...(shownPorts.get(key) ?? []), port]);
  }
  const transport = ({ protocol }: Row): 'tcp' | 'udp' | null =>
    protocol === TCP ? 'tcp' : protocol === UDP ? 'udp' : null;
  return {
    id: 'destinations',
    count,
    columns: [
      { id: 'address', unit: 'text', values: list.map(({ address }) => address) },
      ...nameColumn(
        'name',
        list.map(({ address }) => address),
        names,
      ),
      {
        id: 'protocol',
        unit: 'text',
        values: list.map(({ protocol }) => ipProtocolNames[protocol] ?? String(protocol)),
      },
      { id: 'port', unit: 'text', values: list.map(({ port }) => (port >= 0 ? String(port) : port === -2 ? '*' : '')) },
      {
        id: 'service',
        unit: 'text',
        values: list.map((row) => {
          const over = transport(row);
          return over === null || row.port < 0 ? '' : serviceName(over, row.port);
        }),
      },
      { id: 'packets', unit: 'count', values: numbers(count, (i) => list[i].packets) },
      { id: 'bytes', unit: 'bytes', values: numbers(count, (i) => list[i].bytes) },
      { id: 'connections', unit: 'count', values: numbers(count, (i) => list[i].opened) },
      { id: 'firstSeen', unit: 'time', values: numbers(count, (i) => list[i].first) },
      { id: 'lastSeen', unit: 'time', values: numbers(count, (i) => list[i].last) },
      { id: 'filter', unit: 'text', values: list.map(filterOf), hidden: true },
    ],
    filter: '{filter}',
    packets: 'packets',
    sort: { column: 'bytes', descending: true },
  };

  function filterOf(row: Row): string {
    const field = `${row.family}.dst`;
    const own = `${field} == ${row.address}`;
    const over = transport(row);
    if (over === null) {
      const number = `${row.family === 'ip' ? 'ip.proto' : 'ipv6.nxt'} == ${row.protocol}`;
      return `${own} and ${number}${exceptQuoted(hasErrors, row.family, field, row.address)}`;
    }
    const to = own + exceptErrors(hasErrors);
    if (row.port >= 0) return `${to} and ${over}.dstport == ${row.port}`;
    const apart = shownPorts.get(`${row.address} ${row.protocol}`);
    const others = apart === undefined ? '' : ` and not ${over}.dstport in {${apart.join(', ')}}`;
    return `${to} and ${over}.dstport >= ${FIRST_DYNAMIC_PORT}${others}`;
  }
}

/** Nobody answers, or somebody asks again and again. */
function isRemarkable({ answered, conversations, isRegular }: UnknownPort): boolean {
  return answered < conversations || isRegular;
}

function unknownFinding(port: UnknownPort): Finding {
  const answered = port.answered === 0 ? 'silent' : port.answered < port.conversations ? 'partly' : 'regular';
  return {
    id: `unknownPort.${answered}`,
    level: answered === 'regular' ? 'info' : 'look',
    values: {
      transport: port.transport.toUpperCase(),
      port: String(port.port),
      clients: listed(port.clients),
      servers: listed(port.servers),
      answered: String(port.answered),
      count: { value: port.conversations, unit: 'count' },
      every: { value: port.interval, unit: 'ns' },
    },
    link: { filter: `${port.transport}.port == ${port.port}` },
  };
}

function unknownTable(unknown: readonly UnknownPort[]): Table {
  const count = unknown.length;
  return {
    id: 'unknownPorts',
    count,
    columns: [
      { id: 'transport', unit: 'text', values: unknown.map(({ transport }) => transport) },
      { id: 'port', unit: 'id', values: numbers(count, (i) => unknown[i].port) },
      { id: 'clients', unit: 'text', values: unknown.map(({ clients }) => listed(clients)) },
      { id: 'servers', unit: 'text', values: unknown.map(({ servers }) => listed(servers)) },
      { id: 'packets', unit: 'count', values: numbers(count, (i) => unknown[i].packets) },
      { id: 'bytes', unit: 'bytes', values: numbers(count, (i) => unknown[i].bytes) },
      { id: 'conversations', unit: 'count', values: numbers(count, (i) => unknown[i].conversations) },
      { id: 'answered', unit: 'share', values: numbers(count, (i) => unknown[i].answered / unknown[i].conversations) },
      { id: 'inside', unit: 'key', values: unknown.map(({ inside }) => inside) },
      { id: 'interval', unit: 'ns', values: numbers(count, (i) => unknown[i].interval) },
      { id: 'regular', unit: 'key', values: unknown.map(({ isRegular }) => (isRegular ? 'regular' : 'irregular')) },
    ],
    filter: '{transport}.port == {port}',
    sort: { column: 'bytes', descending: true },
  };
}

const LISTED = 3;

/** The first few, and how many more there are. */
function listed(addresses: ReadonlySet<string>): string {
  const all = [...addresses];
  const more = all.length - LISTED;
  return all.slice(0, LISTED).join(', ') + (more > 0 ? ` +${more}` : '');
}

const bytes = new Uint8Array(16);

function addressOf(all: Destinations, i: number): string {
  const words = all.addressWords(i);
  if (!all.isIpv6[i]) return formatIpv4(words[0]);
  for (let word = 0; word < 4; word++) putU32(bytes, 4 * word, words[word]);
  return formatIpv6(bytes);
}
