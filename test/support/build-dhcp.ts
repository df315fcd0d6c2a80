/** Builder of DHCP messages (RFC 2131, RFC 2132). */

import {
  type BytesLike,
  ipv4Address,
  join,
  latin1,
  macAddress,
  padTo,
  u8,
  u16,
  u32,
  utf8,
  zeros,
} from './build-bytes.ts';

export const DHCP_MESSAGE = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

/** One option: code and value. */
export type DhcpOption = readonly [number, BytesLike];

export const dhcpOption = {
  mask: (mask: string): DhcpOption => [1, ipv4Address(mask)],
  routers: (...addresses: readonly string[]): DhcpOption => [3, join(...addresses.map(ipv4Address))],
  nameServers: (...addresses: readonly string[]): DhcpOption => [6, join(...addresses.map(ipv4Address))],
  hostName: (name: string): DhcpOption => [12, utf8(name)],
  domain: (name: string): DhcpOption => [15, utf8(name)],
  requestedAddress: (address: string): DhcpOption => [50, ipv4Address(address)],
  leaseTime: (seconds: number): DhcpOption => [51, u32(seconds)],
  messageType: (type: number): DhcpOption => [53, u8(type)],
  server: (address: string): DhcpOption => [54, ipv4Address(address)],
  parameterList: (...codes: readonly number[]): DhcpOption => [55, codes],
  clientId: (mac: string): DhcpOption => [61, join([1], macAddress(mac))],
};

export interface DhcpFields {
  /** 1 request, 2 reply. */
  readonly operation: number;
  readonly transaction: number;
  readonly clientMac: string;
  readonly seconds?: number;
  readonly broadcast?: boolean;
  readonly clientIp?: string;
  readonly yourIp?: string;
  readonly serverIp?: string;
  readonly relayIp?: string;
  readonly serverName?: string;
  readonly bootFile?: string;
  /** Overrules the magic cookie (63 82 53 63); empty: plain BOOTP. */
  readonly cookie?: BytesLike;
  readonly options?: readonly DhcpOption[];
  /** Leave out the end option. */
  readonly open?: boolean;
}

export function dhcp(fields: DhcpFields): Uint8Array {
  const address = (text: string | undefined): Uint8Array => ipv4Address(text ?? '0.0.0.0');
  const options = join(...(fields.options ?? []).map(([code, value]) => join(u8(code), u8(value.length), value)));
  const message = join(
    [fields.operation, 1, 6, 0],
    u32(fields.transaction),
    u16(fields.seconds ?? 0),
    u16(fields.broadcast === true ? 0x8000 : 0),
    address(fields.clientIp),
    address(fields.yourIp),
    address(fields.serverIp),
    address(fields.relayIp),
    macAddress(fields.clientMac),
    zeros(10),
    padTo(join(latin1(fields.serverName ?? ''), [0]), 64),
    padTo(join(latin1(fields.bootFile ?? ''), [0]), 128),
    fields.cookie ?? [0x63, 0x82, 0x53, 0x63],
    options,
    fields.open === true ? [] : [255],
  );
  return fields.open === true || message.length >= 300 ? message : join(message, zeros(300 - message.length));
}
