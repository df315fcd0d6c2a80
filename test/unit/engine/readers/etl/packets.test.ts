import { describe, expect, it } from 'vitest';
import { makeBatch, type PacketOptions } from '../../../../../engine/readers/reader.ts';
import { join, macAddress, u32le } from '../../../../support/build-bytes.ts';
import { timeOf } from '../../../../support/build-capture.ts';
import { type EtlEvent, type EtlFields, etl, messageEvent, performanceEvent } from '../../../../support/build-etl.ts';
import {
  kernelProcess,
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
  service,
  systemBuild,
} from '../../../../support/build-etl-events.ts';
import { icmpEcho, ipv4, udp } from '../../../../support/build-packet.ts';
import { bytesOf, in4, out4 } from '../../../../support/golden-captures/capture.ts';
import { openBytes, type ReadPacket, readAll } from '../read-all.ts';

const START = timeOf('2026-01-15T09:00:00.1234567Z');
const HTTP_SERVICE = 'dd5ef90a-6398-47a4-ad34-4dcecdef795f';
const at = (ms: number): bigint => START + BigInt(ms) * 1_000_000n;
const frames = Array.from({ length: 8 }, (_, i) =>
  bytesOf((i % 2 === 0 ? out4 : in4)(icmpEcho({ id: 1, sequence: i, reply: i % 2 === 1 }))),
);
const frame = (i: number): Uint8Array => frames[i] ?? new Uint8Array(0);

function read(events: readonly EtlEvent[], fields: Partial<EtlFields> = {}): Result {
  const reader = openBytes(etl({ start: START, ...fields }, events));
  const packets = readAll(reader);
  return { reader, packets, options: packets.map((one) => reader.options(one.locator, one.interface)) };
}
interface Result {
  readonly reader: ReturnType<typeof openBytes>;
  readonly packets: readonly ReadPacket[];
  readonly options: readonly (PacketOptions | null)[];
}

const linkTypes = ({ reader, packets }: Result): number[] =>
  packets.map((one) => reader.facts.interfaces[one.interface]?.linkType ?? -1);

