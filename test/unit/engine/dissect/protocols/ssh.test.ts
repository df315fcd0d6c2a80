/** SSH: banners, key exchange by the agreed method, encrypted packets, framing in any split. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, patched, seededRandom, toHex, u8, u32 } from '../../../../support/build-bytes.ts';
import {
  sshBanner,
  sshEcdhInit,
  sshEcdhReply,
  sshEncrypted,
  sshKexInit,
  sshNewKeys,
  sshPacket,
} from '../../../../support/build-ssh.ts';
import { treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { dissectConversation, type Flight, frameStream } from '../../../../support/frame-stream.ts';

const random = seededRandom(1);
const clear: readonly Flight[] = [
  { from: 'client', data: sshBanner('ExampleClient_1.0') },
  { from: 'server', data: sshBanner('ExampleServer_2.0') },
  { from: 'client', data: sshKexInit({}, random) },
  { from: 'server', data: sshKexInit({ kex: ['ecdh-sha2-nistp256', 'curve25519-sha256'] }, random) },
  { from: 'client', data: sshEcdhInit(random) },
  { from: 'server', data: sshEcdhReply(random) },
  { from: 'server', data: sshNewKeys() },
  { from: 'client', data: sshNewKeys() },
];
const sealed = sshEncrypted(random, 24);

describe('a login', () => {
  const framed = frameStream('ssh', [...clear, { from: 'client', data: sealed }], () => 10_000);
  const all = dissectConversation('tcp', 'ssh', framed);

  it('tells its messages in Info', () => {
    expect(all.map((d) => d.info)).toEqual([
      'Client: Protocol (SSH-2.0-ExampleClient_1.0)',
      'Server: Protocol (SSH-2.0-ExampleServer_2.0)',
      'Client: Key Exchange Init',
      'Server: Key Exchange Init',
      'Client: Elliptic Curve Diffie-Hellman Key Exchange Init',
      'Server: Elliptic Curve Diffie-Hellman Key Exchange Reply',
      'Server: New Keys',
      'Client: New Keys',
      `Client: Encrypted packet (len=${sealed.length})`,
    ]);
    expect(all.map((d) => d.protocolColumn).slice(2)).toEqual(new Array(7).fill('SSHv2'));
  });

  it('names the agreed method and the fingerprint of the client', () => {
    expect(treeText(all[4]?.root ?? [])).toContain('SSH Version 2 (curve25519-sha256)');
    expect(valuesOf(all[2]?.root ?? [], 'ssh.kex.hassh')[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(valuesOf(all[3]?.root ?? [], 'ssh.kex.hasshserver')[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(valuesOf(all[5]?.root ?? [], 'ssh.host_key.type')).toEqual(['ssh-ed25519']);
    expect(valuesOf(all[5]?.root ?? [], 'ssh.ecdh.q_s')[0]).toHaveLength(64);
  });

  it('names group exchange messages by the agreed method', () => {
    const kex = { kex: ['diffie-hellman-group-exchange-sha256'] };
    const request = sshPacket(join(u8(34), u32(2048), u32(3072), u32(8192)));
    const flights: Flight[] = [
      { from: 'client', data: sshBanner('a') },
      { from: 'server', data: sshBanner('b') },
      { from: 'client', data: sshKexInit(kex, random) },
      { from: 'server', data: sshKexInit(kex, random) },
      { from: 'client', data: request },
    ];
    const last = dissectConversation(
      'tcp',
      'ssh',
      frameStream('ssh', flights, () => 9999),
    ).at(-1);
    expect(last?.info).toBe('Client: Diffie-Hellman Group Exchange Request');
    expect(valuesOf(last?.root ?? [], 'ssh.dh_gex.nbits')).toEqual(['3072']);
  });

  it('gives the same trees when it is dissected again', () => {
    const memory = { objects: new Map() };
    const first = dissectConversation('tcp', 'ssh', framed, memory).map((d) => treeText(d.root));
    expect(dissectConversation('tcp', 'ssh', framed, memory).map((d) => treeText(d.root))).toEqual(first);
  });
});

describe('framing', () => {
  it.each([1, 2, 5, 6, 33, 1000])('finds banners and packets in segments of %i bytes', (size) => {
    expect(frameStream('ssh', clear, () => size).map(({ bytes }) => toHex(bytes))).toEqual(
      clear.map(({ data }) => toHex(data)),
    );
  });

  it('takes lines before the banner as lines', () => {
    const lines = latin1('Welcome\r\nSSH-2.0-x\r\n');
    const framed = frameStream('ssh', [{ from: 'server', data: lines }], () => 3);
    expect(dissectConversation('tcp', 'ssh', framed).map((d) => d.info)).toEqual([
      'Server: Welcome',
      'Server: Protocol (SSH-2.0-x)',
    ]);
  });

  it('calls a connection whose start was not captured encrypted', () => {
    const framed = frameStream('ssh', [{ from: 'server', data: hex('8f00e1b2c3d4e5f60718') }], () => 100);
    expect(dissectConversation('tcp', 'ssh', framed).map((d) => d.info)).toEqual(['Server: Encrypted packet (len=10)']);
  });

  it('ends on damaged streams', () => {
    const all = join(...clear.map(({ data }) => data));
    for (let seed = 0; seed < 200; seed++) {
      const dice = seededRandom(seed);
      let bytes: Uint8Array = all.slice(0, 1 + dice.int(all.length));
      for (let n = dice.int(16); n > 0; n--) bytes = patched(bytes, dice.int(bytes.length), [dice.int(256)]);
      const framed = frameStream(
        'ssh',
        [{ from: seed % 2 === 0 ? 'client' : 'server', data: bytes }],
        () => 1 + dice.int(300),
      );
      for (const d of dissectConversation('tcp', 'ssh', framed)) expect(d.protocolColumn).toMatch(/^SSH/);
    }
  });
});
