/** PPP with its control and authentication protocols, and PPPoE. */

import { describe, expect, it } from 'vitest';
import { join, u16, utf8 } from '../../../../support/build-bytes.ts';
import {
  ethernet,
  LINK_TYPE,
  PPP_PROTOCOL,
  PPPOE,
  ppp,
  pppControl,
  pppoe,
  pppoeTag,
} from '../../../../support/build-link.ts';
import { ipv4, udp } from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';
import { walkPacket } from '../../../../support/walk-packet.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const packet = ipv4({ src: '192.0.2.1', dst: '192.0.2.2' }, udp({ srcPort: 4000, dstPort: 4001 }, 'hello'));

const control = (protocol: number, code: number, data: number[] | Uint8Array = []): Uint8Array =>
  ppp({ protocol }, pppControl(code, 1, data)).bytes();

describe('PPP', () => {
  it.each([
    ['framed', { framed: true }],
    ['without address and control', { framed: false }],
    ['with a compressed protocol', { framed: false, compressed: true }],
  ])('finds IP in a packet %s', (_, fields) => {
    const whole = checkPacket(ppp(fields, packet).bytes(), LINK_TYPE.ppp);
    expect(stackText(whole)).toBe('ppp:ip:udp:data');
    expect(valuesOf(whole.root, 'ppp.protocol')).toEqual(['0x0021']);
  });

  it('names a protocol that it does not open', () => {
    const whole = checkPacket(ppp({ protocol: 0xc025 }, 'abcd').bytes(), LINK_TYPE.ppp);
    expect([stackText(whole), whole.protocolColumn, whole.info]).toEqual([
      'ppp:data',
      '0xc025',
      'PPP Link Quality Report (0xc025)',
    ]);
  });

  it('lists the options of LCP', () => {
    const options = [1, 4, 5, 0xdc, 3, 5, 0xc2, 0x23, 5, 5, 6, 1, 2, 3, 4, 7, 2];
    const whole = checkPacket(control(PPP_PROTOCOL.lcp, 1, options), LINK_TYPE.ppp);
    expect([whole.protocolColumn, whole.info]).toEqual(['PPP LCP', 'Configuration Request']);
    expect(valuesOf(whole.root, 'lcp.opt.type')).toEqual(['1', '3', '5', '7']);
    expect(valuesOf(whole.root, 'lcp.opt.mru')).toEqual(['1500']);
    expect(valuesOf(whole.root, 'lcp.opt.auth_protocol')).toEqual(['0xc223']);
    expect(valuesOf(whole.root, 'ppp.identifier')).toEqual(['1']);
  });

  it('dissects the packet that a protocol reject quotes', () => {
    const bytes = control(PPP_PROTOCOL.lcp, 8, join(u16(PPP_PROTOCOL.ipcp), pppControl(1, 2)));
    const whole = checkPacket(bytes, LINK_TYPE.ppp);
    expect([stackText(whole), whole.info]).toEqual(['ppp:lcp:ipcp', 'Protocol Reject']);
    expect(walkPacket(bytes, LINK_TYPE.ppp).stack).toBe('dissect');
  });

  it('reads addresses of IPCP and the identifier of IPV6CP', () => {
    const four = checkPacket(control(PPP_PROTOCOL.ipcp, 1, [3, 6, 192, 0, 2, 1, 129, 6, 192, 0, 2, 53]), LINK_TYPE.ppp);
    expect(valuesOf(four.root, 'ipcp.opt.ip_address')).toEqual(['192.0.2.1']);
    expect(valuesOf(four.root, 'ipcp.opt.pri_dns_address')).toEqual(['192.0.2.53']);
    const six = checkPacket(control(PPP_PROTOCOL.ipv6cp, 1, [1, 10, 1, 2, 3, 4, 5, 6, 7, 8]), LINK_TYPE.ppp);
    expect(valuesOf(six.root, 'ipv6cp.interface_identifier')).toEqual(['01:02:03:04:05:06:07:08']);
  });

  it('says who authenticates', () => {
    const challenge = checkPacket(control(PPP_PROTOCOL.chap, 1, join([2, 0xab, 0xcd], utf8('server'))), LINK_TYPE.ppp);
    expect(challenge.info).toBe("Challenge (NAME='server', VALUE=0xabcd)");
    const login = checkPacket(control(PPP_PROTOCOL.pap, 1, join([4], utf8('user'), [3], utf8('pwd'))), LINK_TYPE.ppp);
    expect(login.info).toBe("Authenticate-Request (Peer-ID='user', Password='pwd')");
    expect(valuesOf(login.root, 'pap.password')).toEqual(['pwd']);
  });

  it('ends at an option shorter than itself', () => {
    expect(checkPacket(control(PPP_PROTOCOL.lcp, 1, [1, 1, 0, 0]), LINK_TYPE.ppp).malformed).toBe(true);
  });
});

describe('PPPoE', () => {
  it('carries PPP in sessions and leaves padding to Ethernet', () => {
    const session = pppoe(
      { code: PPPOE.session, session: 17 },
      ppp({ framed: false, protocol: PPP_PROTOCOL.lcp }, pppControl(9, 1, [1, 2, 3, 4])),
    );
    const whole = checkPacket(ethernet({ ...LINK, pad: true }, session).bytes());
    expect(stackText(whole)).toBe('eth:ethertype:pppoes:ppp:lcp');
    expect(valuesOf(whole.root, 'pppoe.session_id')).toEqual(['0x0011']);
    expect(valuesOf(whole.root, 'lcp.magic_number')).toEqual(['0x01020304']);
    expect(valuesOf(whole.root, 'eth.padding')).toHaveLength(1);
  });

  it('lists the tags of discovery', () => {
    const tags = join(
      pppoeTag(0x0101, utf8('isp')),
      pppoeTag(0x0102, utf8('ac1')),
      pppoeTag(0x0103, [1, 2]),
      pppoeTag(0x0999, [7]),
    );
    const whole = checkPacket(ethernet(LINK, pppoe({ code: PPPOE.offer }, tags)).bytes());
    expect(whole.info).toBe("Active Discovery Offer (PADO) AC-Name='ac1'");
    expect(valuesOf(whole.root, 'pppoed.tags.service_name')).toEqual(['isp']);
    expect(valuesOf(whole.root, 'pppoed.tags.host_uniq')).toEqual(['0102']);
    expect(valuesOf(whole.root, 'pppoed.tag')).toEqual(['0x0999']);
  });
});