describe('NDIS capture', () => {
  const sent = NDIS_KEYWORD.sent | NDIS_KEYWORD.ethernet | NDIS_KEYWORD.first | NDIS_KEYWORD.last;
  const received = NDIS_KEYWORD.received | NDIS_KEYWORD.ethernet | NDIS_KEYWORD.first | NDIS_KEYWORD.last;

  it('gives frames in order of time, whatever processor they were seen on', () => {
    const { packets, options, reader } = read([
      ndisPacket({ time: at(5), processor: 1, keyword: sent, process: 4711, thread: 12 }, frame(1)),
      ndisPacket({ time: at(1), processor: 0, keyword: received }, frame(0)),
      ndisPacket({ time: at(9), processor: 0, keyword: sent, hasTail: true }, frame(2)),
      ndisPacket({ time: at(7), processor: 3, keyword: sent }, frame(3)),
    ]);
    expect(packets.map(({ bytes }) => bytes)).toEqual([frame(0), frame(1), frame(3), frame(2)]);
    expect(packets.map(({ time }) => time)).toEqual([
      '1768467600.124456700',
      '1768467600.128456700',
      '1768467600.130456700',
      '1768467600.132456700',
    ]);
    expect(packets.map(({ direction }) => direction)).toEqual([1, 2, 2, 2]);
    expect(options[1]).toMatchObject({ processId: 4711, threadId: 12, flags: 2 });
    expect(options[1]?.trace).toMatchObject({ provider: 'ndis', processor: 1, adapter: 6, layer: 6 });
    expect(reader.problem).toBeNull();
    expect(reader.facts.hasAppearances).toBe(false);
  });

  it('joins the pieces of a packet, which follow each other on a processor and interface', () => {
    const piece = (i: number, from: number, to: number | undefined, keyword: bigint, processor = 0): EtlEvent =>
      ndisPacket({ time: at(i), processor, keyword: NDIS_KEYWORD.sent | keyword }, frame(i).slice(from, to));
    const { packets, reader } = read([
      piece(0, 0, 14, NDIS_KEYWORD.first),
      piece(1, 0, 20, NDIS_KEYWORD.first, 1),
      { ...piece(0, 14, 34, 0n), time: at(3) },
      { ...piece(1, 20, undefined, NDIS_KEYWORD.last, 1), time: at(4) },
      { ...piece(0, 34, undefined, NDIS_KEYWORD.last), time: at(5) },
    ]);
    expect(packets.map(({ bytes }) => bytes)).toEqual([frame(0), frame(1)]);
    expect(packets.map(({ time }) => time)).toEqual(['1768467600.123456700', '1768467600.124456700']);
    expect(packets.map(({ length }) => length)).toEqual([frame(0).length, frame(1).length]);
    expect(reader.facts.warnings).toEqual([]);
  });

  it('counts packets whose beginning or end is missing, and gives what there is of the latter', () => {
    const { packets, reader } = read([
      ndisPacket({ time: at(0), keyword: NDIS_KEYWORD.last }, frame(0).slice(30)),
      ndisPacket({ time: at(1), keyword: NDIS_KEYWORD.first }, frame(1).slice(0, 40)),
      ndisPacket({ time: at(2), keyword: NDIS_KEYWORD.first | NDIS_KEYWORD.last }, frame(2)),
      ndisPacket({ time: at(3), keyword: NDIS_KEYWORD.first }, frame(3).slice(0, 20)),
      // A whole frame without either mark.
      ndisPacket({ time: at(4), adapter: 7, keyword: NDIS_KEYWORD.ethernet }, frame(4)),
    ]);
    expect(packets.map(({ bytes }) => bytes)).toEqual([
      frame(1).slice(0, 40),
      frame(2),
      frame(3).slice(0, 20),
      frame(4),
    ]);
    expect(packets[0]?.length).toBe(frame(1).length);
    expect(reader.facts.warnings.map(({ key, params }) => [key, params])).toEqual([
      ['captureProblem.pieces-lost', { count: 3 }],
    ]);
  });

  it('knows frames of Wi-Fi, mobile broadband and tunnels, and how long cut ones were', () => {
    const whole = NDIS_KEYWORD.first | NDIS_KEYWORD.last;
    const datagram = bytesOf(
      ipv4({ src: '10.0.0.4', dst: '198.51.100.20' }, udp({ srcPort: 1, dstPort: 2 }, 'abcdefgh')),
    );
    const result = read([
      ndisPacket({ time: at(0), keyword: whole | NDIS_KEYWORD.wifi }, frame(0)),
      ndisPacket({ time: at(1), keyword: whole | NDIS_KEYWORD.wirelessWan }, datagram.slice(0, 24)),
      ndisPacket({ time: at(2), keyword: whole | NDIS_KEYWORD.tunnel }, datagram),
      ndisPacket({ time: at(3), layer: 9 }, frame(1).slice(0, 34)),
    ]);
    expect(linkTypes(result)).toEqual([105, 101, 101, 1]);
    expect(result.packets.map(({ length }) => length)).toEqual([frame(0).length, 36, 36, frame(1).length]);
    expect(result.reader.facts.interfaces.map(({ name }) => name)).toEqual(['ifIndex 6', 'ifIndex 6', 'ifIndex 6/9']);
  });

  it('finds frames of virtual switches behind destinations of any shape, and of remote access', () => {
    const destinations = [join(u32le(3), u32le(77)), Uint8Array.of(1, 2, 3)];
    const { packets, reader } = read([
      ndisSwitchPacket({ time: at(0), port: 3, nic: 'Server A' }, frame(0)),
      ndisSwitchPacket({ time: at(1), port: 4, nic: 'Server B', destinations }, frame(1)),
      rasPacket({ time: at(2), isSent: true }, frame(2)),
      rasPacket({ time: at(3), isSent: false }, frame(3)),
    ]);
    expect(packets.map(({ bytes }) => bytes)).toEqual([0, 1, 2, 3].map(frame));
    expect(packets.map(({ direction }) => direction)).toEqual([0, 0, 2, 1]);
    expect(reader.facts.interfaces.map(({ name }) => name)).toEqual([
      'ifIndex 6 port 3 Server A',
      'ifIndex 6 port 4 Server B',
      'NDISWAN',
    ]);
  });

  it('counts events whose lengths do not fit, and gives what they have', () => {
    const { packets, reader } = read([ndisPacket({ time: at(0), size: 5000 }, frame(0))]);
    expect(packets.map(({ bytes }) => bytes)).toEqual([frame(0)]);
    expect(reader.facts.warnings.map(({ key }) => key)).toEqual(['captureProblem.events-damaged']);
  });

  it('passes extended items and records of every other kind', () => {
    const items = [
      { type: 1, data: new Uint8Array(16) },
      { type: 5, data: new Uint8Array(13) },
    ];
    const { packets, reader } = read([
      { time: at(0), record: () => messageEvent(Uint8Array.of(1, 2, 3)) },
      { time: at(0), record: (ticks) => performanceEvent(new Uint8Array(12), ticks) },
      otherEvent(at(1), HTTP_SERVICE),
      ndisPacket({ time: at(2), items }, frame(0)),
      providerName(at(3), HTTP_SERVICE, 'Web'),
    ]);
    expect(packets.map(({ bytes }) => bytes)).toEqual([frame(0)]);
    expect(reader.facts.providers.map(({ name, events }) => [name, events])).toEqual([
      ['Microsoft-Windows-NDIS-PacketCapture', 1],
      ['MSNT_SystemTrace', 1],
      ['Web', 1],
    ]);
  });
});

