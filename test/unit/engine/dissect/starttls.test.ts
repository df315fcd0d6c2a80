/** STARTTLS: a Client Hello where a message may begin makes a flow of certain protocols TLS, in both directions. */

import { describe, expect, it } from 'vitest';
import { setPlatform } from '../../../../engine/base/platform.ts';
import { nodePlatform } from '../../../../engine/host/platform-node.ts';
import { join, seededRandom, u32, utf8 } from '../../../support/build-bytes.ts';
import { clientHello, serverHello, TLS_CONTENT, TLS_VERSION, tlsRecord } from '../../../support/build-tls.ts';
import { dissectStream, type Said } from '../../../support/dissect-conversation.ts';
import { stackText } from '../../../support/dissect-packet.ts';

setPlatform(nodePlatform);

const hello = tlsRecord(
  TLS_CONTENT.handshake,
  clientHello({ serverName: 'mail.example.com' }, seededRandom(1)),
  TLS_VERSION.tls10,
);
const answer = tlsRecord(TLS_CONTENT.handshake, serverHello({}, seededRandom(2)));

function layers(port: number, before: readonly Said[]): string[] {
  return dissectStream(port, [...before, ['client', hello], ['server', answer]])
    .map((frame) => stackText(frame).replace('eth:ethertype:ip:tcp', ''))
    .filter((text) => text !== '');
}

describe('a flow becomes TLS', () => {
  it.each<[string, number, Said[]]>([
    [
      'smtp',
      25,
      [
        ['server', utf8('220 mail.example.com ESMTP\r\n')],
        ['client', utf8('STARTTLS\r\n')],
        ['server', utf8('220 go ahead\r\n')],
      ],
    ],
    [
      'imap',
      143,
      [
        ['server', utf8('* OK ready\r\n')],
        ['client', utf8('a1 STARTTLS\r\n')],
        ['server', utf8('a1 OK begin\r\n')],
      ],
    ],
    [
      'pop',
      110,
      [
        ['server', utf8('+OK ready\r\n')],
        ['client', utf8('STLS\r\n')],
        ['server', utf8('+OK begin\r\n')],
      ],
    ],
    [
      'ftp',
      21,
      [
        ['server', utf8('220 ready\r\n')],
        ['client', utf8('AUTH TLS\r\n')],
        ['server', utf8('234 go\r\n')],
      ],
    ],
    [
      'pgsql',
      5432,
      [
        ['client', join(u32(8), u32(80_877_103))],
        ['server', utf8('S')],
      ],
    ],
  ])('after STARTTLS in %s', (name, port, before) => {
    const found = layers(port, before);
    expect(found.slice(0, before.length).every((text) => text.startsWith(`:${name}`))).toBe(true);
    expect(found.slice(before.length)).toEqual([':tls', ':tls']);
  });

  it('only where it may', () => {
    expect(layers(6379, [['client', utf8('PING\r\n')]]).some((text) => text.includes('tls'))).toBe(false);
  });
});
