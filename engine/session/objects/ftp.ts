/** What FTP's data connections carried (RFC 959 3.1): each direction of one is a file. */

import { FLOW } from '../../table/flow-states.ts';
import { followStream } from '../follow/stream.ts';
import { lastPart } from './names.ts';
import { MAX_OBJECTS, type ObjectFinder, type StoredObject } from './object.ts';
import { eachLayer, textOf } from './rows.ts';

interface DataConnection {
  readonly command: string;
  lastRow: number;
}

export const ftpObjects: ObjectFinder = {
  kind: 'ftp',
  async find(search) {
    const { capture, dissector, job } = search;
    const connections = new Map<number, DataConnection>();
    await eachLayer(search, 'ftp-data', ({ flow, row, node }) => {
      const known = connections.get(flow);
      if (known !== undefined) known.lastRow = row;
      else if (connections.size < MAX_OBJECTS)
        connections.set(flow, { command: textOf(node, 'ftp-data.command'), lastRow: row });
    });
    const found: StoredObject[] = [];
    for (const [flow, { command, lastRow }] of connections) {
      const target = { kind: 'tcp', stream: capture.pass.flows.get(flow, FLOW.stream), sub: 0 } as const;
      const stream = await followStream(capture, dissector, target, job);
      for (const direction of [0, 1] as const) {
        const { bytes, missing } = stream.ends[direction];
        if (bytes === 0) continue;
        found.push({
          kind: 'ftp',
          row: lastRow,
          host: stream.ends[direction].name.replace(/:\d+$/, ''),
          type: '',
          name: nameOf(command),
          size: bytes,
          whole: bytes + missing,
          missing,
          *parts() {
            const { pieces } = stream;
            for (let i = 0; i < pieces.count; i++) {
              if (pieces.direction(i) !== direction) continue;
              yield pieces.isMissing(i) ? new Uint8Array(0) : stream.read(i);
            }
          },
        });
      }
    }
    return found;
  },
};

/** `RETR pub/notes.txt`: the file; `LIST`: the command. */
function nameOf(command: string): string {
  const space = command.indexOf(' ');
  const word = (space < 0 ? command : command.slice(0, space)).toUpperCase();
  const isFile = ['RETR', 'STOR', 'STOU', 'APPE'].includes(word);
  return isFile ? lastPart(command.slice(space + 1)) : word.toLowerCase();
}
