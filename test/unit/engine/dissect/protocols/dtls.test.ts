import { describe, expect, it } from 'vitest';
import { withFragment } from '../../../../../engine/dissect/protocols/tls/dtls/fragments.ts';
import type { Dissection } from '../../../../../engine/dissect/tree.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { MemorySource } from '../../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../../engine/readers/index.ts';
import { Capture } from '../../../../../engine/session/capture.ts';
import { Dissector } from '../../../../../engine/session/dissector.ts';
import { hex, seededRandom, zeros } from '../../../../support/build-bytes.ts';
import { dissectDatagrams } from '../../../../support/dissect-conversation.ts';
import { treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { decryptedGroup, tlsRecording } from '../../../../support/golden-captures/decrypted.ts';

useNodePlatform();

function dissectAll(bytes: Uint8Array): Dissection[] {
  const opened = openCapture(new MemorySource(bytes));
  if (!opened.ok) throw new Error(opened.error.message);
  const capture = new Capture(opened.value, { seed: 1 });
  capture.load();
  const dissector = new Dissector(capture);
  return Array.from({ length: capture.table.count }, (_, row) => dissector.dissect(row));
}

function golden(name: string): Uint8Array {
  const capture = decryptedGroup.captures[name];
  if (capture === undefined) throw new Error(`no golden capture ${name}`);
  return capture.bytes;
}

describe('DTLS', () => {
  it.each([
    ['dtls10-cbc', 'DTLSv1.0'],
    ['dtls12-gcm', 'DTLSv1.2'],
  ])('%s: the handshake is put together from fragments and opened', (name, column) => {
    const all = dissectAll(golden(name));
    expect(all.at(-1)?.protocolColumn).toBe(column);
    const infos = all.map(({ info }) => info);
    expect(infos[1]).toBe('Hello Verify Request');
    expect(infos).toContainEqual(expect.stringContaining('Certificate (Reassembled)'));
    expect(infos.filter((info) => info.includes('Change Cipher Spec, Finished'))).toHaveLength(2);
    const whole = all.find(({ info }) => info.includes('Certificate (Reassembled)'));
    expect(valuesOf(whole?.root ?? [], 'x509sat.uTF8String')).toContain('www.example.com');
    expect(valuesOf(whole?.root ?? [], 'dtls.fragment').length).toBeGreaterThan(1);
    expect(all.flatMap(({ sources }) => sources.map((source) => source.name))).toContain('Decrypted DTLS');
  });

  it('has cookies, fingerprints and the fields of TLS under its own name', () => {
    const all = dissectAll(golden('dtls12-gcm'));
    const values = (field: string): string[] => all.flatMap(({ root }) => valuesOf(root, field));
    expect(values('dtls.handshake.cookie').filter((cookie) => cookie !== '').length).toBeGreaterThan(1);
    expect(values('dtls.handshake.extensions_server_name')).toContain('www.example.com');
    expect(values('dtls.handshake.ja4')[0]).toMatch(/^dd2d/);
    expect(values('dtls.handshake.ja3_full')[0]).toMatch(/^65277,/);
    expect(values('tls.handshake.type')).toEqual([]);
  });

  it('never mistakes a lost fragment for a whole message', () => {
    const infos = dissectAll(golden('dtls-fragment-lost')).map(({ info }) => info);
    expect(infos.join()).not.toContain('Certificate (Reassembled)');
  });

  it('ends on damaged datagrams, whatever the damage', () => {
    const random = seededRandom(5);
    const turns = tlsRecording('dtls12-gcm').turns.map(
      ({ from, base64 }) => [from, Uint8Array.from(Buffer.from(base64, 'base64'))] as const,
    );
    for (let round = 0; round < 40; round++) {
      const damaged = turns.map(([from, data]) => {
        const bytes = data.slice(0, 1 + random.int(data.length));
        for (let i = 0; i < 4; i++) bytes[random.int(bytes.length)] = random.int(256);
        return [from, bytes] as const;
      });
      expect(dissectDatagrams(4433, damaged)).toHaveLength(turns.length);
    }
  });

  it('names sealed records of DTLS 1.3, with and without a length', () => {
    const [hello] = tlsRecording('dtls12-gcm').turns;
    const first = Uint8Array.from(Buffer.from(hello?.base64 ?? '', 'base64'));
    const frames = dissectDatagrams(4433, [
      ['client', first],
      ['server', hex(`2e00010003aabbcc2f000200${'04'}${'11'.repeat(4)}`)],
      ['server', hex(`3c${'22'.repeat(20)}`)],
    ]);
    expect(frames[1]?.info).toBe('Encrypted Record, Encrypted Record');
    expect(frames[2]?.info).toBe('Encrypted Record');
    expect(treeText(frames[2]?.root ?? [])).toContain('DTLSv1.3 Record Layer: Encrypted Record');
  });
});

describe('fragments', () => {
  const head = { sequence: 1, type: 11, length: 6 };

  it('are joined in any order, also where they overlap', () => {
    const one = withFragment([], head, 4, hex('0506'), 2);
    expect(one.whole).toBeNull();
    const two = withFragment(one.after, head, 3, hex('0405'), 3);
    expect(two.whole).toBeNull();
    const three = withFragment(two.after, head, 0, hex('010203'), 4);
    expect(three.whole?.bytes).toEqual(hex('010203040506'));
    expect(three.whole?.frames).toEqual([2, 3, 4]);
    expect(three.after).toEqual([]);
  });

  it('keep no more than a few messages, and of each no more than its bytes twice over', () => {
    let partial = withFragment([], { ...head, sequence: 0 }, 1, hex('00'), 1).after;
    for (let sequence = 1; sequence < 50; sequence++)
      partial = withFragment(partial, { ...head, sequence }, 1, hex('00'), 1).after;
    expect(partial.length).toBeLessThan(20);
    const large = { sequence: 1, type: 11, length: 200_000 };
    let waiting = withFragment([], large, 1, zeros(100_000), 1).after;
    for (let i = 0; i < 50; i++) waiting = withFragment(waiting, large, 1, zeros(100_000), 1).after;
    expect(waiting.reduce((sum, { kept }) => sum + kept, 0)).toBeLessThan(1 << 20);
  });
});
