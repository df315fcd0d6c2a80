/** Services of networks, hosts, clouds and telephony: every message of their golden captures may be cut and damaged anywhere. */

import { describe, expect, it } from 'vitest';
import type { Announcing } from '../../../../../engine/dissect/announcements.ts';
import { announceRtsp } from '../../../../../engine/dissect/announcing/rtsp.ts';
import { allProtocols } from '../../../../../engine/dissect/registry.ts';
import { hex, join, latin1, u16, u32 } from '../../../../support/build-bytes.ts';
import { pcap } from '../../../../support/build-capture.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { ipv4, udp } from '../../../../support/build-packet.ts';
import { checkApplication, expectFramed, recognises } from '../../../../support/check-application.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';
import { loadCapture } from '../../../../support/load-capture.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const NET = { src: '192.0.2.1', dst: '192.0.2.2' };
const datagram = (port: number, payload: Uint8Array): Uint8Array =>
  ethernet(LINK, ipv4(NET, udp({ srcPort: 40_000, dstPort: port }, payload))).bytes();
const inner = ipv4(NET, udp({ srcPort: 40_000, dstPort: 9999 }, 'hello')).bytes();

describe('ports that anybody may use', () => {
  it('leaves a datagram alone that is no message of the port', () => {
    const topOf = (port: number, payload: Uint8Array): string | undefined => {
      const { table, pass } = loadCapture(pcap({ packets: [{ time: 0n, bytes: datagram(port, payload) }] }));
      return allProtocols[pass.stacks.protocol[table.get('stack', 0)] ?? 0]?.name;
    };
    expect(topOf(2055, join(u16(5), u16(0), new Uint8Array(20)))).toBe('cflow');
    expect(topOf(2055, latin1('no export at all'))).toBe('data');
    expect(stackText(checkPacket(datagram(6343, latin1('no sample at all'))))).toBe('eth:ethertype:ip:udp:data');
  });
});

describe('RTSP', () => {
  it('announces the ports of a transport that was agreed on', () => {
    const told: string[] = [];
    const announcing = (text: string): Announcing => ({
      bytes: latin1(text),
      at: 0,
      end: text.length,
      row: 3,
      direction: 1,
      transport: 'tcp',
      source: { address: '192.0.2.2', port: 554 },
      destination: { address: '192.0.2.1', port: 40_000 },
      state: (make) => make(),
      tell(transport, address, port, protocol, method) {
        told.push(`${transport} ${address} ${port} ${protocol} ${method}`);
        return { protocol: 0, row: 3, method, notes: new Map() };
      },
    });
    const transport = 'Transport: RTP/AVP;unicast;client_port=5000-5001;server_port=6000\r\n\r\n';
    announceRtsp(announcing(`SETUP rtsp://192.0.2.2/a RTSP/1.0\r\n${transport}`));
    expect(told).toEqual([]);
    announceRtsp(announcing(`RTSP/1.0 200 OK\r\nCSeq: 2\r\n${transport}`));
    expect(told).toEqual([
      'udp 192.0.2.1 5000 rtp RTSP',
      'udp 192.0.2.1 5001 rtcp RTSP',
      'udp 192.0.2.2 6000 rtp RTSP',
      'udp 192.0.2.2 6001 rtcp RTSP',
    ]);
  });
});

describe('NetFlow', () => {
  it('reads records by their template', () => {
    const template = join(u16(0), u16(16), u16(256), u16(2), u16(8), u16(4), u16(1), u16(4));
    const records = join(u16(256), u16(12), hex('c0000201'), u32(99));
    const message = join(u16(9), u16(2), u32(1), u32(1_768_467_600), u32(1), u32(7), template, records);
    const whole = checkApplication('cflow', 'udp', message);
    expect(valuesOf(whole.root, 'cflow.srcaddr')).toEqual(['192.0.2.1']);
    expect(valuesOf(whole.root, 'cflow.octets')).toEqual(['99']);
  });

  it('ends where a template has no bytes', () => {
    const template = join(u16(0), u16(12), u16(256), u16(1), u16(8), u16(0));
    const records = join(u16(256), u16(8), u32(0));
    const message = join(u16(9), u16(2), u32(1), u32(0), u32(1), u32(7), template, records);
    expect(checkApplication('cflow', 'udp', message).malformed).toBe(false);
  });

  it('frames IPFIX by its length', () => {
    expectFramed('cflow', join(u16(10), u16(20), u32(0), u32(0), u32(0), u32(0)));
  });
});

