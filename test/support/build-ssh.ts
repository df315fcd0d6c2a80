/** Builder of SSH: banner (RFC 4253 4.2), key exchange in the clear (RFC 4253 7, RFC 8731), encrypted packets as random bytes. */

import { type BytesLike, join, latin1, type Random, u8, u32, zeros } from './build-bytes.ts';
import type { Turn } from './build-tcp.ts';

export const SSH_MESSAGE = {
  disconnect: 1,
  ignore: 2,
  serviceRequest: 5,
  kexInit: 20,
  newKeys: 21,
  ecdhInit: 30,
  ecdhReply: 31,
} as const;

export function sshBanner(software: string): Uint8Array {
  return latin1(`SSH-2.0-${software}\r\n`);
}

/** A binary packet before encryption: padded to a multiple of 8, at least 4 bytes of padding. */
export function sshPacket(payload: Uint8Array): Uint8Array {
  const padding = 4 + ((8 - ((5 + payload.length + 4) % 8)) % 8);
  return join(u32(1 + payload.length + padding), u8(padding), payload, zeros(padding));
}

function sshString(value: BytesLike): Uint8Array {
  return join(u32(value.length), value);
}

export interface KexInitFields {
  readonly kex?: readonly string[];
  readonly hostKeys?: readonly string[];
  readonly ciphers?: readonly string[];
  readonly macs?: readonly string[];
  readonly compression?: readonly string[];
}

const DEFAULTS = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'diffie-hellman-group14-sha256'],
  hostKeys: ['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256'],
  ciphers: ['chacha20-poly1305@openssh.com', 'aes128-ctr', 'aes256-gcm@openssh.com'],
  macs: ['umac-128-etm@openssh.com', 'hmac-sha2-256'],
  compression: ['none', 'zlib@openssh.com'],
};

export function sshKexInit(fields: KexInitFields, random: Random): Uint8Array {
  const all = { ...DEFAULTS, ...fields };
  const list = (names: readonly string[]): Uint8Array => sshString(latin1(names.join(',')));
  const names = [
    all.kex,
    all.hostKeys,
    all.ciphers,
    all.ciphers,
    all.macs,
    all.macs,
    all.compression,
    all.compression,
    [],
    [],
  ];
  return sshPacket(join(u8(SSH_MESSAGE.kexInit), random.bytes(16), ...names.map(list), u8(0), u32(0)));
}

export function sshEcdhInit(random: Random): Uint8Array {
  return sshPacket(join(u8(SSH_MESSAGE.ecdhInit), sshString(random.bytes(32))));
}

export function sshEcdhReply(random: Random): Uint8Array {
  const hostKey = join(sshString(latin1('ssh-ed25519')), sshString(random.bytes(32)));
  const signature = join(sshString(latin1('ssh-ed25519')), sshString(random.bytes(64)));
  return sshPacket(
    join(u8(SSH_MESSAGE.ecdhReply), sshString(hostKey), sshString(random.bytes(32)), sshString(signature)),
  );
}

export function sshNewKeys(): Uint8Array {
  return sshPacket(u8(SSH_MESSAGE.newKeys));
}

/** With chacha20-poly1305 the length is encrypted too: nothing in it can be read. */
export function sshEncrypted(random: Random, length: number): Uint8Array {
  return random.bytes(Math.ceil(length / 8) * 8 + 20);
}

/** Banner to password: what a login looks like. */
export function sshLoginTurns(fields: { readonly client: string; readonly server: string }, random: Random): Turn[] {
  const encrypted = (from: Turn['from'], length: number, thinkNs: number): Turn => ({
    from,
    data: sshEncrypted(random, length),
    thinkNs,
  });
  return [
    { from: 'client', data: sshBanner(fields.client), thinkNs: 200_000 },
    { from: 'server', data: sshBanner(fields.server), thinkNs: 9_000_000 },
    { from: 'client', data: sshKexInit({}, random), thinkNs: 300_000 },
    { from: 'server', data: sshKexInit({}, random), thinkNs: 700_000 },
    { from: 'client', data: sshEcdhInit(random), thinkNs: 1_500_000 },
    { from: 'server', data: join(sshEcdhReply(random), sshNewKeys()), thinkNs: 4_000_000 },
    { from: 'client', data: join(sshNewKeys(), sshEncrypted(random, 24)), thinkNs: 2_000_000 },
    encrypted('server', 24, 300_000),
    encrypted('client', 48, 300_000),
    encrypted('server', 32, 6_000_000),
    encrypted('client', 120, 850_000_000),
    encrypted('server', 8, 38_000_000),
    encrypted('client', 96, 400_000),
    encrypted('server', 480, 12_000_000),
  ];
}
