import { describe, expect, it } from 'vitest';
import { hex, ipAddress, macAddress, u32le, utf8, zeros } from '../../../support/build-bytes.ts';
import { pcap, pcapng, SECRETS, timeOf } from '../../../support/build-capture.ts';
import { LINK_TYPE } from '../../../support/build-link.ts';
import { pcapngGroup } from '../../../support/golden-captures/formats.ts';
import { exportBytes, loadBytes, packetsIn } from './export-bytes.ts';

const START = timeOf('2026-01-15T09:00:00.123456789Z');
const frame = Uint8Array.from({ length: 60 }, (_, i) => i);

describe('a pcapng export', () => {
  it('keeps what the file says of itself, and names the program that wrote it', async () => {
    const capture = loadBytes(
      pcapng()
        .section({ hardware: 'a machine', os: 'a system', application: 'another program', comment: 'of the section' })
        .interface({ name: 'eth0' })
        .packet({ time: START, bytes: frame })
        .bytes(),
    );
    const { facts } = loadBytes((await exportBytes(capture, 'pcapng')).bytes).reader;
    expect(facts).toMatchObject({
      hardware: 'a machine',
      os: 'a system',
      application: 'Nagare test',
      comments: ['of the section'],
    });
  });

  it('keeps every option of an interface that it uses, and leaves out the others', async () => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface({ name: 'unused' })
        .interface({
          name: 'eth1',
          description: 'the second',
          filter: 'tcp port 443',
          os: 'a system',
          hardware: 'a card',
          comment: 'a comment',
          mac: macAddress('02:00:00:00:00:04'),
          ipv4: [ipAddress('10.0.0.4'), ipAddress('255.255.240.0')],
          ipv6: [ipAddress('2001:db8::4'), 64],
          speed: 10_000_000_000n,
          resolution: 9,
          fcsLength: 4,
          snapLength: 128,
          linkType: LINK_TYPE.ethernet,
        })
        .packet({ time: START, bytes: frame, interface: 1 })
        .statistics({
          interface: 1,
          time: START,
          received: 5n,
          dropped: 2n,
          filterAccepted: 4n,
          osDropped: 1n,
          delivered: 3n,
        })
        .bytes(),
    );
    const [described] = loadBytes((await exportBytes(capture, 'pcapng')).bytes).reader.facts.interfaces;
    expect(capture.reader.facts.interfaces).toHaveLength(2);
    expect(described).toEqual(capture.reader.facts.interfaces[1]);
  });

  it('keeps all interfaces where there is no packet to say which were used', async () => {
    const capture = loadBytes(pcapng().section().interface({ name: 'a' }).interface({ name: 'b' }).bytes());
    const again = loadBytes((await exportBytes(capture, 'pcapng')).bytes);
    expect(again.reader.facts.interfaces.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('keeps names and secrets', async () => {
    const names = [
      { address: ipAddress('198.51.100.20'), names: ['www.example.com', 'alias.example.com'] },
      { address: ipAddress('2001:db8::20'), names: ['six.example.com'] },
      { address: macAddress('02:00:00:00:00:01'), names: ['gateway'] },
    ];
    const capture = loadBytes(
      pcapng()
        .section()
        .interface()
        .names(names)
        .secrets(SECRETS.tls, utf8('CLIENT_RANDOM 00 11\n'))
        .packet({ time: START, bytes: frame })
        .bytes(),
    );
    const { facts } = loadBytes((await exportBytes(capture, 'pcapng')).bytes).reader;
    expect(facts.names).toEqual(names);
    expect(facts.secrets).toEqual([{ type: SECRETS.tls, bytes: utf8('CLIENT_RANDOM 00 11\n') }]);
  });

  it('keeps comments as they are now, and everything else that a record says', async () => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface()
        .packet({
          time: START,
          bytes: frame,
          comments: ['old'],
          flags: 0x102,
          dropCount: 3n,
          id: 7n,
          queue: 1,
          hash: hex('0201020304'),
          verdict: hex('01 0000000000000002'),
        })
        .packet({ time: START, bytes: frame })
        .bytes(),
    );
    capture.comments.set(0, ['新しいコメント', 'second']);
    capture.comments.set(1, ['added']);
    const [first, second] = packetsIn(loadBytes((await exportBytes(capture, 'pcapng')).bytes));
    expect(first?.comments).toEqual(['新しいコメント', 'second']);
    expect(second?.comments).toEqual(['added']);
    const { comments: _, ...options } = first?.options ?? {};
    const { comments: __, ...before } = capture.options(0) ?? {};
    expect(options).toEqual(before);
    expect(before).toMatchObject({ dropCount: 3n, packetId: 7n, queue: 1, flags: 0x102 });
  });

  it.each([
    ['seconds', 0],
    ['microseconds', 6],
    ['nanoseconds', 9],
    ['a power of two', 0x80 | 20],
  ])('keeps the unit of times: %s', async (_, resolution) => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface({ resolution })
        .packet({ time: START, bytes: frame })
        .packet({ time: START + 1_500_000_000n, bytes: frame })
        .bytes(),
    );
    const again = loadBytes((await exportBytes(capture, 'pcapng')).bytes);
    expect(again.reader.facts.interfaces[0]?.ticksPerSecond).toBe(capture.reader.facts.interfaces[0]?.ticksPerSecond);
    expect(packetsIn(again).map(({ time }) => time)).toEqual(packetsIn(capture).map(({ time }) => time));
  });

  it('keeps times before 1970', async () => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface({ timeOffset: -4_000_000_000n })
        .packet({ time: -3_999_999_999_500_000_000n, bytes: frame })
        .packet({ time: -1_000n, bytes: frame })
        .bytes(),
    );
    const again = loadBytes((await exportBytes(capture, 'pcapng')).bytes);
    expect(packetsIn(again).map(({ time }) => time)).toEqual([-3_999_999_999_500_000_000n, -1_000n]);
  });

  it('writes packets without a time as simple packets', async () => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface({ name: 'timed' })
        .interface()
        .packet({ time: START, bytes: frame })
        .section()
        .interface({ snapLength: 40 })
        .simplePacket(frame.slice(0, 40), 60)
        .bytes(),
    );
    const { bytes, warnings } = await exportBytes(capture, 'pcapng');
    expect(warnings).toEqual([]);
    expect(packetsIn(loadBytes(bytes))).toEqual(packetsIn(capture));
  });

  it('says how many packets got the time zero: a commented one, and one on a second interface', async () => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface()
        .simplePacket(frame)
        .simplePacket(frame)
        .section()
        .interface()
        .simplePacket(frame)
        .bytes(),
    );
    capture.comments.set(1, ['a comment']);
    const { bytes, warnings } = await exportBytes(capture, 'pcapng');
    expect(warnings).toMatchObject([{ key: 'exportProblem.no-time', params: { packets: 2 } }]);
    expect(packetsIn(loadBytes(bytes)).map(({ time }) => time)).toEqual([null, 0n, 0n]);
  });

  it('copies custom blocks that may be copied, in the byte order of the new file', async () => {
    const capture = loadBytes(
      pcapng('big')
        .section({}, 'big')
        .interface()
        .custom(32_473, utf8('kept'))
        .custom(32_473, utf8('not kept'), false)
        .packet({ time: START, bytes: frame })
        .bytes(),
    );
    const { bytes, warnings } = await exportBytes(capture, 'pcapng');
    expect(warnings).toMatchObject([{ key: 'exportProblem.custom-blocks', params: { packets: 1 } }]);
    const again = loadBytes(bytes);
    expect(packetsIn(again).map(({ hex: text }) => text)).toEqual([
      Buffer.from('kept').toString('hex'),
      Buffer.from(frame).toString('hex'),
    ]);
    const enterprise = again.reader.pseudoHeader(again.table.get('locator', 0), again.table.get('interface', 0));
    expect(Buffer.from(enterprise).toString('hex')).toBe('00000bad00007ed9');
  });

  it('writes the pseudo-header in front of a packet again', async () => {
    const linkType = 204; // PPP with a direction byte
    const capture = loadBytes(
      pcap({ linkType, packets: [{ time: START, bytes: Uint8Array.of(1, 0xff, 3, 0, 0x21, 0x45) }] }),
    );
    const again = loadBytes((await exportBytes(capture, 'pcapng')).bytes);
    expect(packetsIn(again).map(({ hex: text, length }) => [text, length])).toEqual([['ff03002145', 5]]);
    expect(again.reader.pseudoHeader(again.table.get('locator', 0), 0)).toEqual(Uint8Array.of(1));
  });

  it('cuts a comment that is longer than an option may be at a character, and says so', async () => {
    const capture = loadBytes(pcapng().section().interface().packet({ time: START, bytes: frame }).bytes());
    capture.comments.set(0, ['あ'.repeat(30_000)]);
    const { bytes, warnings } = await exportBytes(capture, 'pcapng');
    expect(warnings).toMatchObject([{ key: 'exportProblem.long-texts', params: { texts: 1 } }]);
    expect(loadBytes(bytes).comments.get(0)).toEqual(['あ'.repeat(21_845)]);
  });

  it('joins sections and files of different byte order into one section', async () => {
    const { extension: _, bytes: several } = pcapngGroup.captures['several-sections'] ?? { bytes: zeros(0) };
    const capture = loadBytes(several, pcap({ order: 'big', packets: [{ time: START + 1n, bytes: frame }] }));
    const again = loadBytes((await exportBytes(capture, 'pcapng')).bytes);
    expect(packetsIn(again)).toEqual(packetsIn(capture));
    expect(again.reader.facts.description).toBe('pcapng, little endian, 1.0');
  });

  it('can be read on its own block by block: lengths at both ends agree and are padded', async () => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface()
        .packet({ time: START, bytes: hex('0102030405') })
        .bytes(),
    );
    const { bytes } = await exportBytes(capture, 'pcapng');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < bytes.length) {
      const size = view.getUint32(at + 4, true);
      expect(size % 4).toBe(0);
      expect(view.getUint32(at + size - 4, true)).toBe(size);
      at += size;
    }
    expect(at).toBe(bytes.length);
    expect(bytes.subarray(8, 12)).toEqual(u32le(0x1a2b3c4d));
  });
});
