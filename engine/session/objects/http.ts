/** Bodies of HTTP messages, with codings and chunks undone. */

import type { TreeNode } from '../../dissect/node.ts';
import type { Dissection } from '../../dissect/tree.ts';
import { bytesOfNode } from '../follow/message-pieces.ts';
import { lastPart } from './names.ts';
import type { ObjectFinder, StoredObject } from './object.ts';
import { MAX_OBJECTS } from './object.ts';
import { eachLayer, nodeOf, textOf } from './rows.ts';

export const httpObjects: ObjectFinder = {
  kind: 'http',
  async find(search) {
    const found: StoredObject[] = [];
    /** Several messages of a packet are told apart by their order. */
    let row = -1;
    let ordinal = 0;
    await eachLayer(search, 'http', (layer) => {
      ordinal = layer.row === row ? ordinal + 1 : 0;
      row = layer.row;
      const body = nodeOf(layer.node, 'http.file_data');
      if (body === undefined || found.length >= MAX_OBJECTS) return;
      const mine = ordinal;
      found.push({
        kind: 'http',
        row: layer.row,
        ...about(layer.dissection, layer.node, body),
        *parts() {
          const dissection = search.dissector.dissect(layer.row);
          const again = bodiesOf(dissection)[mine];
          if (again !== undefined) yield bytesOfNode(dissection, again);
        },
      });
    });
    return found;
  },
};

function bodiesOf({ root }: Dissection): (TreeNode | undefined)[] {
  return root.filter((node) => node.field?.abbrev === 'http').map((node) => nodeOf(node, 'http.file_data'));
}

function about(
  dissection: Dissection,
  node: TreeNode,
  body: TreeNode,
): Pick<StoredObject, 'host' | 'type' | 'name' | 'size' | 'whole' | 'missing'> {
  const uri =
    textOf(node, 'http.request.full_uri') || textOf(node, 'http.response_for.uri') || textOf(node, 'http.request.uri');
  const parsed = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^?#]*)/i.exec(uri);
  const path = parsed === null ? uri.replace(/[?#].*$/s, '') : (parsed[2] ?? '');
  const told = nodeOf(node, 'http.content_length')?.value;
  const holes = dissection.sources[node.source]?.missing ?? 0;
  const isPlain = body.source === node.source;
  const whole = typeof told === 'bigint' && isPlain ? Number(told) : null;
  const cut = whole === null ? 0 : Math.max(0, whole - body.length);
  const unpacked = nodeOf(node, 'http.decompression_failed') === undefined ? 0 : 1;
  return {
    host: parsed?.[1] ?? textOf(node, 'http.host'),
    type: (textOf(node, 'http.content_type').split(';')[0] ?? '').trim(),
    name: lastPart(path),
    size: Math.max(0, body.length - (isPlain ? holes : 0)),
    whole: whole ?? (unpacked === 0 && holes === 0 ? body.length : null),
    missing: Math.max(cut + holes, unpacked),
  };
}