describe('the machine', () => {
  it('has cards, processes and a system where the trace tells them', () => {
    const mac = macAddress('02:00:00:00:00:04');
    const { reader, options } = read([
      ndisPacket({ time: at(0), process: 100 }, frame(0)),
      ndisPacket({ time: at(1), process: 200 }, frame(1)),
      ndisPacket({ time: at(2), process: 300 }, frame(2)),
      ndisPacket({ time: at(3), process: 400 }, frame(3)),
      ndisPacket({ time: at(4), process: 500 }, frame(4)),
      networkCard(at(5), { index: 6, name: 'Example Adapter', mac, addresses: '2001:db8::4;10.0.0.4' }),
      kernelProcess(at(5), 100, 'first.exe', 2),
      kernelProcess(at(5), 200, 'second.exe', 4),
      processStart(at(5), 300, '\\Device\\HarddiskVolume1\\Program\\third.exe'),
      processStart(at(5), 400, 'fourth.exe', 1),
      service(at(5), 500, 'C:\\Windows\\fifth.exe'),
      service(at(5), 100, 'not-this.exe'),
      systemBuild(at(5), '20348.1.amd64fre', 'Windows Server'),
    ]);
    expect(options.map((one) => one?.processName)).toEqual(
      ['first', 'second', 'third', 'fourth', 'fifth'].map((name) => `${name}.exe`),
    );
    expect([...reader.facts.processes.keys()].sort()).toEqual([100, 200, 300, 400, 500]);
    expect(reader.facts.os).toBe('Windows Server (20348.1.amd64fre)');
    expect(reader.facts.interfaces[0]).toMatchObject({ description: 'Example Adapter', hardwareAddress: mac });
    expect(reader.facts.interfaces[0]?.addresses?.map(({ address, prefix }) => [address.length, prefix])).toEqual([
      [16, 128],
      [4, 32],
    ]);
  });

  it('may have pointers of four bytes', () => {
    const { options } = read(
      [ndisPacket({ time: at(0), process: 100 }, frame(0)), kernelProcess(at(5), 100, 'first.exe', 3, 4)],
      { pointerSize: 4 },
    );
    expect(options[0]?.processName).toBe('first.exe');
  });

  it('is told with its providers where there are no packets', () => {
    const none = read([otherEvent(at(0), HTTP_SERVICE), otherEvent(at(0), HTTP_SERVICE)]).reader.facts;
    expect(none.providers).toEqual([{ id: HTTP_SERVICE, name: 'Microsoft-Windows-HttpService', events: 2 }]);
    expect(none.warnings.map(({ key, params }) => [key, params])).toEqual([
      ['captureProblem.trace-without-packets', { providers: 'Microsoft-Windows-HttpService: 2' }],
    ]);
    const filtered = read(pktmonComponent(at(0), { id: 1, type: 2, name: 'a.sys', description: 'A' })).reader.facts;
    expect(filtered.warnings.map(({ key }) => key)).toEqual(['captureProblem.trace-only-about-packets']);
    expect(read([]).reader.facts.warnings.map(({ key }) => key)).toEqual(['captureProblem.trace-empty']);
  });
});

