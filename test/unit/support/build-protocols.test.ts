/** The application builders, checked against published bytes and against Node's own X.509 reader. */

import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hex, latin1, readU16, seededRandom, toHex, u32 } from '../../support/build-bytes.ts';
import { certificate, derOid } from '../../support/build-der.ts';
import { dhcp, dhcpOption } from '../../support/build-dhcp.ts';
import { dnsOverTcp, dnsQuery, dnsResponse } from '../../support/build-dns.ts';
import { chunked, httpRequest, httpResponse, sampleText } from '../../support/build-http.ts';
import {
  bencode,
  bittorrentHandshake,
  ntp,
  ntpTime,
  portmapGetPort,
  rdpConnectionRequest,
  rpcRecord,
} from '../../support/build-services.ts';
import { sshPacket } from '../../support/build-ssh.ts';
import { clientHello, TLS_VERSION, tlsHandshakeTurns, tlsRecord } from '../../support/build-tls.ts';

const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

describe('DNS', () => {
  it('writes a query', () => {
    expect(toHex(dnsQuery(0x1234, 'example.com', 'A'))).toBe(
      '123401000001000000000000' + '076578616d706c6503636f6d00' + '00010001',
    );
  });

  it('points back to names that were written before', () => {
    const bytes = dnsResponse(1, { name: 'www.example.com', type: 'A' }, [
      { name: 'www.example.com', type: 'CNAME', target: 'web.example.com', ttl: 1 },
    ]);
    // The owner is a pointer to the question, the target one label and a pointer to "example.com".
    expect(toHex(bytes.slice(33))).toBe('c00c' + '0005' + '0001' + '00000001' + '0006' + '03776562c010');
  });

  it('puts a length before each message over TCP', () => {
    const query = dnsQuery(1, 'example.com', 'A');
    expect(readU16(dnsOverTcp(query, query), 2 + query.length)).toBe(query.length);
  });
});

describe('X.509', () => {
  it('encodes object identifiers', () => {
    expect(toHex(derOid('1.2.840.113549'))).toBe('06062a864886f70d');
  });

  it('makes certificates that Node can read', () => {
    const bytes = certificate(
      {
        subject: { commonName: 'www.example.com', country: 'JP' },
        issuer: { commonName: 'Example Test CA' },
        dnsNames: ['www.example.com', '*.example.net'],
        ipAddresses: ['192.0.2.7'],
        notBefore: '2026-01-01',
        notAfter: '2026-12-31',
      },
      seededRandom(1),
    );
    const read = new X509Certificate(bytes);
    expect(read.subject).toBe('C=JP\nCN=www.example.com');
    expect(read.issuer).toBe('CN=Example Test CA');
    expect(read.subjectAltName).toBe('DNS:www.example.com, DNS:*.example.net, IP Address:192.0.2.7');
    expect(new Date(read.validFrom).toISOString()).toBe('2026-01-01T00:00:00.000Z');
    expect(read.ca).toBe(false);
  });
});

/** Walks TLS records; fails where lengths do not add up. */
function records(bytes: Uint8Array): number[] {
  const types: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    types.push(bytes[at] ?? -1);
    at += 5 + readU16(bytes, at + 3);
  }
  expect(at).toBe(bytes.length);
  return types;
}

describe('TLS', () => {
  it('gives each flight whole records', () => {
    const [hello, flight, finished, ticket] = tlsHandshakeTurns(
      { serverName: 'a.example', version: TLS_VERSION.tls12 },
      seededRandom(1),
    ).map((turn) => records(turn.data));
    expect([hello, flight, finished, ticket]).toEqual([[22], [22, 22, 22, 22], [22, 20, 22], [22, 20, 22]]);
    expect(tlsHandshakeTurns({ serverName: 'a.example' }, seededRandom(1)).map((turn) => records(turn.data))).toEqual([
      [22],
      [22, 20, 23, 23, 23, 23],
      [20, 23],
    ]);
  });

  it('writes the server name where it belongs', () => {
    const hello = clientHello({ serverName: 'www.example.com' }, seededRandom(1));
    expect(toHex(hello)).toContain('0000' + '0014' + '0012' + '00' + '000f' + toHex(latin1('www.example.com')));
  });

  it('splits content that is too long for a record', () => {
    expect(records(tlsRecord(23, new Uint8Array(40_000)))).toEqual([23, 23, 23]);
    expect(records(tlsRecord(23, new Uint8Array(0)))).toEqual([23]);
  });
});