describe('tunnels', () => {
  it('walks what LISP carries', () => {
    const whole = checkPacket(datagram(4341, join(hex('0800000000000a00'), inner)));
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:lisp-data:ip:udp:data');
  });

  it('walks what an access point sends on', () => {
    const frame = ethernet(LINK, ipv4(NET, udp({ srcPort: 1, dstPort: 2 }, 'x'))).bytes();
    const whole = checkPacket(datagram(5247, join(hex('0010000000000000'), frame)));
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:capwap.data:eth:ethertype:ip:udp:data');
  });

  it('takes version 2 on the port of GTP for what it is', () => {
    const whole = checkPacket(datagram(2123, hex('400100090000010003000100 05')));
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:gtp:gtpv2');
    expect(whole.info).toBe('Echo Request');
  });
});

describe('streams', () => {
  const diameter = join(hex('0100001c80000118'), u32(0), u32(1), u32(2), hex('000001084000000a61620000').slice(0, 8));

  it('frames messages by their length', () => {
    expectFramed('diameter', diameter);
    expectFramed('ldp', hex('00010012c000020100000201000800000007 00000000'));
    expectFramed('msdp', hex('040003'));
    expectFramed('git', latin1('0009done\n'));
    expectFramed('openflow', hex('0100000800000001'));
    expectFramed('skinny', hex('040000000000000000000000'));
    expectFramed('gearman', hex('005245510000000700000001 66'));
    expectFramed('rtsp', hex('24000002abcd'));
  });

  it('knows RTSP and Diameter on any port', () => {
    expect(recognises('rtsp', latin1('OPTIONS * RTSP/1.0\r\n\r\n'))).toBe(true);
    expect(recognises('rtsp', latin1('OPTIONS * HTTP/1.1\r\n\r\n'))).toBe(false);
    expect(recognises('diameter', diameter)).toBe(true);
    expect(recognises('diameter', hex('0100000080000118'))).toBe(false);
  });
});

const MESSAGES: readonly (readonly [protocol: string, transport: 'tcp' | 'udp', message: Uint8Array])[] = [
  ['aodv', 'udp', hex('0300000101020304 00000001')],
  ['babel', 'udp', hex('2a020008 0406 0000 0001 0064')],
  ['capwap', 'udp', hex('0010020000000000 00000001 05 0007 00 0014 0001 01')],
  ['cups', 'udp', latin1('3 3 ipp://192.0.2.1/p "a" "b" "c"\n')],
  ['epmd', 'tcp', hex('770012344d0000060005000472616262 0000')],
  ['gopher', 'tcp', latin1('0a\tb\tc\t70\r\n')],
  ['iax2', 'udp', hex('8001000000000001 0000 060d 0605616c696365')],
  ['ipmi_session', 'udp', hex('0610 00000000 00000000 0200 0000')],
  ['m3ua', 'udp', hex('0100010100000020 0210001800000001000000020302000509000305 0000')],
  ['megaco', 'udp', latin1('!/1 [192.0.2.1] T=1{C=-{SC=ROOT,A=$}}')],
  ['mgcp', 'udp', latin1('CRCX 1 a@b MGCP 1.0\r\nC: 1\r\n\r\nv=0\r\n')],
  ['mip', 'udp', hex('01000708c0000201c0000202c00002030000000000000000 2008000001000102')],
  ['olsr', 'udp', hex('001400010186001 0c0000201010000010000 0507')],
  ['pfcp', 'udp', hex('2101000c0000000000000001 00000100')],
  ['rlogin', 'tcp', latin1('\0a\0b\0xterm/9600\0')],
  ['rpkirtr', 'tcp', hex('0104000000000014 01181800c00002000000fde8')],
  ['rsh', 'tcp', latin1('1\0a\0b\0ls\0')],
  ['rtsp', 'tcp', latin1('RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n')],
  ['sflow', 'udp', hex('0000000500000001c0000201000000000000000100000001 00000001 00000001 00000008 0000000000000000')],
  ['wccp', 'udp', hex('0000000a02000008 0000000400000000')],
  ['who', 'udp', new Uint8Array(84)],
];

describe('damaged messages', () => {
  it.each(MESSAGES)('of %s over %s end well', (protocol, transport, message) => {
    expect(checkApplication(protocol, transport, message).root.length).toBeGreaterThan(0);
  });
});
