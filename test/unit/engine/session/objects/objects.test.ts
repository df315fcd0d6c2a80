import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { saveIntoFolder, saveObjects } from '../../../../../engine/host/object-files.ts';
import { Dissector } from '../../../../../engine/session/dissector.ts';
import { factsOf, findObjects } from '../../../../../engine/session/objects/index.ts';
import type { StoredObject } from '../../../../../engine/session/objects/object.ts';
import { Job, noTurns } from '../../../../../engine/session/turns.ts';
import { join as joined, latin1, u16 } from '../../../../support/build-bytes.ts';
import { pcap } from '../../../../support/build-capture.ts';
import { httpRequest, httpResponse } from '../../../../support/build-http.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { ipv4, tcp, udp } from '../../../../support/build-packet.ts';
import { loadCapture } from '../../../../support/load-capture.ts';

const LINK = { src: '02:00:00:00:00:04', dst: '02:00:00:00:00:01' };
const A = '192.0.2.4';
const B = '198.51.100.20';
const job = new Job(noTurns);
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

type Message = readonly ['a' | 'b', string | Uint8Array];

function tcpCapture(port: number, messages: readonly Message[], lost: readonly number[] = []): Uint8Array {
  const next = { a: 1000, b: 5000 };
  const packets: { time: bigint; bytes: Uint8Array }[] = [];
  messages.forEach(([from, data], i) => {
    const payload = typeof data === 'string' ? latin1(data) : data;
    const ends = from === 'a' ? { src: A, dst: B } : { src: B, dst: A };
    const ports = from === 'a' ? { srcPort: 40_000, dstPort: port } : { srcPort: port, dstPort: 40_000 };
    const ack = from === 'a' ? next.b : next.a;
    const bytes = ethernet(LINK, ipv4(ends, tcp({ ...ports, seq: next[from], ack, flags: ['ack'] }, payload))).bytes();
    next[from] += payload.length;
    if (!lost.includes(i)) packets.push({ time: BigInt(i) * 1_000_000n, bytes });
  });
  return pcap({ packets });
}

/** The records of a pcap file, each with its header. */
function recordsOf(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isLittle = [0xa1b2c3d4, 0xa1b23c4d].includes(view.getUint32(0, true));
  const records: Uint8Array[] = [];
  for (let at = 24; at < file.length; ) {
    const end = at + 16 + view.getUint32(at + 8, isLittle);
    records.push(file.subarray(at, end));
    at = end;
  }
  return records;
}

async function objectsOf(file: Uint8Array): Promise<readonly StoredObject[]> {
  const capture = loadCapture(file);
  return await findObjects({ capture, dissector: new Dissector(capture), job });
}

function textOf(object: StoredObject | undefined): string {
  return [...(object?.parts() ?? [])].map((part) => new TextDecoder().decode(part)).join('');
}