describe('HTTP', () => {
  it('frames bodies by length or in chunks', () => {
    expect(text(httpRequest({ host: 'a.example', body: 'hi', method: 'POST' }))).toMatch(
      /^POST \/ HTTP\/1\.1\r\nHost: a\.example\r\n[^]*Content-Length: 2\r\n\r\nhi$/,
    );
    expect(text(httpResponse({ body: 'hello' }))).toMatch(/Content-Length: 5\r\n\r\nhello$/);
    expect(text(chunked(latin1('abcdefg'), [3]))).toBe('3\r\nabc\r\n3\r\ndef\r\n1\r\ng\r\n0\r\n\r\n');
    expect(text(httpResponse({ status: 304 }))).not.toContain('Content-Length');
  });

  it('makes text of an exact length', () => {
    expect(sampleText(100)).toHaveLength(100);
  });
});

describe('smaller protocols', () => {
  it('writes DHCP options behind the cookie', () => {
    const bytes = dhcp({
      operation: 1,
      transaction: 7,
      clientMac: '02:00:00:00:00:04',
      options: [dhcpOption.messageType(1)],
    });
    expect(bytes.length).toBe(300);
    expect(toHex(bytes.slice(236, 244))).toBe('63825363' + '350101' + 'ff');
  });

  it('counts NTP time from 1900', () => {
    expect(toHex(ntpTime(0n))).toBe('83aa7e8000000000');
    expect(toHex(ntpTime(500_000_000n))).toBe('83aa7e8080000000');
    expect(toHex(ntp({ mode: 3 }).slice(0, 4))).toBe('230006e8');
  });

  it('writes portmap calls', () => {
    const call = portmapGetPort(1, { program: 100_003, version: 3, protocol: 6 });
    expect(toHex(call.slice(0, 24))).toBe('00000001' + '00000000' + '00000002' + '000186a0' + '00000002' + '00000003');
    expect(toHex(call.slice(40))).toBe('000186a3' + '00000003' + '00000006' + '00000000');
    expect(toHex(rpcRecord(call).slice(0, 4))).toBe('80000038');
  });

  it('nests RDP negotiation in X.224 and TPKT', () => {
    const bytes = rdpConnectionRequest('user');
    expect(readU16(bytes, 2)).toBe(bytes.length);
    expect(bytes[4]).toBe(bytes.length - 5);
    expect(text(bytes)).toContain('Cookie: mstshash=user\r\n');
  });

  it('encodes dictionaries with sorted keys', () => {
    expect(text(bencode({ y: 'q', a: [1, 'xy', {}] }))).toBe('d1:ali1e2:xydee1:y1:qe');
    expect(bittorrentHandshake(new Uint8Array(20), new Uint8Array(20))).toHaveLength(68);
  });

  it('pads SSH packets to a multiple of eight', () => {
    for (let length = 0; length < 40; length++) {
      const packet = sshPacket(new Uint8Array(length));
      expect(packet.length % 8).toBe(0);
      expect(packet.slice(0, 4)).toEqual(u32(packet.length - 4));
      expect(packet[4]).toBeGreaterThanOrEqual(4);
    }
    expect(toHex(sshPacket(hex('15')))).toBe('0000000c' + '0a' + '15' + '00'.repeat(10));
  });
});
