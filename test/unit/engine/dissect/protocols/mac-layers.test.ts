/** MACsec and MAC-in-MAC: which layer follows, and every cut. */

import { describe, expect, it } from 'vitest';
import { hex, join, u16, u32, zeros } from '../../../../support/build-bytes.ts';
import { ipv4, udp } from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const ADDRESSES = hex('020000000002020000000001');
const datagram = ipv4({ src: '192.0.2.1', dst: '192.0.2.2' }, udp({ srcPort: 4000, dstPort: 4001 }, 'hello')).bytes();

describe('MACsec', () => {
  it('leaves what is encrypted as data, with its check value apart', () => {
    const whole = checkPacket(join(ADDRESSES, u16(0x88e5), hex('0c00'), u32(9), zeros(20), hex('11'.repeat(16))));
    expect(stackText(whole)).toBe('eth:ethertype:macsec:data');
    expect(valuesOf(whole.root, 'macsec.PN')).toEqual(['9']);
    expect(valuesOf(whole.root, 'data.len')).toEqual(['20']);
  });

  it('goes on in what is only signed', () => {
    const whole = checkPacket(join(ADDRESSES, u16(0x88e5), hex('0000'), u32(9), u16(0x0800), datagram, zeros(16)));
    expect(stackText(whole)).toBe('eth:ethertype:macsec:ethertype:ip:udp:data');
    expect(valuesOf(whole.root, 'udp.length')).toEqual(['13']);
  });
});

describe('MAC-in-MAC', () => {
  it("has a service number and the customer's addresses", () => {
    const whole = checkPacket(join(ADDRESSES, u16(0x88e7), u32(0x123), ADDRESSES, u16(0x0800), datagram));
    expect(stackText(whole)).toBe('eth:ethertype:ieee8021ah:ethertype:ip:udp:data');
    expect(valuesOf(whole.root, 'ieee8021ah.isid')).toEqual(['291']);
  });
});
