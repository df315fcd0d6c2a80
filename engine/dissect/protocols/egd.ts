/** Ethernet Global Data (GE Fanuc): a producer sends an exchange of values to its consumers, over UDP. */

import { u32le } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { exchange: 8, seconds: 12, status: 20, signature: 24, reserved: 28 } as const;
const HEADER = 32;
const NANOSECONDS = 1_000_000_000n;
const STATS: Readonly<Record<number, string>> = {
  0: 'No new status event has occurred',
  1: 'No error currently exists',
  2: 'No error, data consumed',
  3: 'SNTP error',
  4: 'Specification error',
  6: 'Data refresh error',
  7: 'Data refresh period exceeded',
  10: 'IP Layer not currently initialized',
  12: 'Lack of resource error',
  16: 'Name Resolution in progress',
  18: 'Loss of Ethernet Interface error',
  22: 'Ethernet Interface does not support EGD',
  26: 'No Response from Ethernet Interface',
  28: 'Failed to create an exchange.',
  30: 'Configured exchange deleted.',
};

export const egd = defineProtocol({
  name: 'egd',
  title: 'Ethernet Global Data',
  on: { 'udp.port': [18_246] },
  opens: ['data'],
  fields: {
    ver: { type: 'u8', label: 'Version' },
    type: { type: 'u8', label: 'Type', names: { 13: 'Data Msg' } },
    rid: { type: 'u16', label: 'RequestID', little: true },
    pid: { type: 'ipv4', label: 'ProducerID' },
    exid: { type: 'u32', label: 'ExchangeID', show: 'hex', little: true },
    time: { type: 'time', label: 'Timestamp' },
    notime: { type: 'u64', label: 'Timestamp', show: 'hex', little: true },
    stat: { type: 'u32', label: 'Status', little: true, names: STATS },
    csig: { type: 'u32', label: 'ConfigSignature', little: true },
    rsrv: { type: 'u32', label: 'Reserved', little: true },
  },
  tree(t) {
    const { at } = t;
    const name = t.nameOf('type', t.u8(at)) ?? `Unknown (${t.u8(at)})`;
    t.info('');
    t.add('type', at);
    t.add('ver', at + 1);
    t.add('rid', at + 2);
    t.add('pid', at + 4);
    t.add('exid', at + AT.exchange);
    const exchange = u32le(t.bytes, at + AT.exchange)
      .toString(16)
      .padStart(8, '0')
      .toUpperCase();
    const request = String(t.u16le(at + 2)).padStart(5, '0');
    const seconds = t.u32le(at + AT.seconds);
    if (seconds === 0) t.add('notime', at + AT.seconds);
    else {
      const fraction = BigInt(t.u32le(at + AT.seconds + 4));
      t.put('time', BigInt(seconds) * NANOSECONDS + fraction, at + AT.seconds, 8);
    }
    t.add('stat', at + AT.status);
    t.add('csig', at + AT.signature);
    t.add('rsrv', at + AT.reserved);
    t.info(`${name}: ExchangeID=0x${exchange}, RequestID=${request}`);
    t.headerEnd(at + HEADER);
    t.payload(at + HEADER);
  },
});
