/** Builders of tunnels: GRE (RFC 2784, RFC 2890), VXLAN (RFC 7348), Geneve (RFC 8926). IP-in-IP is `ipv4` inside `ipv4`. */

import { type BytesLike, internetChecksum, join, u8, u16, u24, u32 } from './build-bytes.ts';
import { ethertypeOf, type Layer, makeLayer, type Payload, payloadBytes } from './build-packet.ts';

export interface GreFields {
  readonly key?: number;
  readonly sequence?: number;
  readonly checksum?: boolean;
  readonly protocol?: number;
  readonly version?: number;
}

export function gre(fields: GreFields, payload?: Payload): Layer {
  return makeLayer('gre', () => {
    const flags =
      (fields.checksum === true ? 0x8000 : 0) |
      (fields.key !== undefined ? 0x2000 : 0) |
      (fields.sequence !== undefined ? 0x1000 : 0) |
      (fields.version ?? 0);
    const protocol = fields.protocol ?? ethertypeOf(payload);
    if (protocol === undefined) throw new Error('name the GRE protocol: the payload does not say what it is');
    const bytes = join(
      u16(flags),
      u16(protocol),
      fields.checksum === true ? u32(0) : [],
      fields.key === undefined ? [] : u32(fields.key),
      fields.sequence === undefined ? [] : u32(fields.sequence),
      payloadBytes(payload),
    );
    if (fields.checksum === true) bytes.set(u16(internetChecksum(bytes)), 4);
    return bytes;
  });
}

export const VXLAN_PORT = 4789;

export interface VxlanFields {
  readonly vni: number;
  readonly flags?: number;
}

/** The payload of a UDP datagram: header and inner Ethernet frame. */
export function vxlan(fields: VxlanFields, frame: Payload): Uint8Array {
  return join(u8(fields.flags ?? 0x08), u24(0), u24(fields.vni), u8(0), payloadBytes(frame));
}

export const GENEVE_PORT = 6081;

export interface GeneveOption {
  readonly class: number;
  readonly type: number;
  readonly data: BytesLike;
}

export interface GeneveFields {
  readonly vni: number;
  readonly control?: boolean;
  readonly critical?: boolean;
  readonly protocol?: number;
  readonly options?: readonly GeneveOption[];
  /** In 32-bit words. */
  readonly optionWords?: number;
  readonly version?: number;
}

/** The payload of a UDP datagram: header, options and what is inside. */
export function geneve(fields: GeneveFields, payload: Payload): Uint8Array {
  const options = join(
    ...(fields.options ?? []).map((option) => {
      if (option.data.length % 4 !== 0) throw new Error('Geneve options hold whole 32-bit words');
      return join(u16(option.class), u8(option.type), u8(option.data.length / 4), option.data);
    }),
  );
  const protocol = fields.protocol ?? ethertypeOf(payload);
  if (protocol === undefined) throw new Error('name the Geneve protocol: the payload does not say what it is');
  return join(
    u8(((fields.version ?? 0) << 6) | (fields.optionWords ?? options.length / 4)),
    u8((fields.control === true ? 0x80 : 0) | (fields.critical === true ? 0x40 : 0)),
    u16(protocol),
    u24(fields.vni),
    u8(0),
    options,
    payloadBytes(payload),
  );
}