describe('files carried by protocols', () => {
  it('are bodies of HTTP, named by their request', async () => {
    const [one] = await objectsOf(
      tcpCapture(80, [
        ['a', httpRequest({ host: 'www.example.com', path: '/files/read%20me.txt?x=1' })],
        ['b', httpResponse({ headers: { 'Content-Type': 'text/plain', 'Content-Length': '5' }, body: 'hello' })],
      ]),
    );
    expect(one === undefined ? null : factsOf(one)).toEqual({
      kind: 'http',
      row: 1,
      host: 'www.example.com',
      type: 'text/plain',
      name: 'read me.txt',
      size: 5,
      whole: 5,
      missing: 0,
    });
    expect(textOf(one)).toBe('hello');
  });

  it('say how much of them is missing', async () => {
    const [one] = await objectsOf(
      tcpCapture(
        80,
        [
          ['a', httpRequest({ host: 'www.example.com', path: '/a.bin' })],
          ['b', joined(latin1('HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n'), new Uint8Array(100).fill(65))],
          ['b', new Uint8Array(100).fill(66)],
          ['b', new Uint8Array(100).fill(67)],
        ],
        [2],
      ),
    );
    expect(one).toMatchObject({ size: 200, whole: 300, missing: 100 });
  });

  it('are whole where what was lost was sent again, even behind their ends', async () => {
    const whole = tcpCapture(80, [
      ['a', httpRequest({ host: 'www.example.com', path: '/a.bin' })],
      ['b', joined(latin1('HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n'), new Uint8Array(100).fill(65))],
      ['b', new Uint8Array(100).fill(66)],
      ['b', new Uint8Array(100).fill(67)],
      ['a', httpRequest({ host: 'www.example.com', path: '/b.bin' })],
    ]);
    // The third packet comes behind the fourth.
    const records = recordsOf(whole);
    const [first, second, third, fourth, fifth] = records;
    const moved = [first, second, fourth, third, fifth].map((record) => record ?? new Uint8Array(0));
    const [one] = await objectsOf(joined(whole.subarray(0, 24), ...moved));
    expect(one).toMatchObject({ size: 300, whole: 300, missing: 0 });
    expect(textOf(one)).toBe('A'.repeat(100) + 'B'.repeat(100) + 'C'.repeat(100));
  });

  it('are messages of SMTP, with doubled dots undone', async () => {
    const [one, ...others] = await objectsOf(
      tcpCapture(25, [
        ['b', '220 mx.example.com\r\n'],
        ['a', 'DATA\r\n'],
        ['b', '354 go on\r\n'],
        ['a', 'Subject: A note\r\n\r\nfirst\r\n..dots\r'],
        ['a', '\n.\r\nQUIT\r\n'],
        ['b', '250 taken\r\n'],
      ]),
    );
    expect(others).toEqual([]);
    expect(one).toMatchObject({ kind: 'mail', name: 'A note.eml', missing: 0 });
    expect(textOf(one)).toBe('Subject: A note\r\n\r\nfirst\r\n.dots\r\n');
  });

  it('are transfers of TFTP, blocks in order', async () => {
    const datagram = (fromClient: boolean, server: number, payload: Uint8Array): Uint8Array => {
      const ends = fromClient ? { src: A, dst: B } : { src: B, dst: A };
      const ports = fromClient ? { srcPort: 40_000, dstPort: server } : { srcPort: server, dstPort: 40_000 };
      return ethernet(LINK, ipv4(ends, udp(ports, payload))).bytes();
    };
    const block = (number: number, text: string): Uint8Array => joined(u16(3), u16(number), latin1(text));
    const full = 'x'.repeat(512);
    const packets = [
      datagram(true, 69, joined(u16(1), latin1('boot/pxe.cfg\0octet\0'))),
      datagram(false, 3000, block(1, full)),
      datagram(false, 3000, block(1, full)),
      datagram(false, 3000, block(2, 'end')),
    ].map((bytes, i) => ({ time: BigInt(i) * 1_000_000n, bytes }));
    const [one] = await objectsOf(pcap({ packets }));
    expect(one).toMatchObject({ kind: 'tftp', name: 'pxe.cfg', size: 515, whole: 515, missing: 0 });
    expect(textOf(one)).toBe(`${full}end`);
  });
});

describe('saving them', () => {
  const named = (name: string, text: string): StoredObject => ({
    kind: 'http',
    row: 0,
    host: '',
    type: '',
    name,
    size: text.length,
    whole: null,
    missing: 0,
    parts: () => [latin1(text)],
  });

  it('never leaves the folder, never replaces a file, and numbers names that are alike', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nagare-objects-'));
    folders.push(folder);
    const objects = ['../../etc/passwd', 'C:\\a\\con', 'x.txt', 'X.TXT', '..', '/x.txt'].map((name) =>
      named(name, name),
    );
    const paths = await saveIntoFolder(objects, folder, job);
    expect(paths.every((path) => path.startsWith(folder + '/') || path.startsWith(`${folder}\\`))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['X(2).TXT', '_con', 'http-1', 'passwd', 'x(3).txt', 'x.txt'].sort());
    await saveIntoFolder([named('x.txt', 'other')], folder, job);
    expect(readFileSync(join(folder, 'x.txt'), 'latin1')).toBe('x.txt');
    expect(readdirSync(folder)).toHaveLength(7);
  });

  it('puts several into an archive that others can read', async () => {
    const parts: Uint8Array[] = [];
    await saveObjects(
      [named('a.txt', 'first'), named('a.txt', 'second')],
      { write: (part) => void parts.push(part) },
      job,
    );
    const zip = Buffer.concat(parts);
    const end = zip.length - 22;
    expect(zip.readUInt32LE(end)).toBe(0x06054b50);
    expect(zip.readUInt16LE(end + 10)).toBe(2);
    const central = zip.readUInt32LE(end + 16);
    expect(zip.subarray(central + 46, central + 51).toString()).toBe('a.txt');
    // What gzip says of the same bytes.
    expect(zip.readUInt32LE(central + 16)).toBe(gzipSync('first').readUInt32LE(gzipSync('first').length - 8));
    expect(zip.subarray(30 + 5, 30 + 10).toString()).toBe('first');
  });
});
