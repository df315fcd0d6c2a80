/** QUIC: opened Initial packets, hellos over several packets, what key logs open, frames, other versions; and Google's own QUIC. */

import { describe, expect, it } from 'vitest';
import { KeyLog } from '../../../../../engine/base/key-log.ts';
import { setPlatform } from '../../../../../engine/base/platform.ts';
import { nodePlatform } from '../../../../../engine/host/platform-node.ts';
import { hex, join, seededRandom, toHex, u16le, u32, u32le, utf8, zeros } from '../../../../support/build-bytes.ts';
import {
  ALL_FRAMES,
  cryptoFrame,
  initialQuicKeys,
  QUIC_TYPE,
  QUIC_V2,
  type QuicKeys,
  quicKeys,
  quicLong,
  quicShort,
  retry,
  updatedQuicKeys,
  versionNegotiation,
} from '../../../../support/build-quic.ts';
import { clientHello, serverHello } from '../../../../support/build-tls.ts';
import { checkApplication, frameOf, recognises } from '../../../../support/check-application.ts';
import { dissectDatagrams, summaries } from '../../../../support/dissect-conversation.ts';
import { dissectPacket, stackText, valuesOf } from '../../../../support/dissect-packet.ts';

setPlatform(nodePlatform);

const PORT = 8443;
const ID = hex('0102030405060708');
const SERVER_ID = hex('a1a2a3a4');
const CLIENT = initialQuicKeys(1, ID, 'client');
const SERVER = initialQuicKeys(1, ID, 'server');
const hello = clientHello({ serverName: 'h3.example.com', alpn: ['h3'] }, seededRandom(1));

describe('Initial packets', () => {
  it('name the server and the application', () => {
    const packet = quicLong(CLIENT, cryptoFrame(0, hello), { destination: ID, size: 1180 });
    const [frame] = dissectDatagrams(PORT, [['client', packet]]);
    expect(frame?.info).toBe('Initial, DCID=0102030405060708, PKN: 0, CRYPTO, PADDING');
    expect(frame === undefined ? '' : stackText(frame)).toBe('eth:ethertype:ip:udp:quic:tls');
    const value = (abbrev: string): string[] => valuesOf(frame?.root ?? [], abbrev);
    expect(value('tls.handshake.extensions_server_name')).toEqual(['h3.example.com']);
    expect(value('nagare.quic.application')).toEqual(['HTTP/3']);
    expect(value('quic.packet_number')).toEqual(['0']);
  });

  it('put a hello together that comes in pieces, in any order, over several datagrams', () => {
    const pieces = [
      join(cryptoFrame(40, hello.slice(40, 100)), [1], cryptoFrame(10, hello.slice(10, 40))),
      cryptoFrame(100, hello.slice(100)),
      cryptoFrame(0, hello.slice(0, 10)),
    ];
    const frames = dissectDatagrams(
      PORT,
      pieces.map((piece, number) => ['client', quicLong(CLIENT, piece, { destination: ID, number })] as const),
    );
    expect(frames.map((frame) => stackText(frame).endsWith('tls'))).toEqual([false, false, true]);
    expect(valuesOf(frames[2]?.root ?? [], 'quic.crypto.fragment')).toEqual(['3', '1', '1', '2']);
    expect(valuesOf(frames[2]?.root ?? [], 'tls.handshake.extensions_server_name')).toEqual(['h3.example.com']);
  });

  it('of version 2 have other salts, labels and type numbers', () => {
    const keys = initialQuicKeys(QUIC_V2, ID, 'client');
    const packet = quicLong(keys, cryptoFrame(0, hello), { version: QUIC_V2, destination: ID });
    const [frame] = dissectDatagrams(PORT, [['client', packet]]);
    expect(frame?.info).toBe('Initial, DCID=0102030405060708, PKN: 0, CRYPTO');
    expect(valuesOf(frame?.root ?? [], 'quic.long.packet_type_v2')).toEqual(['1']);
  });

  it('change their keys with a Retry, after which nothing is said twice', () => {
    const retryId = hex('99887766');
    const again = initialQuicKeys(1, retryId, 'client');
    const frames = dissectDatagrams(PORT, [
      ['client', quicLong(CLIENT, cryptoFrame(0, hello), { destination: ID })],
      ['server', retry([], retryId, hex('746f6b656e'))],
      ['client', quicLong(again, cryptoFrame(0, hello), { destination: retryId, token: hex('746f6b656e'), number: 1 })],
    ]);
    expect(summaries(frames, 'quic')).toEqual([
      'quic:tls | QUIC | Initial, DCID=0102030405060708, PKN: 0, CRYPTO',
      'quic | QUIC | Retry, SCID=99887766',
      'quic | QUIC | Initial, DCID=99887766, PKN: 1, CRYPTO',
    ]);
    expect(valuesOf(frames[2]?.root ?? [], 'quic.token')).toEqual(['746f6b656e']);
    expect(valuesOf(frames[2]?.root ?? [], 'quic.retransmission')).toHaveLength(1);
  });

  it('shows every frame', () => {
    const [frame] = dissectDatagrams(PORT, [['client', quicLong(CLIENT, ALL_FRAMES, { destination: ID })]]);
    expect(frame?.info).toBe(
      'Initial, DCID=0102030405060708, PKN: 0, PING, ACK_ECN, RS(8), SS(12), NT, STREAM(4), MD, MSD(4), MS, MS, DB, SDB(4), SB, SB, NCI, RC, PC, PR, CC, DONE, DG, CC',
    );
    const value = (abbrev: string): string[] => valuesOf(frame?.root ?? [], abbrev);
    expect(value('quic.ack.ack_range')).toEqual(['3']);
    expect(value('quic.ack.ecn_ce_count')).toEqual(['6']);
    expect(value('quic.stream_data')).toEqual(['616263']);
    expect(value('quic.nci.connection_id')).toEqual(['01020304']);
    expect(value('quic.cc.error_code.tls_alert')).toEqual(['40']);
    expect(value('quic.cc.reason_phrase')).toEqual(['bye', 'alert']);
    expect(value('quic.frame_type').at(-1)).toBe('28');
  });

  it('stops at frames that nobody knows, and at damaged ones', () => {
    for (const frames of [hex('405f'), hex('0640ff'), hex('02ffffffff'), hex('1840'), zeros(0)]) {
      const [frame] = dissectDatagrams(PORT, [['client', quicLong(CLIENT, frames, { destination: ID })]]);
      expect(frame?.info).toContain('Initial');
    }
  });
});

