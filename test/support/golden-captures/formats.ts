/** Golden captures of file formats: the variants of pcap, the blocks and options of pcapng, snoop, and damaged files. */

import { crc32, cut, hex, ipAddress, join, macAddress, patched, u32le, utf8, zeros } from '../build-bytes.ts';
import {
  BLOCK,
  type CapturePacket,
  everyMs,
  OPTION,
  type PcapFields,
  type PcapngWriter,
  pcap,
  pcapHeader,
  pcapng,
  pcapRecord,
  SECRETS,
  SNOOP_LINK,
  simplePcapng,
  snoop,
} from '../build-capture.ts';
import { gzipStored, lz4Stored, zstdRaw } from '../build-compressed.ts';
import { LINK_TYPE, SLL_PACKET, sll } from '../build-link.ts';
import { icmpEcho, ipv4, udp } from '../build-packet.ts';
import { bytesOf, type GoldenCapture, type GoldenGroup, IP4, in4, MAC, out4, outbound, START } from './capture.ts';

const frames = [
  out4(icmpEcho({ id: 1, sequence: 1 })),
  in4(icmpEcho({ id: 1, sequence: 1, reply: true })),
  out4(udp({ srcPort: 4000, dstPort: 4001 }, 'odd')),
].map(bytesOf);
const packets: CapturePacket[] = everyMs(START + 123_456_789n, frames);
const [first = { time: START, bytes: zeros(60) }, second = first, third = first] = packets;

function inPcap(fields: Partial<PcapFields> = {}): GoldenCapture {
  return { extension: 'pcap', bytes: pcap({ packets, ...fields }) };
}

export const pcapGroup: GoldenGroup = {
  name: 'pcap',
  captures: {
    'micro-little': inPcap(),
    'micro-big': inPcap({ order: 'big' }),
    'nano-little': inPcap({ variant: 'nano' }),
    'nano-big': inPcap({ variant: 'nano', order: 'big' }),
    modified: inPcap({ variant: 'modified' }),
    'modified-big': inPcap({ variant: 'modified', order: 'big' }),
    'modified-ss990915': inPcap({ variant: 'ss990915' }),
    'modified-ss990417': inPcap({ variant: 'ss990417' }),
    nokia: inPcap({ variant: 'nokia' }),
    ixia: inPcap({ variant: 'ixia' }),
    'fcs-in-link-type': inPcap({
      linkType: 0x2400_0001,
      packets: packets.map((packet) => ({ ...packet, bytes: join(packet.bytes, u32le(crc32(packet.bytes))) })),
    }),
    aix: inPcap({ variant: 'aix', linkType: 6 }),
    'snapped-packets': inPcap({
      snapLength: 40,
      packets: packets.map((packet) => ({ ...packet, bytes: cut(packet.bytes, 40), length: packet.bytes.length })),
    }),
    'times-run-backwards': inPcap({ packets: [third, first, second] }),
    'year-2100': inPcap({ packets: [{ time: 4_102_444_800_000_000_000n, bytes: first.bytes }] }),
    empty: inPcap({ packets: [] }),
    'version-2-3': inPcap({ version: [2, 3] }),
    // Some writers of that version put the two lengths the other way round.
    'version-2-3-swapped-lengths': {
      extension: 'pcap',
      bytes: join(
        pcapHeader({ version: [2, 3] }),
        pcapRecord({ ...first, bytes: cut(first.bytes, 40), length: 40 }, { capturedLength: first.bytes.length }),
        pcapRecord(second),
      ),
    },
  },
};

function inPcapng(writer: PcapngWriter): GoldenCapture {
  return { extension: 'pcapng', bytes: writer.bytes() };
}

function addAll(writer: PcapngWriter, index = 0): PcapngWriter {
  for (const packet of packets) writer.packet({ ...packet, interface: index });
  return writer;
}

const cooked = sll(
  { packetType: SLL_PACKET.toUs, address: macAddress(MAC.peer) },
  ipv4({ src: IP4.peer, dst: IP4.host }, icmpEcho({ id: 2, sequence: 1 })),
).bytes();

