/** DHCPv6, TDS, WINS replication, CoAP, Modbus, and the tunnels GTP-U, Teredo and L2TP. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16, u16le, u32, u32le, zeros } from '../../../../support/build-bytes.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { ipv4, ipv6, udp } from '../../../../support/build-packet.ts';
import { checkApplication, expectFramed, recognises } from '../../../../support/check-application.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const NET = { src: '192.0.2.1', dst: '192.0.2.2' };
const tunnelled = (port: number, payload: Uint8Array): Uint8Array =>
  ethernet(LINK, ipv4(NET, udp({ srcPort: 40_000, dstPort: port }, payload))).bytes();

describe('DHCPv6', () => {
  const option = (type: number, value: Uint8Array): Uint8Array => join(u16(type), u16(value.length), value);

  it('says who solicits what', () => {
    const whole = checkApplication(
      'dhcpv6',
      'udp',
      join([1], hex('100874'), option(1, hex('00030001020000000001')), option(6, u16(23))),
    );
    expect(whole.info).toBe('Solicit XID: 0x100874 CID: 00030001020000000001 ');
    expect(valuesOf(whole.root, 'dhcpv6.requested_option_code')).toEqual(['23']);
  });

  it('does not follow relays without end', () => {
    let message = join([1], hex('000001'));
    for (let i = 0; i < 30; i++) message = join([12, i], zeros(32), option(9, message));
    expect(checkApplication('dhcpv6', 'udp', message).info.startsWith('Relay-forw ')).toBe(true);
  });
});

describe('TDS', () => {
  const packet = (type: number, body: Uint8Array, status = 1): Uint8Array =>
    join([type, status], u16(8 + body.length), u16(0), [1, 0], body);
  const text = join(...Array.from('select 1', (c) => u16le(c.charCodeAt(0))));

  it('shows the text of a batch', () => {
    const batch = packet(1, join(u32le(22), zeros(18), text));
    const whole = checkApplication('tds', 'tcp', batch);
    expect(whole.info).toBe('SQL batch');
    expect(valuesOf(whole.root, 'tds.query')).toEqual(['select 1']);
    expectFramed('tds', batch);
  });

  it('takes several packets as one message', () => {
    const first = packet(1, text, 0);
    expectFramed('tds', packet(1, text));
    expect(checkApplication('tds', 'tcp', join(first, packet(1, text))).info).toBe('SQL batch');
    expect(recognises('tds', packet(18, join([0], zeros(20))))).toBe(true);
    expect(recognises('tds', packet(1, text))).toBe(false);
  });
});

describe('WINS replication', () => {
  it('names messages', () => {
    const query = join(u32(16), u32(0x7800), u32(5), u32(3), u32(0));
    expect(checkApplication('winsrepl', 'tcp', query).info).toBe('WREPL_REPL_TABLE_QUERY');
    expectFramed('winsrepl', query);
  });
});

describe('CoAP and Modbus', () => {
  it('shows the path of a CoAP request', () => {
    const request = join(
      [0x41, 1],
      u16(77),
      [0xaa],
      [0xb4],
      latin1('time'),
      [0x03],
      latin1('now'),
      [0x41],
      latin1('q'),
    );
    const whole = checkApplication('coap', 'udp', request);
    expect(whole.info).toBe('CON, MID:77, GET, TKN:aa, /time/now?q');
    expect(valuesOf(whole.root, 'coap.opt.uri_path')).toEqual(['time', 'now']);
  });

  it('names a Modbus function', () => {
    const query = join(u16(1), u16(0), u16(6), [1, 3], u16(10), u16(2));
    const whole = checkApplication('mbtcp', 'tcp', query);
    expect(whole.info).toBe('   Query: Trans:     1; Unit:   1, Func:   3: Read Holding Registers');
    expect(stackText(whole)).toBe('eth:ethertype:ip:tcp:mbtcp:modbus');
    expectFramed('mbtcp', query);
  });
});

describe('tunnels', () => {
  const inner = ipv4(NET, udp({ srcPort: 9, dstPort: 9 }, latin1('x'))).bytes();
  const inner6 = ipv6({ src: '2001:db8::1', dst: '2001:db8::2' }, udp({ srcPort: 9, dstPort: 9 }, latin1('x'))).bytes();

  it('goes on inside GTP-U', () => {
    const whole = checkPacket(tunnelled(2152, join([0x30, 0xff], u16(inner.length), u32(7), inner)));
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:gtp:ip:udp:data');
    expect(valuesOf(whole.root, 'gtp.teid')).toEqual(['0x00000007']);
  });

  it('steps over options and extensions of GTP-U', () => {
    const options = join(u16(5), [0, 0x85], [1, 0, 0, 0]);
    const whole = checkPacket(
      tunnelled(2152, join([0x36, 0xff], u16(options.length + inner.length), u32(7), options, inner)),
    );
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:gtp:ip:udp:data');
  });

  it('goes on inside Teredo, behind its own headers', () => {
    const origin = join(u16(0), u16(40_000 ^ 0xffff), u32(~0xc0000201 >>> 0));
    const whole = checkPacket(tunnelled(3544, join(origin, inner6)));
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:teredo:ipv6:udp:data');
    expect(valuesOf(whole.root, 'teredo.orig.addr')).toEqual(['192.0.2.1']);
  });

  it('goes on inside L2TP, and names its control messages', () => {
    const data = checkPacket(tunnelled(1701, join(u16(2), u16(1), u16(2), hex('ff030021'), inner)));
    expect(stackText(data)).toBe('eth:ethertype:ip:udp:l2tp:ppp:ip:udp:data');
    const control = checkPacket(
      tunnelled(1701, join(u16(0xc802), u16(20), u16(0), u16(0), u16(0), u16(0), hex('8008 0000 0000 0001'))),
    );
    expect(control.info).toBe('Control Message - SCCRQ    (tunnel id=0, session id=0)');
  });
});
