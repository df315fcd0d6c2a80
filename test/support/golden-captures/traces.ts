/** Golden captures of Windows event traces: as netsh and pktmon write them, with every compression. */

import { hex, join, macAddress } from '../build-bytes.ts';
import { type EtlEvent, type EtlFields, etl } from '../build-etl.ts';
import {
  NDIS_KEYWORD,
  ndisPacket,
  ndisSwitchPacket,
  networkCard,
  otherEvent,
  PKTMON_DIRECTION,
  pktmonComponent,
  pktmonPacket,
  pktmonWords,
  processStart,
  providerName,
  rasPacket,
  systemBuild,
} from '../build-etl-events.ts';
import { icmpEcho, ipv4, udp } from '../build-packet.ts';
import { ask, bytesOf, type GoldenCapture, type GoldenGroup, IP4, in4, MAC, out4, START } from './capture.ts';

const HTTP_SERVICE = 'dd5ef90a-6398-47a4-ad34-4dcecdef795f';
const at = (us: number): bigint => START + BigInt(us) * 1000n;

const question = bytesOf(ask(53, hex('1234 0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001')));
const echo = bytesOf(out4(icmpEcho({ id: 1, sequence: 1 })));
const reply = bytesOf(in4(icmpEcho({ id: 1, sequence: 1, reply: true })));
const datagram = bytesOf(ipv4({ src: IP4.host, dst: IP4.server }, udp({ srcPort: 4000, dstPort: 9 }, 'raw')));

const sent = NDIS_KEYWORD.sent | NDIS_KEYWORD.ethernet;
const received = NDIS_KEYWORD.received | NDIS_KEYWORD.ethernet;
const whole = NDIS_KEYWORD.first | NDIS_KEYWORD.last;

const machine: EtlEvent[] = [
  networkCard(at(900), { index: 6, name: 'Example Adapter', mac: macAddress(MAC.host), addresses: IP4.host }),
  processStart(at(900), 4711, '\\Device\\HarddiskVolume1\\Tools\\client.exe'),
  systemBuild(at(900), '20348.1.amd64fre.example', 'Windows Server'),
];

const netsh: EtlEvent[] = [
  ndisPacket({ time: at(10), processor: 1, process: 4711, thread: 99, keyword: sent | whole }, echo),
  ndisPacket({ time: at(0), process: 4711, keyword: sent | whole }, question),
  ndisPacket({ time: at(900), keyword: received | whole }, reply),
  ...machine,
];

const card = { id: 11, type: 2, name: 'card.sys', description: 'Example Adapter', adapter: 6 } as const;
const filter = { id: 32, type: 3, name: 'filter.sys', description: 'Example Filter', adapter: 6 } as const;
const stack = { id: 79, type: 4, name: 'tcpip.sys', description: 'TCPIP', adapter: 6 } as const;
const rx = { direction: PKTMON_DIRECTION.rx, process: 0 };
const tx = { direction: PKTMON_DIRECTION.tx, process: 4711, thread: 99 };

const pktmon: EtlEvent[] = [
  pktmonPacket({ time: at(0), ...tx, group: 1n, appearance: 1, component: 79, edge: 1 }, echo),
  pktmonPacket({ time: at(3), ...tx, group: 1n, appearance: 2, component: 32, edge: 2 }, echo),
  pktmonPacket({ time: at(5), ...tx, group: 1n, appearance: 3, component: 11, edge: 1 }, echo),
  pktmonPacket({ time: at(800), ...rx, group: 2n, appearance: 1, component: 11, edge: 1, length: 1514 }, reply),
  pktmonPacket({ time: at(803), ...rx, group: 2n, appearance: 2, component: 79, edge: 2, length: 1514 }, reply),
  pktmonPacket(
    { time: at(804), ...rx, group: 2n, component: 79, dropReason: 1204, dropLocation: 0xe000_4567, length: 1514 },
    reply,
  ),
  pktmonPacket({ time: at(850), ...rx, group: 3n, type: 3, component: 79, edge: 1 }, datagram),
  ...machine,
  ...pktmonComponent(at(900), { ...card, mac: macAddress(MAC.host), dropped: 2n }),
  ...pktmonComponent(at(900), filter),
  ...pktmonComponent(at(900), { ...stack, addresses: [IP4.host, '2001:db8::4'] }),
  pktmonWords(at(900), 'DropReason', { 0: 'Unspecified', 1204: 'No endpoint is there' }),
];

function trace(events: readonly EtlEvent[], fields: Partial<EtlFields> = {}): GoldenCapture {
  return { extension: 'etl', bytes: etl({ start: START, bufferSize: 8192, ...fields }, events) };
}

export const traceGroup: GoldenGroup = {
  name: 'etl',
  captures: {
    netsh: trace(netsh),
    'netsh-xpress-huffman': trace(netsh, { compression: 'xpress-huffman' }),
    'netsh-pieces': trace([
      ndisPacket({ time: at(0), keyword: sent | NDIS_KEYWORD.first }, echo.slice(0, 14)),
      ndisPacket({ time: at(1), keyword: sent }, echo.slice(14, 34)),
      ndisPacket({ time: at(2), keyword: sent | NDIS_KEYWORD.last }, echo.slice(34)),
      ndisPacket({ time: at(3), keyword: received | NDIS_KEYWORD.last }, reply.slice(20)),
    ]),
    'netsh-link-types': trace([
      ndisPacket({ time: at(0), keyword: NDIS_KEYWORD.tunnel | whole }, datagram),
      ndisPacket({ time: at(1), keyword: NDIS_KEYWORD.wirelessWan | whole }, datagram.slice(0, 24)),
      ndisPacket(
        { time: at(2), keyword: NDIS_KEYWORD.wifi | NDIS_KEYWORD.received | whole },
        join(
          [0x08, 0x42, 0, 0],
          macAddress(MAC.host),
          macAddress(MAC.gateway),
          macAddress(MAC.peer),
          [0, 0],
          hex('aaaa03 000000 0800'),
          datagram,
        ),
      ),
      ndisSwitchPacket({ time: at(3), port: 4, nic: 'Example Server', layer: 9 }, echo),
      rasPacket({ time: at(4), isSent: true }, echo),
    ]),
    'netsh-32-bit': trace(netsh.slice(0, 3), { pointerSize: 4, isOld: true, frequency: 3_579_545n }),
    pktmon: trace(pktmon, { compression: 'xpress' }),
    'pktmon-lznt1-newer': trace(
      [
        pktmonPacket({ time: at(0), ...tx, group: 1n, appearance: 0, component: 79 }, echo),
        pktmonPacket({ time: at(3), ...tx, group: 2n, appearance: 0, component: 11 }, echo),
        ...pktmonComponent(at(900), card),
        ...pktmonComponent(at(900), stack),
      ],
      { compression: 'lznt1', build: 26_200 },
    ),
    'events-lost': trace(netsh, { eventsLost: 12, buffersLost: 1, isCircular: true, wasStopped: false }),
    'no-packets': trace([otherEvent(at(0), HTTP_SERVICE), providerName(at(1), HTTP_SERVICE, 'Example-HttpService')]),
    'cut-in-buffer': { extension: 'etl', bytes: trace(netsh).bytes.slice(0, 8192 + 400) },
  },
};