describe('a key log', () => {
  const clientRandom = hello.slice(6, 38);
  const secrets: Readonly<Record<string, Uint8Array>> = {
    CLIENT_HANDSHAKE_TRAFFIC_SECRET: new Uint8Array(48).fill(1),
    SERVER_HANDSHAKE_TRAFFIC_SECRET: new Uint8Array(48).fill(2),
    CLIENT_TRAFFIC_SECRET_0: new Uint8Array(48).fill(3),
    SERVER_TRAFFIC_SECRET_0: new Uint8Array(48).fill(4),
  };

  it.each([
    ['aes-128-gcm', 0x1301, 32],
    ['aes-256-gcm', 0x1302, 48],
    ['chacha20-poly1305', 0x1303, 32],
  ] as const)('opens handshake and data of %s, and what follows a key update', (cipher, cipherSuite, length) => {
    const keyLog = new KeyLog();
    const keys = (label: string): QuicKeys => quicKeys(1, cipher, (secrets[label] ?? ID).slice(0, length));
    for (const [label, secret] of Object.entries(secrets))
      keyLog.add(utf8(`${label} ${toHex(clientRandom)} ${toHex(secret.slice(0, length))}\n`));
    const memory = { objects: new Map() };
    const data = keys('CLIENT_TRAFFIC_SECRET_0');
    const packets: readonly (readonly [0 | 1, Uint8Array])[] = [
      [0, quicLong(CLIENT, cryptoFrame(0, hello), { destination: ID })],
      [
        1,
        join(
          quicLong(SERVER, cryptoFrame(0, serverHello({ cipherSuite }, seededRandom(2))), { source: SERVER_ID }),
          quicLong(keys('SERVER_HANDSHAKE_TRAFFIC_SECRET'), cryptoFrame(0, hex('0800000200 00'.replace(' ', ''))), {
            type: QUIC_TYPE.handshake,
            source: SERVER_ID,
          }),
        ),
      ],
      [0, quicShort(data, join([0x0b, 0], [3], utf8('get')), { destination: SERVER_ID })],
      [
        0,
        quicShort(updatedQuicKeys(data, (secrets.CLIENT_TRAFFIC_SECRET_0 ?? ID).slice(0, length)), [0x01], {
          destination: SERVER_ID,
          number: 1,
          keyPhase: 1,
        }),
      ],
      [0, patchedTag(quicShort(data, [0x01], { destination: SERVER_ID, number: 2 }))],
    ];
    const infos = packets.map(
      ([direction, bytes], i) =>
        dissectPacket(frameOf('udp', bytes), 1, 'quic', { number: i + 1, direction, memory, keyLog }).info,
    );
    expect(infos).toEqual([
      'Initial, DCID=0102030405060708, PKN: 0, CRYPTO',
      'Handshake, SCID=a1a2a3a4, PKN: 0, CRYPTO, PADDING',
      'Protected Payload (KP0), DCID=a1a2a3a4, PKN: 0, STREAM(0), PADDING',
      'Protected Payload (KP1), DCID=a1a2a3a4, PKN: 1, PING, PADDING',
      'Protected Payload (KP0), DCID=a1a2a3a4',
    ]);
  });

  function patchedTag(packet: Uint8Array): Uint8Array {
    const out = packet.slice();
    out[out.length - 1] = (out[out.length - 1] ?? 0) ^ 1;
    return out;
  }
});