export const pcapngGroup: GoldenGroup = {
  name: 'pcapng',
  captures: {
    little: inPcapng(addAll(pcapng().section().interface())),
    big: inPcapng(addAll(pcapng('big').section().interface())),
    'all-options': inPcapng(
      pcapng()
        .section({
          hardware: 'test machine',
          os: 'test system 1.0',
          application: 'nagare test builder',
          comment: 'the whole file',
        })
        .interface({
          name: 'eth0',
          description: 'first interface',
          filter: 'not port 22',
          os: 'test system 1.0',
          hardware: 'virtual card',
          comment: 'an interface',
          mac: macAddress(MAC.host),
          ipv4: [ipAddress(IP4.host), ipAddress('255.255.255.0')],
          ipv6: [ipAddress('2001:db8::4'), 64],
          speed: 10_000_000_000n,
          resolution: 9,
          fcsLength: 0,
          timeOffset: 0n,
        })
        .packet({
          ...first,
          comments: ['a ping', 'and a second comment'],
          flags: 2,
          dropCount: 3n,
          id: 7n,
          queue: 1,
          hash: hex('0201020304'),
          verdict: hex('0100000000000000 02'),
        })
        .packet({
          ...second,
          flags: 1,
          options: [{ code: OPTION.customText, value: join(u32le(32_473), utf8('custom text')) }],
        })
        .packet(third)
        .statistics({
          time: third.time,
          start: START,
          end: third.time,
          received: 5n,
          dropped: 2n,
          filterAccepted: 4n,
          osDropped: 1n,
          delivered: 3n,
          comment: 'at the end',
        }),
    ),
    'two-interfaces': inPcapng(
      pcapng()
        .section()
        .interface({ name: 'eth0', resolution: 6 })
        .interface({ name: 'any', linkType: LINK_TYPE.sll, resolution: 9, snapLength: 128 })
        .packet({ ...first, interface: 0 })
        .packet({ time: first.time + 500_000n, bytes: cooked, interface: 1 })
        .packet({ ...second, interface: 0 }),
    ),
    'several-sections': inPcapng(
      addAll(
        addAll(
          addAll(pcapng().section({ comment: 'one' }).interface({ name: 'a' }))
            .section({ comment: 'two' }, 'big')
            .interface({ name: 'b', resolution: 9 }),
        )
          .section()
          .interface({ name: 'c' }),
      ),
    ),
    'section-lengths-given': inPcapng(addAll(pcapng().section({ length: 500n }).interface())),
    'resolution-seconds': inPcapng(addAll(pcapng().section().interface({ resolution: 0 }))),
    'resolution-power-of-two': inPcapng(
      addAll(
        pcapng()
          .section()
          .interface({ resolution: 0x80 | 20 }),
      ),
    ),
    'resolution-picoseconds': inPcapng(addAll(pcapng().section().interface({ resolution: 12 }))),
    'time-offset': inPcapng(addAll(pcapng().section().interface({ resolution: 9, timeOffset: 1_700_000_000n }))),
    'time-offset-negative': inPcapng(addAll(pcapng().section().interface({ resolution: 6, timeOffset: -3600n }))),
    'simple-packets': inPcapng(
      pcapng()
        .section()
        .interface({ snapLength: 60 })
        .simplePacket(first.bytes.slice(0, 60), first.bytes.length)
        .simplePacket(third.bytes),
    ),
    'obsolete-packets': inPcapng(
      pcapng()
        .section()
        .interface()
        .obsoletePacket({ ...first, drops: 4, flags: 1 })
        .obsoletePacket({ ...second, comments: ['old block'] }),
    ),
    names: inPcapng(
      addAll(
        pcapng()
          .section()
          .interface()
          .names(
            [
              { address: ipAddress(IP4.server), names: ['www.example.com', 'alias.example.com'] },
              { address: ipAddress('2001:db8:1::20'), names: ['six.example.com'] },
              { address: macAddress(MAC.gateway), names: ['gateway'] },
            ],
            [
              { code: OPTION.nameServer, value: utf8('resolver.example.net') },
              { code: OPTION.nameServerIpv4, value: ipAddress(IP4.resolver) },
            ],
          ),
      ),
    ),
    secrets: inPcapng(
      addAll(
        pcapng()
          .section()
          .interface()
          .secrets(SECRETS.tls, utf8(`CLIENT_RANDOM ${'00'.repeat(32)} ${'11'.repeat(48)}\n`), 'keys')
          .secrets(SECRETS.wireguard, utf8('LOCAL_STATIC_PRIVATE_KEY = AAAA\n')),
      ),
    ),
    'custom-and-unknown-blocks': inPcapng(
      addAll(
        pcapng()
          .section()
          .block(0x0000_7777, hex('0102030405'))
          .interface()
          .custom(32_473, utf8('kept'))
          .custom(32_473, utf8('not kept'), false)
          .block(0x8000_0001, [])
          .block(BLOCK.nameResolution, zeros(4)),
      ),
    ),
    'interface-after-packets': inPcapng(
      addAll(pcapng().section().interface({ name: 'first' }))
        .interface({ name: 'late' })
        .packet({ ...first, interface: 1 }),
    ),
    'no-packets': inPcapng(pcapng().section().interface()),
    'no-interfaces': inPcapng(pcapng().section()),
    'comment-in-japanese': inPcapng(
      pcapng()
        .section({ comment: '表示フィルターの試験' })
        .interface({ name: 'イーサネット' })
        .packet({ ...first, comments: ['再送の例'] }),
    ),
  },
};

