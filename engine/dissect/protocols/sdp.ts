/** SDP (RFC 8866): one letter, an equals sign and a value a line. */

import { decodeUtf8, lineEnd } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';

const KEYS: Readonly<Record<string, string>> = {
  v: 'version',
  o: 'owner',
  s: 'session_name',
  i: 'session_info',
  u: 'uri',
  e: 'email',
  p: 'phone',
  c: 'connection_info',
  b: 'bandwidth',
  t: 'time',
  r: 'repeat_time',
  z: 'timezone',
  k: 'encryption_key',
  a: 'session_attr',
  m: 'media',
};
const MAX_LINES = 4096;

export const sdp = defineProtocol({
  name: 'sdp',
  title: 'Session Description Protocol',
  on: { 'media.type': ['application/sdp'] },
  fields: {
    version: { type: 'string', label: 'Session Description Protocol Version (v)' },
    owner: { type: 'string', label: 'Owner/Creator, Session Id (o)' },
    'owner.username': { type: 'string', label: 'Owner Username' },
    'owner.sessionid': { type: 'string', label: 'Session ID' },
    'owner.version': { type: 'string', label: 'Session Version' },
    'owner.network_type': { type: 'string', label: 'Owner Network Type' },
    'owner.address_type': { type: 'string', label: 'Owner Address Type' },
    'owner.address': { type: 'string', label: 'Owner Address' },
    session_name: { type: 'string', label: 'Session Name (s)' },
    session_info: { type: 'string', label: 'Session Information (i)', many: true },
    uri: { type: 'string', label: 'URI of Description (u)' },
    email: { type: 'string', label: 'E-mail Address (e)' },
    phone: { type: 'string', label: 'Phone Number (p)' },
    connection_info: { type: 'string', label: 'Connection Information (c)', many: true },
    'connection_info.network_type': { type: 'string', label: 'Connection Network Type', many: true },
    'connection_info.address_type': { type: 'string', label: 'Connection Address Type', many: true },
    'connection_info.address': { type: 'string', label: 'Connection Address', many: true },
    bandwidth: { type: 'string', label: 'Bandwidth Information (b)', many: true },
    time: { type: 'string', label: 'Time Description, active time (t)' },
    'time.start': { type: 'string', label: 'Session Start Time' },
    'time.stop': { type: 'string', label: 'Session Stop Time' },
    repeat_time: { type: 'string', label: 'Repeat Time (r)' },
    timezone: { type: 'string', label: 'Time Zone Adjustments (z)' },
    encryption_key: { type: 'string', label: 'Encryption Key (k)' },
    session_attr: { type: 'string', label: 'Session Attribute (a)', many: true },
    media: { type: 'string', label: 'Media Description, name and address (m)', many: true },
    'media.media': { type: 'string', label: 'Media Type', many: true },
    'media.port': { type: 'u16', label: 'Media Port', many: true },
    'media.proto': { type: 'string', label: 'Media Protocol', many: true },
    'media.format': { type: 'string', label: 'Media Format', many: true },
    media_attr: { type: 'string', label: 'Media Attribute (a)', many: true },
  },
  tree(t) {
    let inMedia = false;
    for (let i = 0, at = t.at; i < MAX_LINES && at < t.end; i++) {
      const stop = lineEnd(t.bytes, at, t.end);
      const line = decodeUtf8(t.bytes, at, stop);
      const key = KEYS[line[0] ?? ''];
      if (key !== undefined && line[1] === '=') {
        const value = line.slice(2);
        if (key === 'media') inMedia = true;
        const name = key === 'session_attr' && inMedia ? 'media_attr' : key;
        t.nest(t.put(name, value, at + 2, stop - at - 2));
        const words = value.split(' ');
        const put = (field: string, index: number): void => {
          if (words[index] !== undefined) t.put(field, words[index], at + 2, stop - at - 2);
        };
        if (key === 'owner')
          ['username', 'sessionid', 'version', 'network_type', 'address_type', 'address'].forEach((part, n) =>
            put(`owner.${part}`, n),
          );
        else if (key === 'connection_info')
          ['network_type', 'address_type', 'address'].forEach((part, n) => put(`connection_info.${part}`, n));
        else if (key === 'time') ['start', 'stop'].forEach((part, n) => put(`time.${part}`, n));
        else if (key === 'media') {
          put('media.media', 0);
          const port = Number.parseInt(words[1] ?? '', 10);
          if (port >= 0 && port < 65536) t.put('media.port', port, at + 2, stop - at - 2);
          put('media.proto', 2);
          for (let n = 3; n < words.length && n < 64; n++) put('media.format', n);
        }
        t.close();
      }
      at = stop >= t.end ? t.end : t.bytes[stop] === 13 ? stop + 2 : stop + 1;
    }
  },
});