describe('other packets', () => {
  it('lists the versions that a server offers', () => {
    const packet = versionNegotiation(ID, SERVER_ID, [1, QUIC_V2]);
    const frame = checkApplication('quic', 'udp', packet);
    expect(frame.info).toBe('Version Negotiation, DCID=0102030405060708, SCID=a1a2a3a4');
    expect(valuesOf(frame.root, 'quic.supported_version')).toEqual(['0x00000001', '0x6b3343cf']);
  });

  it('tells padding behind a packet from another packet', () => {
    const packet = join(quicLong(CLIENT, cryptoFrame(0, hello), { destination: ID }), zeros(30));
    const [frame] = dissectDatagrams(PORT, [['client', packet]]);
    expect(valuesOf(frame?.root ?? [], 'quic.coalesced_padding_data')).toHaveLength(1);
  });

  it('is not confused by any bytes', () => {
    const packet = quicLong(CLIENT, join(cryptoFrame(0, hello), ALL_FRAMES), { destination: ID });
    checkApplication('quic', 'udp', packet);
    expect(recognises('quic', packet)).toBe(true);
    expect(recognises('quic', join([0xc3], u32(0x51303530), [0, 0], zeros(20)))).toBe(true);
    expect(recognises('quic', join([0xc3], u32(0x1a2a3a4a), [0, 0], zeros(1300)))).toBe(true);
    expect(recognises('quic', join([0xc3], u32(0x1a2a3a4a), [0, 0], zeros(20)))).toBe(false);
  });
});

describe('Google’s QUIC', () => {
  const name = utf8('www.example.com');
  const tags = join(utf8('CHLO'), u16le(1), [0, 0], utf8('SNI\0'), u32le(name.length), name);
  const stream = join([0xa0, 1], [tags.length, 0], tags);
  const packet = join([0x0d], ID, utf8('Q043'), [1], zeros(12), stream);

  it('is told by its version, on any port, and names the server', () => {
    const frames = dissectDatagrams(PORT, [
      ['client', packet],
      ['server', join([0x08], ID, [2], new Uint8Array(30).fill(7))],
    ]);
    expect(summaries(frames, 'gquic')).toEqual([
      'gquic | GQUIC | Client Hello, PKN: 1, CID: 72623859790382856',
      'gquic | GQUIC | Payload (Encrypted), PKN: 2, CID: 72623859790382856',
    ]);
    expect(valuesOf(frames[0]?.root ?? [], 'gquic.tag.sni')).toEqual(['www.example.com']);
  });

  it('of later versions has the standard’s first byte', () => {
    const late = join([0xc3], utf8('Q046'), [0x50], ID, u32(1), zeros(12), stream);
    expect(checkApplication('gquic', 'udp', late).info).toBe('Client Hello, PKN: 1, CID: 72623859790382856');
    expect(recognises('gquic', late)).toBe(true);
  });

  it('resets, negotiates, and survives damage', () => {
    checkApplication('gquic', 'udp', packet);
    const frames = dissectDatagrams(PORT, [
      ['client', packet],
      ['server', join([0x09], ID, utf8('Q043Q046'))],
      ['server', join([0x0a], ID, utf8('PRST'), zeros(8))],
    ]);
    expect(frames.slice(1).map((frame) => frame.info)).toEqual([
      'Version Negotiation, CID: 72623859790382856',
      'Public Reset, CID: 72623859790382856',
    ]);
  });
});
