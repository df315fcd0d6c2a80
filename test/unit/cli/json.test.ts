/** docs/json.md lists the members of what is printed as JSON: neither says more than the other. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../support/run-cli.ts';

const document = readFileSync('docs/json.md', 'utf8');
const capture = join('test', 'golden', 'dns', 'over-tcp-split.pcap');

/** Names in backticks in a part of the document. */
function documented(from: string, to: string): Set<string> {
  const part = document.slice(document.indexOf(from), document.indexOf(to));
  return new Set([...part.matchAll(/[`"]([a-zA-Z]+)[`"]/g)].map(([, name = '']) => name));
}

async function jsonOf(...argv: string[]): Promise<Record<string, unknown>> {
  const { out, code } = await runCli(argv);
  expect(code).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
}

interface Node {
  readonly children?: readonly Node[];
}

function nodeMembers(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => [...Object.keys(node), ...nodeMembers(node.children ?? [])]);
}

describe('docs/json.md', () => {
  it('lists the members of a packet and of a node', async () => {
    const packet = await jsonOf('show', capture, '-n', '7', '--json');
    const table = document.slice(document.indexOf('| Member'), document.indexOf('A node:'));
    const rows = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(Object.keys(packet).sort()).toEqual(rows.sort());
    const nodes = documented('A node:', '## Fields');
    for (const member of nodeMembers(packet['layers'] as Node[])) expect(nodes).toContain(member);
  });

  it.each([
    ['hierarchy', '`hierarchy`:', '`properties`:'],
    ['properties', '`properties`:', '\uffff'],
  ])('lists the members of the panel %s', async (panel, from, to) => {
    const data = await jsonOf('stats', capture, panel, '--json');
    const names = documented(from, to);
    const inner = (data['roots'] ?? data['interfaces']) as Record<string, unknown>[];
    for (const member of [...Object.keys(data), ...Object.keys(inner[0] ?? {})]) expect(names).toContain(member);
  });
});
