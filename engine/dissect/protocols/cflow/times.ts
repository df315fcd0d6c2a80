/** The ways in which flow records tell times, in nanoseconds. */

import { u32 } from '../../../base/bytes.ts';
import { NS_PER_SECOND } from '../../../base/time.ts';

const NS_PER_MS = 1_000_000n;
const NS_PER_US = 1000n;
/** NTP counts from 1900, and again from 2036 (RFC 4330 3). */
const TO_1970 = 2_208_988_800n;
const ERA = 1n << 32n;
const SECOND_ERA_BELOW = 0x8000_0000;

/** Milliseconds since the exporter started. */
export function afterBoot(milliseconds: number): bigint {
  return BigInt(milliseconds) * NS_PER_MS;
}

/** An element's time; null: its length is none that times have. `exported`: seconds in the message's header. */
export function timeOf(
  element: number,
  value: bigint,
  bytes: Uint8Array,
  at: number,
  length: number,
  exported: number,
): bigint | null {
  switch (element) {
    case 21: // since the exporter started
    case 22:
    case 161: // a duration
      return value * NS_PER_MS;
    case 162:
      return value * NS_PER_US;
    case 150:
    case 151:
    case 260:
      return value * NS_PER_SECOND;
    case 152:
    case 153:
    case 160:
      return value * NS_PER_MS;
    case 154: // as NTP writes it (RFC 7011 6.1.9, 6.1.10)
    case 155:
    case 156:
    case 157:
      if (length !== 8) return null;
      return ntpTime(u32(bytes, at), u32(bytes, at + 4));
    case 158: // so long before the message was sent
    case 159:
      return BigInt(exported) * NS_PER_SECOND - value * NS_PER_US;
    default:
      return null;
  }
}

function ntpTime(seconds: number, fraction: number): bigint {
  const era = seconds < SECOND_ERA_BELOW ? ERA : 0n;
  return (BigInt(seconds) + era - TO_1970) * NS_PER_SECOND + ((BigInt(fraction) * NS_PER_SECOND) >> 32n);
}
