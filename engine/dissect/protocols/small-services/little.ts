/** The little services that inetd had in it: echo (RFC 862), chargen (RFC 864), daytime (RFC 867), time (RFC 868). */

import { formatAbsolute } from '../../../base/time.ts';
import { defineProtocol } from '../../protocol.ts';

const PORT = { echo: 7, daytime: 13, chargen: 19, time: 37 } as const;
/** From 1900, where the time protocol counts from, to 1970. */
const TO_1970 = 2_208_988_800n;
const SECOND = 1_000_000_000n;

export const echo = defineProtocol({
  name: 'echo',
  title: 'Echo',
  on: { 'tcp.port': [PORT.echo], 'udp.port': [PORT.echo] },
  fields: {
    data: { type: 'bytes', label: 'Echo data' },
    request: { type: 'bool', label: 'Echo request' },
    response: { type: 'bool', label: 'Echo response' },
  },
  tree(t) {
    const isRequest = t.ports[1] === PORT.echo;
    t.info(isRequest ? 'Request' : 'Response');
    t.hide(isRequest ? 'request' : 'response', 1, t.at, 0);
    t.add('data', t.at, t.end - t.at);
  },
});

export const daytime = defineProtocol({
  name: 'daytime',
  title: 'Daytime Protocol',
  on: { 'tcp.port': [PORT.daytime], 'udp.port': [PORT.daytime] },
  fields: {
    response_request: { type: 'bool', label: 'Type', flag: ['Response', 'Request'] },
    string: { type: 'string', label: 'Daytime' },
  },
  tree(t) {
    const isResponse = t.ports[0] === PORT.daytime;
    t.info(`DAYTIME ${isResponse ? 'Response' : 'Request'}`);
    t.put('response_request', isResponse ? 1 : 0, t.at, 0);
    if (isResponse) t.add('string', t.at, t.end - t.at);
  },
});

export const chargen = defineProtocol({
  name: 'chargen',
  title: 'Character Generator Protocol',
  short: 'Chargen',
  on: { 'tcp.port': [PORT.chargen], 'udp.port': [PORT.chargen] },
  fields: { data: { type: 'string', label: 'Data', encoding: 'ascii' } },
  tree(t) {
    t.info('Chargen');
    t.add('data', t.at, t.end - t.at);
  },
});

export const time = defineProtocol({
  name: 'time',
  title: 'Time Protocol',
  on: { 'tcp.port': [PORT.time], 'udp.port': [PORT.time] },
  fields: {
    response: { type: 'bool', label: 'Type', flag: ['Response', 'Request'] },
    time: { type: 'u32', label: 'Time', doc: 'Seconds since 1900-01-01 00:00 UTC.' },
  },
  tree(t) {
    const isResponse = t.ports[0] === PORT.time;
    t.info(`TIME ${isResponse ? 'Response' : 'Request'}`);
    t.put('response', isResponse ? 1 : 0, t.at, 0);
    if (!isResponse) return;
    const seconds = t.u32(t.at);
    const text = formatAbsolute((BigInt(seconds) - TO_1970) * SECOND);
    t.put('time', seconds, t.at, 4, `Time: ${text} (${seconds})`);
  },
});
