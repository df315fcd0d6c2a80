/** Golden captures of tunnels: GRE, IP-in-IP, VXLAN, Geneve, and what they must do to flows. */

import { cut, hex, join, seededRandom, zeros } from '../build-bytes.ts';
import { httpRequest, httpResponse, sampleText } from '../build-http.ts';
import { ethernet, mpls, vlan } from '../build-link.ts';
import { icmpEcho, ipv4, ipv6, type Layer, tcp, udp } from '../build-packet.ts';
import { macOf, tcpConversation } from '../build-tcp.ts';
import { GENEVE_PORT, geneve, gre, VXLAN_PORT, vxlan } from '../build-tunnel.ts';
import { ask, conversations, ethernetFrames, type GoldenGroup, IP6, in4, MAC, out4, outbound } from './capture.ts';

const INNER = { client: '10.20.0.4', server: '10.20.0.80' } as const;
const ping = ipv4({ src: INNER.client, dst: INNER.server, id: 3 }, icmpEcho({ id: 77, sequence: 1 }));
const pong = ipv4({ src: INNER.server, dst: INNER.client, id: 4 }, icmpEcho({ id: 77, sequence: 1, reply: true }));
const ping6 = ipv6({ src: IP6.host, dst: IP6.peer }, udp({ srcPort: 4000, dstPort: 4001 }, 'inside'));
const innerFrame = (payload: Layer): Layer => ethernet({ src: '02:00:00:00:20:04', dst: '02:00:00:00:20:80' }, payload);

export const greGroup: GoldenGroup = {
  name: 'gre',
  captures: {
    plain: ethernetFrames(out4(gre({}, ping)), in4(gre({}, pong))),
    'key-sequence-checksum': ethernetFrames(
      out4(gre({ key: 0xcafe, sequence: 9, checksum: true }, ping)),
      out4(gre({ key: 0xcafe }, ping6)),
    ),
    'ethernet-inside': ethernetFrames(out4(gre({ key: 5 }, innerFrame(ping)))),
    'mpls-inside': ethernetFrames(out4(gre({}, mpls([{ label: 77 }], ping)))),
    'unknown-protocol': ethernetFrames(out4(gre({ protocol: 0x9999 }, zeros(12)))),
    'version-3': ethernetFrames(out4(gre({ version: 3, protocol: 0x0800 }, ping))),
    'cut-in-key': ethernetFrames(cut(out4(gre({ key: 0xcafe, sequence: 9 }, ping)).bytes(), 40)),
  },
};

export const ipipGroup: GoldenGroup = {
  name: 'ipip',
  captures: {
    '4-in-4': ethernetFrames(out4(ping), in4(pong)),
    '6-in-4': ethernetFrames(out4(ping6)),
    '4-in-6': ethernetFrames(outbound(ipv6({ src: IP6.host, dst: IP6.server }, ping))),
    'four-deep': ethernetFrames(
      out4(ipv4({ src: '192.0.2.1', dst: '192.0.2.2' }, ipv4({ src: '192.0.2.3', dst: '192.0.2.4' }, ping))),
    ),
    'very-deep': ethernetFrames(
      outbound(
        Array.from({ length: 60 }).reduce<Layer>((inner) => ipv4({ src: '192.0.2.1', dst: '192.0.2.2' }, inner), ping),
      ),
    ),
    'inner-cut': ethernetFrames(out4(cut(ping.bytes(), 12), { protocol: 4 })),
  },
};

const toVxlan = (payload: Uint8Array): Layer =>
  out4(udp({ srcPort: 51_000, dstPort: VXLAN_PORT, checksum: 0 }, payload));

export const vxlanGroup: GoldenGroup = {
  name: 'vxlan',
  captures: {
    ping: ethernetFrames(
      toVxlan(vxlan({ vni: 5001 }, innerFrame(ping))),
      in4(udp({ srcPort: 52_000, dstPort: VXLAN_PORT, checksum: 0 }, vxlan({ vni: 5001 }, innerFrame(pong)))),
    ),
    'inner-vlan': ethernetFrames(toVxlan(vxlan({ vni: 5001 }, innerFrame(vlan({ id: 7 }, ping))))),
    'vxlan-in-vxlan': ethernetFrames(
      toVxlan(
        vxlan(
          { vni: 1 },
          innerFrame(
            ipv4(
              { src: INNER.client, dst: INNER.server },
              udp({ srcPort: 5, dstPort: VXLAN_PORT, checksum: 0 }, vxlan({ vni: 2 }, innerFrame(ping))),
            ),
          ),
        ),
      ),
    ),
    'no-vni-flag': ethernetFrames(toVxlan(vxlan({ vni: 5001, flags: 0 }, innerFrame(ping)))),
    'vni-largest': ethernetFrames(toVxlan(vxlan({ vni: 0xffffff }, innerFrame(ping6)))),
    'any-port': ethernetFrames(
      ask(47_000, vxlan({ vni: 5001 }, innerFrame(ping))),
      ask(47_000, vxlan({ vni: 5002 }, innerFrame(ping6))),
      // Its reserved bytes are not zero: data.
      ask(47_000, join(hex('08000001 00138900'), innerFrame(ping).bytes())),
    ),
    empty: ethernetFrames(ask(VXLAN_PORT, vxlan({ vni: 5001 }, []))),
    'cut-in-header': ethernetFrames(ask(VXLAN_PORT, hex('08000000 0013'))),
  },
};

