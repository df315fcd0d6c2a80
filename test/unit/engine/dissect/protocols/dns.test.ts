/** DNS, mDNS and LLMNR: records, names, matching of responses, framing over TCP. */

import { describe, expect, it } from 'vitest';
import { dns } from '../../../../../engine/dissect/protocols/dns/index.ts';
import { base32hex, keyTag } from '../../../../../engine/dissect/protocols/dns/records.ts';
import { hex, join, patched, seededRandom, u16, utf8 } from '../../../../support/build-bytes.ts';
import { dnsMessage, dnsOverTcp, dnsQuery, dnsResponse } from '../../../../support/build-dns.ts';
import { stackText, treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { dissectConversation, frameStream, type SentMessage } from '../../../../support/frame-stream.ts';

function client(bytes: Uint8Array): SentMessage {
  return { direction: 0, bytes };
}
function server(bytes: Uint8Array): SentMessage {
  return { direction: 1, bytes };
}
function one(bytes: Uint8Array, protocol = 'dns') {
  const [dissection] = dissectConversation('udp', protocol, [server(bytes)]);
  if (dissection === undefined) throw new Error('nothing dissected');
  return dissection;
}
/** A response with one record of a type that the builder has no form for. */
function record(number: number, data: Uint8Array): Uint8Array {
  return dnsMessage({ id: 1, flags: 0x8180, answers: [{ name: 'example.net', type: 'raw', number, data }] });
}
const NAME = hex('03 6e7331 07 6578616d706c65 03 6e6574 00'); // ns1.example.net

describe('a query', () => {
  it('says what it asks in Info and in fields', () => {
    const d = one(dnsQuery(0x8c1e, 'login.example.net', 'A', 1232));
    expect(d.info).toBe('Standard query 0x8c1e A login.example.net OPT');
    expect(stackText(d)).toBe('eth:ethertype:ip:udp:dns');
    expect(d.protocolColumn).toBe('DNS');
    expect(valuesOf(d.root, 'dns.qry.name')).toEqual(['login.example.net']);
    expect(valuesOf(d.root, 'dns.qry.type')).toEqual(['1']);
    expect(valuesOf(d.root, 'dns.id')).toEqual(['0x8c1e']);
    expect(valuesOf(d.root, 'dns.count.labels')).toEqual(['3']);
    expect(valuesOf(d.root, 'dns.rr.udp_payload_size')).toEqual(['1232']);
  });
});

describe('a response', () => {
  const question = { name: 'www.example.net', type: 'A' } as const;
  const response = dnsResponse(7, question, [
    { name: 'www.example.net', type: 'CNAME', target: 'web.example.net' },
    { name: 'web.example.net', type: 'A', address: '203.0.113.5' },
  ]);

  it('follows compressed names and lists the answers', () => {
    const d = one(response);
    expect(d.info).toBe('Standard query response 0x0007 A www.example.net CNAME web.example.net A 203.0.113.5');
    expect(valuesOf(d.root, 'dns.resp.name')).toEqual(['www.example.net', 'web.example.net']);
    expect(valuesOf(d.root, 'dns.a')).toEqual(['203.0.113.5']);
    expect(treeText(d.root)).toContain('web.example.net: type A, class IN, addr 203.0.113.5');
  });

  it('names its query and the time since', () => {
    const [, second] = dissectConversation('udp', 'dns', [
      client(dnsQuery(7, 'www.example.net', 'A')),
      server(response),
    ]);
    expect(valuesOf(second?.root ?? [], 'dns.response_to')).toEqual(['1']);
    expect(valuesOf(second?.root ?? [], 'dns.time')).toEqual(['0.010000000']);
  });

  it('gives the same answer when it is dissected again after the number was reused', () => {
    const memory = { objects: new Map() };
    const query = dnsQuery(7, 'www.example.net', 'A');
    const messages = [client(query), server(response), client(query), server(response)];
    const first = dissectConversation('udp', 'dns', messages, memory).map((d) => treeText(d.root));
    const second = dissectConversation('udp', 'dns', messages, memory).map((d) => treeText(d.root));
    expect(second).toEqual(first);
    expect(first[3]).toContain('[Request In: 3]');
  });

  it('is called unsolicited without a query, and a repeated query names the first', () => {
    expect(valuesOf(one(response).root, 'dns.unsolicited')).toEqual(['1']);
    const query = dnsQuery(7, 'www.example.net', 'A');
    const [, again] = dissectConversation('udp', 'dns', [client(query), client(query)]);
    expect(valuesOf(again?.root ?? [], 'dns.retransmit_request_in')).toEqual(['1']);
  });

  it('says why it failed', () => {
    const d = one(dnsResponse(9, { name: 'no.example.net', type: 'A' }, [], { flags: 0x8180, rcode: 3 }));
    expect(d.info).toBe('Standard query response 0x0009 No such name A no.example.net');
    expect(valuesOf(d.root, 'dns.flags.rcode')).toEqual(['3']);
  });
});

describe('records', () => {
  it.each([
    ['NSEC', 47, join(NAME, hex('00 06 40 01 00 00 00 03')), 'dns.nsec.next_domain_name', 'ns1.example.net'],
    ['CAA', 257, join(hex('00 05'), utf8('issueca.example.net')), 'dns.caa.issue', 'ca.example.net'],
    ['TLSA', 52, hex('03 01 01 aabbcc'), 'dns.tlsa.certificate_association_data', 'aabbcc'],
    ['DS', 43, hex('1234 0d 02 0011'), 'dns.ds.digest', '0011'],
    ['DNSKEY', 48, hex('0101 03 0d 0102'), 'dns.dnskey.flags.secure_entry_point', '1'],
    [
      'RRSIG',
      46,
      join(hex('0001 0d 02 0000012c 65000000 64000000 1234'), NAME, hex('aa')),
      'dns.rrsig.signers_name',
      'ns1.example.net',
    ],
    ['NSEC3', 50, hex('01 01 000a 02 abcd 02 0102 0001 40'), 'dns.nsec3.salt_value', 'abcd'],
    ['SVCB', 64, join(hex('0001 00'), hex('0001 0003 02 6832 0003 0002 01bb')), 'dns.svcb.svcparam.alpn', 'h2'],
    ['HTTPS', 65, join(hex('0001 00'), hex('0004 0004 c0000201')), 'dns.svcb.svcparam.ipv4hint.ip', '192.0.2.1'],
    ['NAPTR', 35, join(hex('000a 0014 01 75 03 733272 00'), NAME), 'dns.naptr.replacement', 'ns1.example.net'],
    ['SSHFP', 44, hex('04 02 beef'), 'dns.sshfp.fingerprint', 'beef'],
    ['HINFO', 13, hex('02 6370 02 6f73'), 'dns.hinfo.os', 'os'],
    ['APL', 42, hex('0001 18 03 c00002'), 'dns.apl.afdpart.ipv4', '192.0.2.0'],
  ] as const)('%s has its fields', (_name, number, data, abbrev, value) => {
    const d = one(record(number, data));
    expect(d.malformed).toBe(false);
    expect(valuesOf(d.root, abbrev)).toContain(value);
  });

  it('SRV shows service, protocol and zone of its owner', () => {
    const srv = {
      name: '_ldap._tcp.example.net',
      type: 'SRV',
      priority: 0,
      weight: 5,
      port: 389,
      target: 'dc.example.net',
    } as const;
    const d = one(dnsResponse(3, { name: srv.name, type: 'SRV' }, [srv]));
    expect(d.info).toContain('SRV 0 5 389 dc.example.net');
    expect(valuesOf(d.root, 'dns.srv.service')).toEqual(['_ldap']);
    expect(valuesOf(d.root, 'dns.srv.name')).toEqual(['example.net']);
  });

  it('computes the key tag of RFC 4034 5.4 and writes base32 as RFC 4648 has it', () => {
    const key =
      'AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==';
    expect(keyTag(join(hex('0100 03 05'), Uint8Array.from(Buffer.from(key, 'base64'))))).toBe(60_485);
    expect(base32hex(utf8('foobar'))).toBe('cpnmuoj1e8');
  });

  it('reads the client subnet and the cookie of EDNS', () => {
    const options = hex('0008 0007 0001 18 00 cb0071 000a 0008 0102030405060708');
    const message = dnsMessage({
      id: 1,
      additional: [{ name: '', type: 'raw', number: 41, class: 1232, ttl: 0x8000, data: options }],
    });
    const d = one(message);
    expect(valuesOf(d.root, 'dns.opt.client.addr4')).toEqual(['203.0.113.0']);
    expect(valuesOf(d.root, 'dns.opt.cookie.client')).toEqual(['0102030405060708']);
    expect(valuesOf(d.root, 'dns.resp.z.do')).toEqual(['1']);
  });
});

describe('hostile messages', () => {
  it('ends a name whose pointer points at itself', () => {
    const message = join(hex('0001 0100 0001 0000 0000 0000'), hex('c00c 0001 0001'));
    const d = one(message);
    expect(valuesOf(d.root, 'dns.qry.name')).toEqual(['<pointers in a loop>']);
  });

  it('ends two names that point at each other', () => {
    const message = join(hex('0001 0100 0001 0000 0000 0000'), hex('0161 c010 0162 c00c 0001 0001'));
    expect(valuesOf(one(message).root, 'dns.qry.name')[0]).toContain('<');
  });

  it('is malformed where it promises more records than it has', () => {
    const d = one(dnsMessage({ id: 1, questions: [{ name: 'example.net', type: 'A' }], counts: [1, 9, 0, 0] }));
    expect(d.malformed).toBe(true);
    expect(d.info).toBe('Standard query 0x0001 A example.net[Malformed Packet]');
  });

  it('never throws on damaged messages', () => {
    const random = seededRandom(1);
    const good = dnsResponse(7, { name: 'www.example.net', type: 'A' }, [
      { name: 'www.example.net', type: 'CNAME', target: 'web.example.net' },
      { name: 'web.example.net', type: 'TXT', texts: ['a', 'b'] },
      { name: 'example.net', type: 'SOA', primary: 'ns1.example.net', mailbox: 'host.example.net', serial: 1 },
    ]);
    for (let i = 0; i < 400; i++) {
      let bytes: Uint8Array = good.slice(0, random.int(good.length) + 1);
      for (let n = random.int(6); n > 0; n--) bytes = patched(bytes, random.int(bytes.length), [random.int(256)]);
      for (const protocol of ['dns', 'mdns', 'llmnr']) expect(treeText(one(bytes, protocol).root)).toContain('\n');
    }
  });
});

describe('multicast DNS', () => {
  it('tells questions and records that flush caches', () => {
    const query = dnsMessage({
      id: 0,
      flags: 0,
      questions: [{ name: '_http._tcp.local', type: 'PTR', class: 0x8001 }],
    });
    expect(one(query, 'mdns').info).toBe('Standard query 0x0000 PTR _http._tcp.local, "QU" question');
    const answer = dnsMessage({
      id: 0,
      flags: 0x8400,
      answers: [{ name: 'printer.local', type: 'A', address: '192.0.2.9', class: 0x8001 }],
    });
    const d = one(answer, 'mdns');
    expect(d.info).toBe('Standard query response 0x0000 A, cache flush 192.0.2.9');
    expect(stackText(d)).toBe('eth:ethertype:ip:udp:mdns');
    expect(valuesOf(d.root, 'dns.resp.cache_flush')).toEqual(['1']);
  });
});

describe('over TCP', () => {
  const messages = [
    dnsQuery(1, 'a.example.net', 'A'),
    dnsQuery(2, 'b.example.net', 'AAAA'),
    dnsQuery(3, 'example.net', 'MX'),
  ];
  const data = dnsOverTcp(...messages);

  it.each([1, 2, 3, 7, 40, 1000])('frames the same messages from segments of %i bytes', (size) => {
    const framed = frameStream('dns', [{ from: 'client', data }], () => size);
    expect(framed.map(({ bytes }) => bytes)).toEqual(messages.map((message) => join(u16(message.length), message)));
    const infos = dissectConversation('tcp', 'dns', framed).map((d) => d.info);
    expect(infos).toEqual([
      'Standard query 0x0001 A a.example.net',
      'Standard query 0x0002 AAAA b.example.net',
      'Standard query 0x0003 MX example.net',
    ]);
  });
});

describe('recognise', () => {
  const recognise = (bytes: Uint8Array, port = 9999): boolean => dns.recognise?.(bytes, 0, bytes.length, port) ?? false;

  it('knows queries and responses on any port, and leaves NetBIOS names alone', () => {
    expect(recognise(dnsQuery(1, 'example.net', 'A'))).toBe(true);
    expect(recognise(dnsQuery(1, 'example.net', 'A'), 137)).toBe(false);
    expect(recognise(utf8('GET / HTTP/1.1\r\nHost: example.net\r\n\r\n'))).toBe(false);
  });

  it('takes no random bytes for DNS', () => {
    const random = seededRandom(2);
    for (let i = 0; i < 20_000; i++) expect(recognise(random.bytes(12 + random.int(80)))).toBe(false);
  });
});
