/** Builders of what switches and routers say to each other: STP, CDP, LLDP, LACP, OSPF, EIGRP, RIP, VRRP, HSRP, PIM, BGP. */

import {
  type BytesLike,
  internetChecksum,
  ipv4Address,
  join,
  macAddress,
  patched,
  u8,
  u16,
  u32,
  utf8,
  zeros,
} from './build-bytes.ts';

/** A configuration message (or, with type 2, a rapid one) of a bridge with priority 32768. */
export function bpdu(
  fields: { readonly type?: number; readonly version?: number; readonly flags?: number; readonly vlan?: number } = {},
): Uint8Array {
  const bridge = join(u16(0x8000 | (fields.vlan ?? 0)), macAddress('02:00:00:00:00:01'));
  const head = join(u16(0), u8(fields.version ?? 0), u8(fields.type ?? 0), u8(fields.flags ?? 0));
  const times = join(u16(256), u16(20 * 256), u16(2 * 256), u16(15 * 256));
  const tail = fields.type === 2 ? u8(0) : zeros(0);
  return join(head, bridge, u32(4), bridge, u16(0x8003), times, tail);
}

/** One typed value of CDP. */
export function cdpValue(type: number, value: BytesLike): Uint8Array {
  return join(u16(type), u16(4 + value.length), value);
}

export function cdp(...values: readonly Uint8Array[]): Uint8Array {
  const packet = join(u8(2), u8(180), u16(0), ...values);
  return patched(packet, 2, u16(internetChecksum(packet)));
}

/** One typed value of LLDP. */
export function lldpValue(type: number, value: BytesLike): Uint8Array {
  return join(u16((type << 9) | value.length), value);
}

export function lldp(...more: readonly Uint8Array[]): Uint8Array {
  return join(
    lldpValue(1, join(u8(4), macAddress('02:00:00:00:00:01'))),
    lldpValue(2, join(u8(5), utf8('eth0'))),
    lldpValue(3, u16(120)),
    ...more,
    lldpValue(0, []),
  );
}

/** Link aggregation: actor and partner with all of their state bits given. */
export function lacp(actorState: number, partnerState: number): Uint8Array {
  const part = (type: number, state: number): Uint8Array =>
    join(
      u8(type),
      u8(20),
      u16(32768),
      macAddress('02:00:00:00:00:01'),
      u16(13),
      u16(128),
      u16(22),
      u8(state),
      zeros(3),
    );
  return join(u8(1), u8(1), part(1, actorState), part(2, partnerState), u8(3), u8(16), u16(0), zeros(12), zeros(52));
}

/** OSPF version 2 with no authentication. */
export function ospf(type: number, body: BytesLike): Uint8Array {
  const head = join(
    u8(2),
    u8(type),
    u16(24 + body.length),
    ipv4Address('192.0.2.1'),
    ipv4Address('0.0.0.0'),
    u16(0),
    u16(0),
    zeros(8),
  );
  const packet = join(head, body);
  return patched(packet, 12, u16(internetChecksum(packet)));
}

export function ospfHello(...neighbours: readonly string[]): Uint8Array {
  const fixed = join(ipv4Address('255.255.255.0'), u16(10), u8(2), u8(1), u32(40), ipv4Address('192.0.2.1'), zeros(4));
  return ospf(1, join(fixed, ...neighbours.map(ipv4Address)));
}

/** An update with one router advertisement of one link. */
export function ospfUpdate(): Uint8Array {
  const link = join(ipv4Address('192.0.2.2'), ipv4Address('192.0.2.1'), u8(2), u8(0), u16(10));
  const body = join(u16(0), u16(1), link);
  const advertisement = join(
    u16(1),
    u8(2),
    u8(1),
    ipv4Address('192.0.2.1'),
    ipv4Address('192.0.2.1'),
    u32(0x80000001),
    u16(0x1234),
    u16(20 + body.length),
    body,
  );
  return ospf(4, join(u32(1), advertisement));
}

export function eigrp(opcode: number, ack: number, ...values: readonly Uint8Array[]): Uint8Array {
  const packet = join(u8(2), u8(opcode), u16(0), u32(0), u32(0), u32(ack), u16(0), u16(1), ...values);
  return patched(packet, 2, u16(internetChecksum(packet)));
}

export function eigrpParameters(): Uint8Array {
  return join(u16(1), u16(12), u8(1), u8(0), u8(1), u8(0), u8(0), u8(0), u16(15));
}

/** RIP version 2: routes as [network, mask, metric]. */
export function rip(command: number, ...routes: readonly (readonly [string, string, number])[]): Uint8Array {
  const entries = routes.map(([network, mask, metric]) =>
    join(u16(2), u16(0), ipv4Address(network), ipv4Address(mask), zeros(4), u32(metric)),
  );
  return join(u8(command), u8(2), u16(0), ...entries);
}

export function vrrp(...addresses: readonly string[]): Uint8Array {
  const packet = join(
    u8(0x21),
    u8(7),
    u8(100),
    u8(addresses.length),
    u8(0),
    u8(1),
    u16(0),
    ...addresses.map(ipv4Address),
    zeros(8),
  );
  return patched(packet, 6, u16(internetChecksum(packet)));
}

export function hsrp(opcode: number, state: number): Uint8Array {
  return join(
    u8(0),
    u8(opcode),
    u8(state),
    u8(3),
    u8(10),
    u8(110),
    u8(1),
    u8(0),
    utf8('cisco\0\0\0'),
    ipv4Address('192.0.2.254'),
  );
}

export function pimHello(): Uint8Array {
  const packet = join(u8(0x20), u8(0), u16(0), u16(1), u16(2), u16(105), u16(19), u16(4), u32(1));
  return patched(packet, 2, u16(internetChecksum(packet)));
}

export function bgp(type: number, body: BytesLike = []): Uint8Array {
  return join(new Uint8Array(16).fill(255), u16(19 + body.length), u8(type), body);
}

export function bgpOpen(): Uint8Array {
  return bgp(1, join(u8(4), u16(64_512), u16(180), ipv4Address('192.0.2.1'), u8(0)));
}

export function bgpUpdate(): Uint8Array {
  const nextHop = join(u8(0x40), u8(3), u8(4), ipv4Address('192.0.2.1'));
  return bgp(2, join(u16(0), u16(nextHop.length), nextHop, u8(24), ipv4Address('198.51.100.0').slice(0, 3)));
}
