/** TLS: records in any split, hellos, certificates, fingerprints, and what a conversation learns. */

import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ja3Text, ja4, makeHello } from '../../../../../engine/dissect/protocols/tls/fingerprints.ts';
import { tls } from '../../../../../engine/dissect/protocols/tls/index.ts';
import { hex, join, patched, seededRandom, toHex, u16, u24, utf8 } from '../../../../support/build-bytes.ts';
import { certificate } from '../../../../support/build-der.ts';
import {
  certificateMessage,
  changeCipherSpec,
  clientHello,
  serverHello,
  TLS_CONTENT,
  TLS_VERSION,
  tlsAlert,
  tlsData,
  tlsHandshake,
  tlsHandshakeTurns,
  tlsRecord,
} from '../../../../support/build-tls.ts';
import { treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { dissectConversation, type Flight, frameStream, type SentMessage } from '../../../../support/frame-stream.ts';

const NAME = 'login.example.net';

function turns(version: number, seed = 1): Flight[] {
  return tlsHandshakeTurns({ serverName: NAME, version }, seededRandom(seed)).map(({ from, data }) => ({ from, data }));
}
function client(bytes: Uint8Array): SentMessage {
  return { direction: 0, bytes };
}
function server(bytes: Uint8Array): SentMessage {
  return { direction: 1, bytes };
}

describe('a TLS 1.2 handshake', () => {
  const framed = frameStream('tls', turns(TLS_VERSION.tls12), () => 1400);
  const all = dissectConversation('tcp', 'tls', framed);
  const infos = all.map((d) => d.info);

  it('tells its messages in order', () => {
    expect(infos[0]).toBe(`Client Hello (SNI=${NAME})`);
    expect(infos.slice(1, 5)).toEqual(['Server Hello', 'Certificate', 'Server Key Exchange', 'Server Hello Done']);
    expect(infos).toContain('Client Key Exchange');
    expect(infos).toContain('Encrypted Handshake Message');
  });

  it('names the version once the server has chosen it', () => {
    expect(all[0]?.protocolColumn).toBe('TLSv1');
    expect(new Set(all.slice(1).map((d) => d.protocolColumn))).toEqual(new Set(['TLSv1.2']));
  });

  it('reads the names in the certificate', () => {
    const names = valuesOf(all[2]?.root ?? [], 'x509ce.dNSName');
    expect(names).toContain(NAME);
    expect(valuesOf(all[2]?.root ?? [], 'x509af.utcTime')[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\)$/);
  });

  it('reads the key exchange of the chosen suite', () => {
    expect(valuesOf(all[3]?.root ?? [], 'tls.handshake.server_named_curve')).toEqual(['0x001d']);
    expect(valuesOf(all[3]?.root ?? [], 'tls.handshake.server_point')[0]).toHaveLength(64);
  });
});

describe('a TLS 1.3 handshake', () => {
  it('is TLSv1.3 from the Server Hello on, and a change of cipher spec hides nothing', () => {
    const all = dissectConversation(
      'tcp',
      'tls',
      frameStream('tls', turns(TLS_VERSION.tls13), () => 1000),
    );
    expect(all[1]?.info).toBe('Server Hello');
    expect(all[1]?.protocolColumn).toBe('TLSv1.3');
    expect(all.at(-1)?.info).toBe('Application Data');
    expect(valuesOf(all.at(-1)?.root ?? [], 'tls.record.opaque_type')).toEqual(['23']);
    expect(valuesOf(all[0]?.root ?? [], 'tls.handshake.extensions.supported_version')).toEqual(['0x0304', '0x0303']);
    expect(valuesOf(all[0]?.root ?? [], 'tls.handshake.extensions_alpn_str')).toEqual(['h2', 'http/1.1']);
  });
});

describe('records', () => {
  const flights = turns(TLS_VERSION.tls12, 3);
  const expected = frameStream('tls', flights, () => 100_000).map(({ bytes }) => toHex(bytes));

  it.each([1, 2, 4, 5, 6, 50, 700])('are the same in segments of %i bytes', (size) => {
    expect(frameStream('tls', flights, () => size).map(({ bytes }) => toHex(bytes))).toEqual(expected);
  });

  it('are the same in segments of any sizes', () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = seededRandom(seed);
      expect(frameStream('tls', flights, () => 1 + random.int(600)).map(({ bytes }) => toHex(bytes))).toEqual(expected);
    }
  });

  it('put together a handshake message that spans three of them', () => {
    const random = seededRandom(4);
    const hello = clientHello({ serverName: NAME }, random);
    const pieces = [hello.slice(0, 3), hello.slice(3, 60), hello.slice(60)].map((piece) =>
      client(tlsRecord(TLS_CONTENT.handshake, piece, TLS_VERSION.tls10)),
    );
    const memory = { objects: new Map() };
    const first = dissectConversation('tcp', 'tls', pieces, memory);
    expect(first.map((d) => d.info)).toEqual([
      'Client Hello (fragment)',
      'Client Hello (fragment)',
      `Client Hello (SNI=${NAME})`,
    ]);
    expect(valuesOf(first[2]?.root ?? [], 'tls.handshake.extensions_server_name')).toEqual([NAME]);
    const again = dissectConversation('tcp', 'tls', pieces, memory);
    expect(again.map((d) => treeText(d.root))).toEqual(first.map((d) => treeText(d.root)));
  });

  it('cost no more than their bytes when each brings one byte of a message', () => {
    const hello = tlsHandshake(11, new Uint8Array(20_000));
    const pieces = Array.from(hello, (byte) => client(tlsRecord(TLS_CONTENT.handshake, Uint8Array.of(byte))));
    const start = Date.now();
    const all = dissectConversation('tcp', 'tls', pieces);
    expect(all.at(-1)?.info).toBe('Certificate');
    expect(Date.now() - start).toBeLessThan(20_000);
  });

  it('hold several handshake messages', () => {
    const random = seededRandom(5);
    const body = join(serverHello({ version: TLS_VERSION.tls12 }, random), tlsHandshake(14, []));
    const [only] = dissectConversation('tcp', 'tls', [server(tlsRecord(TLS_CONTENT.handshake, body))]);
    expect(only?.info).toBe('Server Hello, Server Hello Done');
    expect(treeText(only?.root ?? [])).toContain('Handshake Protocol: Multiple Handshake Messages');
  });

  it('show alerts, readable and not', () => {
    const alert = tlsAlert(2, 40);
    const [open, , sealed] = dissectConversation('tcp', 'tls', [
      server(alert),
      server(changeCipherSpec()),
      server(tlsRecord(TLS_CONTENT.alert, seededRandom(1).bytes(26))),
    ]);
    expect(open?.info).toBe('Alert (Level: Fatal, Description: Handshake Failure)');
    expect(valuesOf(open?.root ?? [], 'tls.alert_message.desc')).toEqual(['40']);
    expect(sealed?.info).toBe('Encrypted Alert');
  });

  it('read the second Client Hello behind a change of cipher spec', () => {
    const random = seededRandom(6);
    const hello = tlsRecord(TLS_CONTENT.handshake, clientHello({ serverName: NAME }, random));
    const [, second] = dissectConversation('tcp', 'tls', [client(changeCipherSpec()), client(hello)]);
    expect(second?.info).toBe(`Client Hello (SNI=${NAME})`);
  });

  it('unpack a compressed certificate', () => {
    const fields = {
      subject: { commonName: NAME },
      issuer: { commonName: 'Example CA' },
      dnsNames: [NAME],
      ipAddresses: ['192.0.2.7'],
    };
    const message = certificateMessage([certificate(fields, seededRandom(7))]).slice(4);
    // TLS 1.3's form: a context before the list, extensions behind each certificate.
    const list = message.slice(3);
    const body = join([0], u24(list.length + 2), list, u16(0));
    const packed = Uint8Array.from(deflateSync(body));
    const compressed = tlsHandshake(25, join(u16(1), u24(body.length), u24(packed.length), packed));
    const [only] = dissectConversation('tcp', 'tls', [server(tlsRecord(TLS_CONTENT.handshake, compressed))]);
    expect(only?.info).toBe('Compressed Certificate');
    expect(valuesOf(only?.root ?? [], 'x509sat.uTF8String')).toEqual(['Example CA', NAME]);
    expect(valuesOf(only?.root ?? [], 'x509ce.IPAddress.ipv4')).toEqual(['192.0.2.7']);
  });
});