export const snoopGroup: GoldenGroup = {
  name: 'snoop',
  captures: {
    ethernet: { extension: 'snoop', bytes: snoop({ packets }) },
    drops: { extension: 'snoop', bytes: snoop({ packets: [first, { ...second, drops: 5 }] }) },
    cut: { extension: 'snoop', bytes: cut(snoop({ packets }), 200) },
    'unknown-datalink': {
      extension: 'snoop',
      bytes: snoop({ datalink: SNOOP_LINK.other, packets: [{ time: START, bytes: hex('0102') }] }),
    },
    'record-too-short': {
      extension: 'snoop',
      bytes: snoop({ packets: [first, { ...second, recordLength: 10 }, third] }),
    },
  },
};

const goodPcap = pcap({ packets });
const goodPcapng = simplePcapng(packets);
const blockAt = (n: number): number => {
  const view = new DataView(goodPcapng.buffer);
  let at = 0;
  for (let i = 0; i < n; i++) at += view.getUint32(at + 4, true);
  return at;
};
/** The second enhanced packet block: after section, interface and one packet. */
const secondPacket = blockAt(3);

export const damagedGroup: GoldenGroup = {
  name: 'damaged',
  captures: {
    'pcap-cut-in-packet': { extension: 'pcap', bytes: cut(goodPcap, goodPcap.length - 10) },
    'pcap-cut-in-record-header': { extension: 'pcap', bytes: cut(goodPcap, 24 + 16 + first.bytes.length + 7) },
    'pcap-cut-in-header': { extension: 'pcap', bytes: cut(goodPcap, 15) },
    'pcap-record-claims-1gb': {
      extension: 'pcap',
      bytes: join(
        pcapHeader({}),
        pcapRecord(first),
        pcapRecord(second, { capturedLength: 0x4000_0000 }),
        pcapRecord(third),
      ),
    },
    'pcap-captured-more-than-length': {
      extension: 'pcap',
      bytes: pcap({ packets: [{ ...first, length: 20 }, second] }),
    },
    'pcap-fraction-over-a-second': {
      extension: 'pcap',
      bytes: join(pcapHeader({}), pcapRecord(first, { fraction: 4_000_000_000 }), pcapRecord(second)),
    },
    'pcap-unknown-version': { extension: 'pcap', bytes: pcap({ packets, version: [9, 9] }) },
    'pcap-zeros-after': { extension: 'pcap', bytes: join(goodPcap, zeros(64)) },
    'pcapng-cut-in-packet': { extension: 'pcapng', bytes: cut(goodPcapng, goodPcapng.length - 30) },
    'pcapng-cut-in-block-header': { extension: 'pcapng', bytes: cut(goodPcapng, secondPacket + 5) },
    'pcapng-length-not-multiple-of-4': { extension: 'pcapng', bytes: patched(goodPcapng, secondPacket + 4, [0x77]) },
    'pcapng-length-zero': { extension: 'pcapng', bytes: patched(goodPcapng, secondPacket + 4, [0, 0, 0, 0]) },
    'pcapng-length-4gb': {
      extension: 'pcapng',
      bytes: patched(goodPcapng, secondPacket + 4, [0xfc, 0xff, 0xff, 0xff]),
    },
    'pcapng-trailing-length-differs': {
      extension: 'pcapng',
      bytes: patched(goodPcapng, blockAt(4) - 4, [0x10, 0, 0, 0]),
    },
    'pcapng-packet-longer-than-block': {
      extension: 'pcapng',
      bytes: pcapng()
        .section()
        .interface()
        .packet(first)
        .packet({ ...second, capturedLength: 0x7fff_fff0 })
        .bytes(),
    },
    'pcapng-unknown-interface': {
      extension: 'pcapng',
      bytes: pcapng()
        .section()
        .interface()
        .packet(first)
        .packet({ ...second, interface: 9 })
        .bytes(),
    },
    'pcapng-packet-before-interface': {
      extension: 'pcapng',
      bytes: pcapng().section().packet(first).interface().bytes(),
    },
    'pcapng-option-longer-than-block': {
      extension: 'pcapng',
      bytes: pcapng()
        .section()
        .interface()
        .packet(first)
        .block(BLOCK.interface, join(hex('0100 0000 00000400 0200 f0ff'), utf8('eth0')))
        .packet(second)
        .bytes(),
    },
    'pcapng-bad-byte-order': { extension: 'pcapng', bytes: patched(goodPcapng, 8, [1, 2, 3, 4]) },
    'pcapng-unknown-version': {
      extension: 'pcapng',
      bytes: pcapng()
        .section({ version: [2, 0] })
        .interface()
        .packet(first)
        .bytes(),
    },
    'pcapng-name-record-past-block': {
      extension: 'pcapng',
      bytes: pcapng()
        .section()
        .interface()
        .packet(first)
        .block(BLOCK.nameResolution, hex('0100 ff00 c6336414'))
        .packet(second)
        .bytes(),
    },
    'pcapng-garbage-after': { extension: 'pcapng', bytes: join(goodPcapng, utf8('this is not a block at all')) },
    'text-file': { extension: 'pcap', bytes: utf8('version https://example.net/spec/v1\nsize 12345\n') },
    'empty-file': { extension: 'pcap', bytes: zeros(0) },
  },
};