const CARD = { id: 11, type: 2, name: 'card.sys', description: 'Example Adapter', adapter: 16 } as const;
const FILTER = { id: 32, type: 3, name: 'filter.sys', description: 'Filter', adapter: 16 } as const;
const TCPIP = { id: 79, type: 4, name: 'tcpip.sys', description: 'TCPIP', adapter: 16 } as const;
const COMPONENTS = [CARD, FILTER, TCPIP].flatMap((one) => pktmonComponent(at(1000), one));

function copiesOf(events: readonly EtlEvent[]): number[] {
  const reader = openBytes(etl({ start: START, bufferSize: 65_536 }, events));
  const batch = makeBatch(65_536, 1000);
  while (reader.next(batch, true) === 'more' && batch.count === 0);
  expect(reader.facts.hasAppearances).toBe(batch.isCopy !== undefined);
  return batch.isCopy === undefined ? [] : [...batch.isCopy.subarray(0, batch.count)];
}

describe('Packet Monitor', () => {
  it('says where a packet was seen, and that all appearances are one', () => {
    const { packets, options, reader } = read([
      pktmonPacket({ time: at(0), group: 5n, appearance: 1, component: 11, length: 1500, process: 4 }, frame(0)),
      pktmonPacket({ time: at(1), group: 5n, appearance: 2, component: 32, edge: 2, filter: 1 }, frame(0)),
      pktmonPacket({ time: at(2), group: 5n, number: 2, component: 11 }, frame(1)),
      ...COMPONENTS,
    ]);
    expect(packets.map(({ length }) => length)).toEqual([1500, frame(0).length, frame(1).length]);
    expect(options.map((one) => one?.trace?.packetGroup)).toEqual([1, 1, 2]);
    expect(options[0]?.trace).toMatchObject({
      provider: 'pktmon',
      adapter: 16,
      component: 11,
      componentName: 'card.sys',
      componentDescription: 'Example Adapter',
      componentType: 2,
      edge: 1,
      edgeName: 'Upper',
      appearance: 1,
      appearanceCount: 2,
      groupId: 5n,
      packetNumber: 1,
    });
    expect(options[1]?.trace).toMatchObject({ edgeName: 'Lower', filter: 1, appearance: 2, appearanceCount: 2 });
    expect(reader.facts.interfaces.map(({ name, description }) => [name, description])).toEqual([
      ['card.sys 11', 'Example Adapter'],
      ['filter.sys 32', 'Filter'],
    ]);
    expect(reader.facts.interfaces[0]?.statistics).toEqual({ received: 7n, dropped: 0n });
  });

  it('says why and where a packet was dropped, in the words of the trace', () => {
    const { options } = read([
      pktmonPacket({ time: at(0), group: 5n, component: 79, dropReason: 1204, dropLocation: 0xe000_4567 }, frame(0)),
      pktmonPacket({ time: at(1), group: 6n, component: 79, dropReason: 9999 }, frame(1)),
      pktmonWords(at(5), 'DropReason', { 1204: 'Nobody listens', 5: 'Media gone' }),
      pktmonWords(at(5), 'DropLocation', { 0xe000_4567: 'TCP' }),
    ]);
    expect(options[0]?.trace).toMatchObject({
      isDropped: true,
      dropReason: 1204,
      dropReasonText: 'Nobody listens',
      dropLocation: 0xe000_4567,
      dropLocationText: 'TCP',
    });
    expect(options[1]?.trace).toMatchObject({ isDropped: true, dropReason: 9999 });
    expect(options[1]?.trace?.dropReasonText).toBeUndefined();
  });

  it('knows the direction, and what holds no frame', () => {
    const tags = Object.values(PKTMON_DIRECTION);
    const result = read(
      tags.map((direction, i) =>
        pktmonPacket({ time: at(i), group: BigInt(i), component: 1, direction, type: i }, frame(i)),
      ),
    );
    expect(result.packets.map(({ direction }) => direction)).toEqual([0, 1, 2, 1, 2, 1, 2]);
    expect(linkTypes(result)).toEqual([147, 1, 105, 101, 147, 147, 147]);
  });

  it('lets the network card stand for a packet, whichever appearance was first', () => {
    const rx = { group: 5n, direction: PKTMON_DIRECTION.rx };
    const tx = { group: 6n, direction: PKTMON_DIRECTION.tx };
    expect(
      copiesOf([
        pktmonPacket({ time: at(0), ...rx, component: 11, edge: 1 }, frame(0)),
        pktmonPacket({ time: at(1), ...rx, component: 32, edge: 1 }, frame(0)),
        pktmonPacket({ time: at(2), ...rx, component: 79, edge: 1 }, frame(0)),
        pktmonPacket({ time: at(3), ...tx, component: 79, edge: 1 }, frame(1)),
        pktmonPacket({ time: at(4), ...tx, component: 32, edge: 1 }, frame(1)),
        pktmonPacket({ time: at(5), ...tx, component: 11, edge: 1 }, frame(1)),
        ...COMPONENTS,
      ]),
    ).toEqual([0, 1, 1, 1, 1, 0]);
  });

  it('prefers Ethernet just above a card that shows Wi-Fi', () => {
    const rx = { group: 5n, direction: PKTMON_DIRECTION.rx };
    const tx = { group: 6n, direction: PKTMON_DIRECTION.tx };
    expect(
      copiesOf([
        pktmonPacket({ time: at(0), ...rx, component: 11, type: 2 }, frame(0)),
        pktmonPacket({ time: at(1), ...rx, component: 32, type: 1 }, frame(0)),
        pktmonPacket({ time: at(2), ...rx, component: 79, type: 1 }, frame(0)),
        pktmonPacket({ time: at(3), ...tx, component: 79, type: 1 }, frame(1)),
        pktmonPacket({ time: at(4), ...tx, component: 32, type: 1 }, frame(1)),
        pktmonPacket({ time: at(5), ...tx, component: 11, type: 2 }, frame(1)),
        ...COMPONENTS,
      ]),
    ).toEqual([1, 0, 1, 1, 0, 1]);
  });

  it('finds the appearances of newer systems by their bytes, near in time, on one processor', () => {
    const newer = { appearance: 0 };
    expect(
      copiesOf([
        pktmonPacket({ time: at(0), ...newer, group: 1n, component: 11 }, frame(0)),
        pktmonPacket({ time: at(0) + 5000n, ...newer, group: 2n, component: 32 }, frame(0)),
        pktmonPacket({ time: at(0) + 9000n, ...newer, group: 3n, component: 79, type: 3 }, frame(0).slice(14)),
        // Seen at the same place again: another packet. So are one on another processor, and a later one.
        pktmonPacket({ time: at(0) + 9500n, ...newer, group: 4n, component: 79, type: 3 }, frame(0).slice(14)),
        pktmonPacket({ time: at(1), ...newer, group: 5n, component: 32, processor: 1 }, frame(0)),
        pktmonPacket({ time: at(9), ...newer, group: 6n, component: 32 }, frame(0)),
        ...COMPONENTS,
      ]),
    ).toEqual([0, 1, 1, 0, 0, 0]);
  });

  it('joins a drop to the packet that was dropped, also where its number is another', () => {
    expect(
      copiesOf([
        pktmonPacket({ time: at(0), group: 1n, component: 11 }, frame(0)),
        pktmonPacket({ time: at(0) + 5000n, group: 1n, component: 79, dropReason: 1 }, frame(0)),
        pktmonPacket({ time: at(0) + 6000n, group: 9n, component: 80, type: 3, dropReason: 2 }, frame(0).slice(14)),
        // Of this one nothing else was seen: it stands for itself.
        pktmonPacket({ time: at(2), group: 10n, component: 80, dropReason: 2 }, frame(1)),
        ...COMPONENTS,
      ]),
    ).toEqual([0, 1, 1, 0]);
  });
});
