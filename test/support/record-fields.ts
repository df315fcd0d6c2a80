/**
 * Writes down which fields the packets of a test file make appear: every dissection ends in TreeBuilder.finish(). The suite
 * `fields` reads it (build/seen-fields, one file for each test file).
 */

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { TreeNode } from '../../engine/dissect/node.ts';
import { TreeBuilder } from '../../engine/dissect/tree.ts';
import { SEEN_FIELDS, type SeenFields } from './seen-fields.ts';

const seen = new Set<string>();

function visit(node: TreeNode): void {
  if (node.field !== null) seen.add(node.field.abbrev);
  node.children?.forEach(visit);
}

const finish = Reflect.get(TreeBuilder.prototype, 'finish');
TreeBuilder.prototype.finish = function (this: TreeBuilder) {
  const dissection = finish.call(this);
  dissection.root.forEach(visit);
  return dissection;
};

afterAll(() => {
  const { testPath = '' } = expect.getState();
  const record: SeenFields = { test: testPath, fields: [...seen].sort() };
  if (seen.size === 0) return;
  mkdirSync(SEEN_FIELDS, { recursive: true });
  const name = createHash('sha256').update(testPath).digest('hex').slice(0, 16);
  writeFileSync(join(SEEN_FIELDS, `${name}.json`), JSON.stringify(record));
});
