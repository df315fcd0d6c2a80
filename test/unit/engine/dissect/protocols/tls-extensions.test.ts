import { describe, expect, it } from 'vitest';
import type { Dissection } from '../../../../../engine/dissect/tree.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { type BytesLike, hex, join, latin1, seededRandom, u8, u16, u24, u32 } from '../../../../support/build-bytes.ts';
import {
  clientHello,
  serverHello,
  TLS_CONTENT,
  TLS_VERSION,
  tlsHandshake,
  tlsRecord,
} from '../../../../support/build-tls.ts';
import { dissectStream, type Said } from '../../../../support/dissect-conversation.ts';
import { valuesOf } from '../../../../support/dissect-packet.ts';

function extension(type: number, body: BytesLike): Uint8Array {
  return join(u16(type), u16(body.length), body);
}

function hello(...extensions: readonly Uint8Array[]): Said {
  const message = clientHello({ extensions: join(...extensions) }, seededRandom(1));
  return ['client', tlsRecord(TLS_CONTENT.handshake, message, TLS_VERSION.tls10)];
}

function answered(...messages: readonly Uint8Array[]): Dissection[] {
  const server = serverHello({ version: TLS_VERSION.tls12 }, seededRandom(2));
  return dissectStream(443, [hello(), ['server', tlsRecord(TLS_CONTENT.handshake, join(server, ...messages))]]);
}

const values = (all: readonly Dissection[], field: string): string[] =>
  all.flatMap(({ root }) => valuesOf(root, `tls.${field}`));
const sized = (body: BytesLike): Uint8Array => join(u16(body.length), body);

useNodePlatform();

describe('extensions of a hello', () => {
  it('that few have are taken apart', () => {
    const name = hex('300d310b300906035504061302 5a5a'.replaceAll(' ', ''));
    const all = dissectStream(443, [
      hello(
        extension(54, join(u8(3), hex('aabbcc'))),
        extension(12, join(u8(4), latin1('user'))),
        extension(20, join(u8(2), [0, 2])),
        extension(47, sized(sized(name))),
        extension(48, sized(join(u8(5), hex('0603551d25'), sized(hex('00'))))),
      ),
    ]);
    expect(values(all, 'connection_id')).toEqual(['aabbcc']);
    expect(values(all, 'handshake.extensions_srp_username')).toEqual(['user']);
    expect(values(all, 'handshake.cert_type.type')).toEqual(['0x00', '0x02']);
    expect(values(all, 'handshake.dname_len')).toEqual([String(name.length)]);
    expect(values(all, 'extension.oid_filters.oid')).toEqual(['2.5.29.37']);
    expect(all.flatMap(({ root }) => valuesOf(root, 'x509sat.CountryName'))).toEqual(['ZZ']);
  });

  it('of QUIC are listed by name, with their numbers', () => {
    const parameters = join(hex('0104 8000ea60 0f02 0102 1108 00000001 6b3343cf'.replaceAll(' ', '')));
    const all = dissectStream(443, [hello(extension(57, parameters))]);
    expect(values(all, 'quic.parameter.type')).toEqual(['1', '15', '17']);
    expect(values(all, 'quic.parameter.max_idle_timeout')).toEqual(['60000']);
    expect(values(all, 'quic.parameter.initial_source_connection_id')).toEqual(['0102']);
    expect(values(all, 'quic.parameter.vi.other_version')).toEqual(['0x6b3343cf']);
  });

  it('that claim more than they have end the layer', () => {
    for (const body of [hex('05aa'), hex('ff'), hex('ffff'), hex('7fffffff00')]) {
      for (const type of [12, 20, 47, 48, 54, 57, 65486]) {
        const all = dissectStream(443, [hello(extension(type, body))]);
        expect(values(all, 'handshake.type')).toEqual(['1']);
      }
    }
  });
});

describe('messages that few connections have', () => {
  it('an OCSP response says what became of the certificate', () => {
    const tlv = (tag: number, ...body: readonly BytesLike[]): Uint8Array => {
      const inner = join(...body);
      return join(u8(tag), inner.length < 128 ? u8(inner.length) : join(u8(0x82), u16(inner.length)), inner);
    };
    const time = (text: string): Uint8Array => tlv(0x18, latin1(text));
    const algorithm = tlv(0x30, hex('06052b0e03021a'));
    const id = tlv(0x30, algorithm, tlv(4, hex('11')), tlv(4, hex('22')), tlv(2, hex('33')));
    const single = tlv(
      0x30,
      id,
      tlv(0xa1, time('20260101000000Z')),
      time('20260102000000Z'),
      tlv(0xa0, time('20260103000000Z')),
    );
    const data = tlv(0x30, tlv(0xa2, tlv(4, hex('99'))), time('20260104000000Z'), tlv(0x30, single));
    const basic = tlv(0x30, data, algorithm, tlv(3, hex('00abcd')));
    const typed = tlv(0x30, hex('06092b0601050507300101'), tlv(4, basic));
    const response = tlv(0x30, tlv(0x0a, [0]), tlv(0xa0, typed));
    const all = answered(tlsHandshake(22, join(u8(1), u24(response.length), response)));
    const ocsp = (field: string): string[] => all.flatMap(({ root }) => valuesOf(root, `ocsp.${field}`));
    expect(ocsp('responseStatus')).toEqual(['0']);
    expect(ocsp('responseType.id')).toEqual(['1.3.6.1.5.5.7.48.1.1']);
    expect(ocsp('certStatus')).toEqual(['1']);
    expect(ocsp('serialNumber')).toEqual(['33']);
    expect(ocsp('revocationTime')[0]).toContain('2026');
    expect(ocsp('nextUpdate')).toHaveLength(1);
    expect(ocsp('signature')).toEqual(['abcd']);
  });

  it('the protocol that the client took, and URLs of certificates', () => {
    const next = answered(tlsHandshake(67, join(u8(6), latin1('spdy/3'), u8(2), hex('0000'))));
    expect(values(next, 'handshake.npn_selected_protocol')).toEqual(['spdy/3']);
    const url = join(sized(latin1('http://example.com/c')), u8(1), new Uint8Array(20).fill(7));
    const urls = answered(tlsHandshake(21, join(u8(0), sized(url))));
    expect(values(urls, 'handshake.cert_url.url')).toEqual(['http://example.com/c']);
    expect(values(urls, 'handshake.cert_url.sha1')).toEqual(['07'.repeat(20)]);
  });

  it('a delegated credential in a certificate of TLS 1.3', () => {
    const credential = join(u32(3600), u16(0x0403), u24(4), hex('deadbeef'), u16(0x0403), sized(hex('cafe')));
    const certificate = join(u24(2), hex('3000'), sized(extension(34, credential)));
    const server = serverHello({}, seededRandom(2));
    const all = dissectStream(443, [
      hello(),
      [
        'server',
        tlsRecord(
          TLS_CONTENT.handshake,
          join(server, tlsHandshake(11, join(u8(0), u24(certificate.length), certificate))),
        ),
      ],
    ]);
    expect(values(all, 'handshake.cred.valid_time')).toEqual(['3600']);
    expect(values(all, 'handshake.cred.pubkey')).toEqual(['deadbeef']);
    expect(values(all, 'handshake.cred.signature')).toEqual(['cafe']);
  });
});
