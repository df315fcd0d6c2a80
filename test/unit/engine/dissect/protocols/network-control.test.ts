/** What switches and routers say: names, Info, main fields; every cut of each; BGP's framer. */

import { describe, expect, it } from 'vitest';
import { join, u16, utf8 } from '../../../../support/build-bytes.ts';
import { ethernet, llc, snap } from '../../../../support/build-link.ts';
import {
  bgp,
  bgpOpen,
  bgpUpdate,
  bpdu,
  cdp,
  cdpValue,
  eigrp,
  eigrpParameters,
  hsrp,
  lacp,
  lldp,
  lldpValue,
  ospfHello,
  ospfUpdate,
  pimHello,
  rip,
  vrrp,
} from '../../../../support/build-network-control.ts';
import { ipv4, udp } from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { dissectPacket, stackText, valuesOf } from '../../../../support/dissect-packet.ts';
import { frameStream } from '../../../../support/frame-stream.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '01:80:c2:00:00:00' };
const IP = { src: '192.0.2.1', dst: '224.0.0.5' };
const spanningTree = (message: Uint8Array) =>
  checkPacket(ethernet(LINK, llc({ dsap: 0x42, ssap: 0x42 }, message)).bytes());
const routed = (protocol: number, message: Uint8Array) =>
  checkPacket(ethernet(LINK, ipv4({ ...IP, protocol }, message)).bytes());

describe('spanning tree', () => {
  it('describes a configuration message', () => {
    const whole = spanningTree(bpdu());
    expect(stackText(whole)).toBe('eth:llc:stp');
    expect(whole.info).toBe('Conf. Root = 32768/0/02:00:00:00:00:01  Cost = 4  Port = 0x8003');
    expect(valuesOf(whole.root, 'stp.hello')).toEqual(['2']);
    expect(valuesOf(whole.root, 'stp.forward')).toEqual(['15']);
  });

  it('names rapid messages and topology changes', () => {
    expect(spanningTree(bpdu({ type: 2, version: 2, flags: 0x0d, vlan: 7 })).info).toBe(
      'RST. TC + Root = 32768/7/02:00:00:00:00:01  Cost = 4  Port = 0x8003',
    );
    expect(spanningTree(join(u16(0), [0, 0x80])).info).toBe('Topology Change Notification');
  });

  it('ends a message that is cut short as malformed', () => {
    const short = spanningTree(bpdu().slice(0, 20));
    expect(short.malformed).toBe(true);
  });
});

describe('discovery', () => {
  const overSnap = (message: Uint8Array) =>
    checkPacket(ethernet(LINK, snap({ oui: [0, 0, 12], type: 0x2000 }, message)).bytes());

  it('shows who sends CDP, from which port', () => {
    const whole = overSnap(cdp(cdpValue(1, utf8('switch1')), cdpValue(3, utf8('Gi0/1')), cdpValue(10, u16(7))));
    expect(stackText(whole)).toBe('eth:llc:cdp');
    expect(whole.info).toBe('Device ID: switch1  Port ID: Gi0/1  ');
    expect(valuesOf(whole.root, 'cdp.native_vlan')).toEqual(['7']);
    expect(valuesOf(whole.root, 'cdp.checksum.status')).toEqual(['1']);
  });

  it('stops at a CDP value without a length', () => {
    expect(valuesOf(overSnap(cdp(join(u16(1), u16(0)))).root, 'cdp.tlv.len')).toEqual(['0']);
  });

  it('shows chassis, port and system of LLDP', () => {
    const whole = checkPacket(ethernet({ ...LINK, type: 0x88cc }, lldp(lldpValue(5, utf8('switch1')))).bytes());
    expect(stackText(whole)).toBe('eth:ethertype:lldp');
    expect(whole.info).toBe('MA/02:00:00:00:00:01 IN/eth0 120 SysN=switch1 ');
    expect(valuesOf(whole.root, 'lldp.time_to_live')).toEqual(['120']);
  });

  it('shows both sides of link aggregation', () => {
    const whole = dissectPacket(ethernet({ ...LINK, type: 0x8809 }, lacp(0x3d, 0x05)).bytes());
    expect(stackText(whole)).toBe('eth:ethertype:slow:lacp');
    expect(valuesOf(whole.root, 'lacp.actor.port')).toEqual(['22']);
    expect(valuesOf(whole.root, 'lacp.partner.state')).toEqual(['0x05']);
  });
});

describe('routing', () => {
  it('lists the neighbours of an OSPF hello', () => {
    const whole = routed(89, ospfHello('192.0.2.2', '192.0.2.3'));
    expect(whole.info).toBe('Hello Packet');
    expect(valuesOf(whole.root, 'ospf.hello.active_neighbor')).toEqual(['192.0.2.2', '192.0.2.3']);
  });

  it('shows the links of a router in an OSPF update', () => {
    const whole = routed(89, ospfUpdate());
    expect(whole.info).toBe('LS Update');
    expect(valuesOf(whole.root, 'ospf.lsa.router.linkid')).toEqual(['192.0.2.2']);
  });

  it('calls an EIGRP hello that acknowledges by that', () => {
    expect(routed(88, eigrp(5, 0, eigrpParameters())).info).toBe('Hello');
    const ack = routed(88, eigrp(5, 9));
    expect(ack.info).toBe('Hello (Ack)');
    expect(valuesOf(ack.root, 'eigrp.checksum.status')).toEqual(['1']);
  });

  it('shows RIP routes', () => {
    const whole = dissectPacket(
      ethernet(
        LINK,
        ipv4(IP, udp({ srcPort: 520, dstPort: 520 }, rip(2, ['198.51.100.0', '255.255.255.0', 3]))),
      ).bytes(),
      1,
      'rip',
    );
    expect([whole.protocolColumn, whole.info]).toEqual(['RIPv2', 'Response']);
    expect(valuesOf(whole.root, 'rip.metric')).toEqual(['3']);
  });

  it('checks the checksum of VRRP', () => {
    const whole = routed(112, vrrp('192.0.2.254'));
    expect(whole.info).toBe('Announcement (v2)');
    expect(valuesOf(whole.root, 'vrrp.checksum.status')).toEqual(['1']);
    expect(valuesOf(whole.root, 'vrrp.ip_addr')).toEqual(['192.0.2.254']);
  });

  it('names HSRP states and PIM options', () => {
    const standby = dissectPacket(
      ethernet(LINK, ipv4(IP, udp({ srcPort: 1985, dstPort: 1985 }, hsrp(0, 8)))).bytes(),
      1,
      'hsrp',
    );
    expect(standby.info).toBe('Hello (state Standby)');
    const hello = routed(103, pimHello());
    expect([hello.protocolColumn, hello.info]).toEqual(['PIMv2', 'Hello']);
    expect(valuesOf(hello.root, 'pim.holdtime')).toEqual(['105']);
  });
});

describe('BGP', () => {
  const messages = [bgpOpen(), bgp(4), bgpUpdate(), bgp(4)];

  it.each([1, 7, 1000])('is cut into messages when it comes %d bytes at a time', (size) => {
    const framed = frameStream('bgp', [{ from: 'client', data: join(...messages) }], () => size);
    expect(framed.map(({ bytes }) => bytes)).toEqual(messages);
  });

  it('leaves segments as they came where the marker is not', () => {
    const framed = frameStream('bgp', [{ from: 'client', data: utf8('hello, text') }], () => 6);
    expect(framed.map(({ bytes }) => bytes)).toEqual([utf8('hello,'), utf8(' text')]);
  });
});