const toGeneve = (payload: Uint8Array): Layer => out4(udp({ srcPort: 51_000, dstPort: GENEVE_PORT }, payload));

export const geneveGroup: GoldenGroup = {
  name: 'geneve',
  captures: {
    ping: ethernetFrames(toGeneve(geneve({ vni: 300 }, innerFrame(ping)))),
    options: ethernetFrames(
      toGeneve(
        geneve(
          {
            vni: 300,
            critical: true,
            options: [
              { class: 0x0108, type: 0x81, data: hex('00112233 44556677') },
              { class: 0x0102, type: 1, data: [] },
            ],
          },
          innerFrame(ping),
        ),
      ),
    ),
    'ip-inside': ethernetFrames(toGeneve(geneve({ vni: 300 }, ping))),
    control: ethernetFrames(toGeneve(geneve({ vni: 300, control: true, protocol: 0x6558 }, []))),
    'options-past-packet': ethernetFrames(toGeneve(geneve({ vni: 300, optionWords: 60, protocol: 0x6558 }, zeros(8)))),
    'option-past-options': ethernetFrames(
      toGeneve(geneve({ vni: 300, optionWords: 2, protocol: 0x6558 }, hex('0102011f 00000000'))),
    ),
    'cut-in-header': ethernetFrames(toGeneve(hex('0000 6558 00'))),
  },
};

/** Each direction of one inner exchange has outer addresses and ports of its own, as mirrors and hashed source ports make it. */
function asymmetric(from: 'client' | 'server', packet: Layer): Uint8Array {
  const outer =
    from === 'client'
      ? { src: '192.0.2.11', dst: '192.0.2.99', srcPort: 49_153 }
      : { src: '192.0.2.12', dst: '192.0.2.98', srcPort: 61_017 };
  const [src, dst] = from === 'client' ? [INNER.client, INNER.server] : [INNER.server, INNER.client];
  const frame = ethernet({ src: macOf(src), dst: macOf(dst) }, packet);
  const datagram = udp({ srcPort: outer.srcPort, dstPort: VXLAN_PORT, checksum: 0 }, vxlan({ vni: 4242 }, frame));
  return ethernet(
    { src: macOf(outer.src), dst: macOf(outer.dst) },
    ipv4({ src: outer.src, dst: outer.dst }, datagram),
  ).bytes();
}

export const tunnelGroup: GoldenGroup = {
  name: 'tunnel-asymmetric',
  captures: {
    'http-in-vxlan': conversations(
      tcpConversation({
        client: { ip: INNER.client, port: 45_678, mss: 1400 },
        server: { ip: INNER.server, port: 80, mss: 1400 },
        rttNs: 2_000_000,
        capturePoint: 0.5,
        random: seededRandom(5),
        frame: asymmetric,
        turns: [
          { from: 'client', data: httpRequest({ host: 'inner.example.com', path: '/report' }), thinkNs: 100_000 },
          { from: 'server', data: httpResponse({ body: sampleText(6000) }), thinkNs: 4_000_000 },
        ],
        fate: ({ from, kind, index, attempt }) =>
          from === 'server' && kind === 'data' && index === 1 && attempt === 0 ? { lost: 'before' } : undefined,
      }),
    ),
    'same-inner-two-outer': ethernetFrames(
      asymmetric(
        'client',
        ipv4({ src: INNER.client, dst: INNER.server }, udp({ srcPort: 1000, dstPort: 2000 }, 'there')),
      ),
      asymmetric(
        'server',
        ipv4({ src: INNER.server, dst: INNER.client }, udp({ srcPort: 2000, dstPort: 1000 }, 'and back')),
      ),
      // The same five-tuple outside the tunnel is the same flow: flows do not depend on outer headers.
      ethernet(
        { src: MAC.host, dst: MAC.peer },
        ipv4({ src: INNER.client, dst: INNER.server }, udp({ srcPort: 1000, dstPort: 2000 }, 'bare')),
      ),
    ),
    'esp-like-payload': ethernetFrames(
      out4(zeros(40), { protocol: 50 }),
      out4(tcp({ srcPort: 1, dstPort: VXLAN_PORT }, vxlan({ vni: 1 }, innerFrame(ping)))),
    ),
  },
};
