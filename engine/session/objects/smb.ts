/**
 * Files read from and written to shares, over SMB 2 and 3 ([MS-SMB2] 2.2: CREATE 13, 14; READ 19, 20; WRITE 21; TREE_CONNECT 9)
 * and SMB 1 ([MS-CIFS] 2.2.4: NT_CREATE_ANDX 64, READ_ANDX 42, WRITE_ANDX 43, TREE_CONNECT_ANDX 55).
 */

import type { CarriedObject } from '../../contract/follow.ts';
import { lastPart } from './names.ts';
import type { ObjectFinder, ObjectSearch, StoredObject } from './object.ts';
import { MAX_OBJECTS } from './object.ts';
import { eachLayer } from './rows.ts';
import type { OpenFile, SmbMemory } from './smb-memory.ts';
import { lookAtSmb1 } from './smb1-messages.ts';
import { lookAtSmb2 } from './smb2-messages.ts';

export const smbObjects: ObjectFinder = {
  kind: 'smb',
  async find(search) {
    const files: OpenFile[] = [];
    const memories = new Map<string, SmbMemory>();
    const memoryOf = (kind: string, flow: number): SmbMemory => {
      const key = `${kind} ${flow}`;
      let memory = memories.get(key);
      if (memory === undefined) {
        const opened = (file: OpenFile): void => {
          if (files.length < MAX_OBJECTS) files.push(file);
        };
        memory = { requests: new Map(), files: new Map(), shares: new Map(), opened };
        memories.set(key, memory);
      }
      return memory;
    };
    await eachLayer(search, 'smb2', (layer) => lookAtSmb2(layer, memoryOf('2', layer.flow)));
    await eachLayer(search, 'smb', (layer) => lookAtSmb1(layer, memoryOf('1', layer.flow)));
    return files
      .filter(({ chunks }) => !chunks.isEmpty)
      .map((file) => objectOf(file, search))
      .sort((a, b) => a.row - b.row);
  },
};

function objectOf(file: OpenFile, { dissector }: ObjectSearch): StoredObject {
  const { chunks, name, share, whole } = file;
  const size = chunks.size;
  const length = Math.max(whole, chunks.end);
  const facts: CarriedObject = {
    kind: 'smb',
    row: file.lastRow,
    host: share,
    type: '',
    name: lastPart(name),
    size,
    whole: whole < 0 ? null : length,
    missing: length - size,
  };
  return { ...facts, parts: () => chunks.parts(dissector) };
}
