/** Golden captures of QUIC: Initial packets that anyone can open, other versions, and Google's own QUIC. */

import { hex, join, seededRandom, u16le, u32le, utf8, zeros } from '../build-bytes.ts';
import type { Layer } from '../build-packet.ts';
import {
  ALL_FRAMES,
  cryptoFrame,
  initialQuicKeys,
  QUIC_TYPE,
  QUIC_V2,
  quicKeys,
  quicLong,
  quicShort,
  retry,
  versionNegotiation,
} from '../build-quic.ts';
import { clientHello, serverHello } from '../build-tls.ts';
import { answer, ask, ethernetFrames, type GoldenCapture, type GoldenGroup } from './capture.ts';

const PORT = 443;
const ID = hex('0102030405060708');
const SERVER_ID = hex('a1a2a3a4');
const CLIENT = initialQuicKeys(1, ID, 'client');
const SERVER = initialQuicKeys(1, ID, 'server');
/** Keys that nobody but the two sides knows. */
const HIDDEN = quicKeys(1, 'aes-128-gcm', new Uint8Array(32).fill(9));
const hello = clientHello({ serverName: 'h3.example.com', alpn: ['h3'] }, seededRandom(1));

const client = (bytes: Uint8Array): Layer => ask(PORT, bytes);
const server = (bytes: Uint8Array): Layer => answer(PORT, bytes);
const first = (frames: Uint8Array, size = 24): Uint8Array => quicLong(CLIENT, frames, { destination: ID, size });

function capture(...frames: readonly Layer[]): GoldenCapture {
  return ethernetFrames(...frames);
}

const name = utf8('www.example.com');
const tags = join(utf8('CHLO'), u16le(1), [0, 0], utf8('SNI\0'), u32le(name.length), name);
const gquicHello = join([0x0d], ID, utf8('Q043'), [1], zeros(12), [0xa0, 1], [tags.length, 0], tags);

export const quicGroup: GoldenGroup = {
  name: 'quic',
  captures: {
    handshake: capture(
      client(first(cryptoFrame(0, hello), 1180)),
      server(
        join(
          quicLong(SERVER, join([2, 0, 0, 0, 0], cryptoFrame(0, serverHello({}, seededRandom(2)))), {
            source: SERVER_ID,
          }),
          quicLong(HIDDEN, zeros(60), { type: QUIC_TYPE.handshake, source: SERVER_ID }),
        ),
      ),
      client(quicShort(HIDDEN, zeros(40), { destination: SERVER_ID })),
      server(quicShort(HIDDEN, zeros(40))),
    ),
    'hello-in-pieces': capture(
      client(first(join(cryptoFrame(60, hello.slice(60)), [1], cryptoFrame(20, hello.slice(20, 60))))),
      client(quicLong(CLIENT, cryptoFrame(0, hello.slice(0, 20)), { destination: ID, number: 1 })),
    ),
    'version-2': capture(
      client(
        quicLong(initialQuicKeys(QUIC_V2, ID, 'client'), cryptoFrame(0, hello), { version: QUIC_V2, destination: ID }),
      ),
    ),
    retry: capture(
      client(first(cryptoFrame(0, hello))),
      server(retry([], SERVER_ID, utf8('token'))),
      client(
        quicLong(initialQuicKeys(1, SERVER_ID, 'client'), cryptoFrame(0, hello), {
          destination: SERVER_ID,
          token: utf8('token'),
          number: 1,
        }),
      ),
    ),
    'version-negotiation': capture(
      client(join(hex('c00a1a2a3a08'), ID, [0], zeros(1200))),
      server(versionNegotiation([], ID, [1, QUIC_V2])),
    ),
    'all-frames': capture(client(first(ALL_FRAMES))),
    'bad-frames': capture(
      client(first(hex('405f'))),
      client(first(hex('0640ff'), 2)),
      client(first(hex('02ffffffffffffffff'), 9)),
    ),
    'wrong-key': capture(client(quicLong(HIDDEN, zeros(40), { destination: ID }))),
    'padding-behind': capture(client(join(first(cryptoFrame(0, hello)), zeros(40)))),
    'token-too-long': capture(client(join(hex('c30000000108'), ID, [0], hex('7fff'), zeros(30)))),
    'google-quic': capture(client(gquicHello), server(join([0x08], ID, [2], new Uint8Array(30).fill(7)))),
    'google-quic-bad-tags': capture(client(join(gquicHello.slice(0, -27), u32le(0xffffff), name))),
  },
};
