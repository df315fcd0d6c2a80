/**
 * Addresses at which clouds serve their virtual machines, the same in every customer's network: from the providers' public
 * documentation. The values are what `nagare.platform` holds.
 */

import { u32 } from './bytes.ts';

const METADATA = 'Instance metadata';
const AWS_DNS = 'AWS DNS';
const AWS_TIME = 'AWS time';
const AWS_CREDENTIALS = 'AWS container credentials';
const AWS_ACTIVATION = 'AWS Windows activation';
const ALIBABA_DNS = 'Alibaba Cloud DNS';
const ALIBABA_TIME = 'Alibaba Cloud time';

/** By address as a number. */
const IPV4: ReadonlyMap<number, string> = new Map([
  [address(169, 254, 169, 254), METADATA],
  [address(169, 254, 169, 253), AWS_DNS],
  [address(169, 254, 169, 123), AWS_TIME],
  [address(169, 254, 169, 250), AWS_ACTIVATION],
  [address(169, 254, 169, 251), AWS_ACTIVATION],
  [address(169, 254, 170, 2), AWS_CREDENTIALS],
  [address(169, 254, 170, 23), AWS_CREDENTIALS],
  [address(168, 63, 129, 16), 'Azure platform'],
  [address(100, 100, 100, 200), 'Alibaba Cloud metadata'],
  [address(100, 100, 2, 136), ALIBABA_DNS],
  [address(100, 100, 2, 138), ALIBABA_DNS],
  [address(100, 100, 61, 88), ALIBABA_TIME],
  [address(100, 100, 3, 1), ALIBABA_TIME],
  [address(100, 100, 3, 2), ALIBABA_TIME],
  [address(100, 100, 3, 3), ALIBABA_TIME],
  [address(100, 100, 5, 1), ALIBABA_TIME],
  [address(100, 100, 5, 2), ALIBABA_TIME],
  [address(100, 100, 5, 3), ALIBABA_TIME],
  [address(100, 100, 100, 100), 'Tailscale DNS'],
]);
/** 100.100.0.0/16: the rest of what Alibaba Cloud serves from there (package mirrors, security agents, licences). */
const ALIBABA = 0x6464;

/** fd00:ec2::/32 by its last two bytes. */
const EC2: Readonly<Record<number, string>> = {
  0x0254: 'AWS instance metadata',
  0x0253: AWS_DNS,
  0x0123: AWS_TIME,
  0x0023: AWS_CREDENTIALS,
};
const EC2_PREFIX = 0xfd000ec2;
/** fd20:ce::254. */
const GOOGLE = { prefix: 0xfd2000ce, last: 0x0254 } as const;

function address(a: number, b: number, c: number, d: number): number {
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** What serves at an IPv4 address, given as an unsigned number; undefined: nothing that is known. */
export function platformOfIpv4(number: number): string | undefined {
  return IPV4.get(number) ?? (number >>> 16 === ALIBABA ? 'Alibaba Cloud services' : undefined);
}

/** The same for the sixteen bytes at `at`. */
export function platformOfIpv6(bytes: Uint8Array, at = 0): string | undefined {
  const prefix = u32(bytes, at);
  if (prefix !== EC2_PREFIX && prefix !== GOOGLE.prefix) return undefined;
  if (u32(bytes, at + 4) !== 0 || u32(bytes, at + 8) !== 0) return undefined;
  const last = u32(bytes, at + 12);
  if (prefix === EC2_PREFIX) return EC2[last];
  return last === GOOGLE.last ? 'Google Cloud metadata' : undefined;
}