describe('fingerprints', () => {
  it('make the JA3 of the method that its authors publish', () => {
    const hello = {
      ...makeHello(),
      version: 769,
      suites: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
      extensions: [0, 10, 11],
      groups: [23, 24, 25],
      pointFormats: [0],
    };
    expect(ja3Text(hello)).toBe('769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0');
  });

  it('make the JA4 of the example in its specification', () => {
    const suites = [
      0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f,
      0x0035,
    ];
    const extensions = [
      0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b,
      0x000a, 0x0015,
    ];
    const hello = {
      ...makeHello(),
      version: 0x0303,
      suites: [0x2a2a, ...suites],
      extensions: [0x3a3a, ...extensions],
      versions: [0x4a4a, 0x0304, 0x0303],
      alpn: utf8('h2'),
      signatures: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
      serverName: NAME,
    };
    expect(ja4(hello, 't')).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('are fields of the hellos', () => {
    const all = dissectConversation(
      'tcp',
      'tls',
      frameStream('tls', turns(TLS_VERSION.tls13), () => 1000),
    );
    expect(valuesOf(all[0]?.root ?? [], 'tls.handshake.ja4')[0]).toMatch(/^t13d\d{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$/);
    expect(valuesOf(all[0]?.root ?? [], 'tls.handshake.ja3')[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(valuesOf(all[1]?.root ?? [], 'tls.handshake.ja3s')[0]).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('old and other bytes', () => {
  it('names a hello in the form of SSL 2.0', () => {
    const hello = hex('8019 01 0300 0003 0000 000d 00000a 00112233445566778899aabbcc');
    const [only] = dissectConversation('tcp', 'tls', [client(hello.slice(0, 27))]);
    expect(only?.info).toBe('Client Hello');
    expect(only?.protocolColumn).toBe('SSLv2');
    expect(valuesOf(only?.root ?? [], 'tls.handshake.cipherspec')).toEqual(['0x00000a']);
  });

  it('calls bytes that are no record a continuation', () => {
    const [only] = dissectConversation('tcp', 'tls', [client(utf8('GET / HTTP/1.1\r\n\r\n'))]);
    expect(only?.info).toBe('Continuation Data');
    expect(only?.protocolColumn).toBe('SSL');
  });

  it('knows a hello on any port', () => {
    const hello = tlsRecord(
      TLS_CONTENT.handshake,
      clientHello({ serverName: NAME }, seededRandom(1)),
      TLS_VERSION.tls10,
    );
    expect(tls.recognise?.(hello, 0, hello.length, 9999)).toBe(true);
    expect(tls.recognise?.(utf8('SSH-2.0-example\r\n'), 0, 17, 9999)).toBe(false);
  });

  it('ends on damaged records, whatever the damage', () => {
    const all = join(...turns(TLS_VERSION.tls12, 8).map(({ data }) => data), tlsData(seededRandom(1), 100));
    for (let seed = 0; seed < 150; seed++) {
      const random = seededRandom(seed);
      let bytes: Uint8Array = all.slice(0, 1 + random.int(all.length));
      for (let n = random.int(20); n > 0; n--) bytes = patched(bytes, random.int(bytes.length), [random.int(256)]);
      const framed = frameStream(
        'tls',
        [{ from: seed % 2 === 0 ? 'client' : 'server', data: bytes }],
        () => 1 + random.int(900),
      );
      for (const d of dissectConversation('tcp', 'tls', framed)) expect(d.protocolColumn).not.toBe('');
    }
  });
});
