/** TiVoConnect: beacons of video recorders, lines of `name=value`, over UDP (TCP, behind a length, is rare and not read). */

import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol } from '../../protocol.ts';
import { lineAt } from '../../text-lines.ts';

const START = 'tivoconnect=';
const KEYS = ['method', 'platform', 'machine', 'identity', 'services', 'version'];

export const tivoconnect = defineProtocol({
  name: 'tivoconnect',
  title: 'TiVoConnect Discovery Protocol',
  short: 'TiVoConnect',
  on: { 'udp.port': [2190] },
  fields: {
    flavor: { type: 'string', label: 'Flavor' },
    method: { type: 'string', label: 'Method' },
    platform: { type: 'string', label: 'Platform' },
    machine: { type: 'string', label: 'Machine' },
    identity: { type: 'string', label: 'Identity' },
    services: { type: 'string', label: 'Services' },
    version: { type: 'string', label: 'Version' },
  },
  accepts: (bytes, at, end) => decodeLatin1(bytes, at, Math.min(end, at + START.length)).toLowerCase() === START,
  tree(t) {
    const values = new Map<string, string>();
    for (let at = t.at; at < t.end; ) {
      const line = lineAt(t.bytes, at, t.end);
      const [key = '', value = ''] = t.string(at, line.stop - at).split('=', 2);
      const name = key.toLowerCase() === 'tivoconnect' ? 'flavor' : key.toLowerCase();
      values.set(name, value);
      if (name === 'flavor' || KEYS.includes(name)) t.put(name, value, at + key.length + 1, value.length);
      else t.text(`${key}: ${value}`, at, line.stop - at);
      at = line.next;
    }
    const kind = values.get('method') === 'broadcast' ? 'Discovery Beacon' : 'Discovery Connection';
    t.info(`${kind} ${values.get('machine') ?? ''} (${values.get('identity') ?? ''})`);
  },
});