export const compressedGroup: GoldenGroup = {
  name: 'compressed',
  captures: {
    gzip: { extension: 'pcap.gz', bytes: gzipStored(goodPcap) },
    'gzip-two-members': {
      extension: 'pcapng.gz',
      bytes: join(gzipStored(goodPcapng.slice(0, 100)), gzipStored(goodPcapng.slice(100))),
    },
    'gzip-cut': { extension: 'pcap.gz', bytes: cut(gzipStored(goodPcap), 200) },
    'gzip-bad-checksum': {
      extension: 'pcap.gz',
      bytes: patched(gzipStored(goodPcap), gzipStored(goodPcap).length - 8, [1, 2]),
    },
    zstd: { extension: 'pcapng.zst', bytes: zstdRaw(goodPcapng) },
    'zstd-cut': { extension: 'pcapng.zst', bytes: cut(zstdRaw(goodPcapng), 200) },
    lz4: { extension: 'pcap.lz4', bytes: lz4Stored(goodPcap) },
    'lz4-cut': { extension: 'pcap.lz4', bytes: cut(lz4Stored(goodPcap), 200) },
  },
};

/** Only so that the link-type table is seen through a file as well. */
export const linkTypeGroup: GoldenGroup = {
  name: 'link-types',
  captures: {
    'mixed-pcapng': inPcapng(
      pcapng()
        .section()
        .interface({ linkType: LINK_TYPE.ethernet })
        .interface({ linkType: LINK_TYPE.raw })
        .interface({ linkType: LINK_TYPE.user0 })
        .packet({
          time: START,
          bytes: outbound(ipv4({ src: IP4.host, dst: IP4.peer }, icmpEcho({ id: 1, sequence: 1 }))).bytes(),
          interface: 0,
        })
        .packet({
          time: START + 1_000_000n,
          bytes: ipv4({ src: IP4.host, dst: IP4.peer }, icmpEcho({ id: 1, sequence: 2 })).bytes(),
          interface: 1,
        })
        .packet({ time: START + 2_000_000n, bytes: hex('cafe'), interface: 2 }),
    ),
  },
};
