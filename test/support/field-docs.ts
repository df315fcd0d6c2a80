/** docs/fields.md: every field by protocol, made from the catalogue. */

import type { Field } from '../../engine/base/fields.ts';
import { allProtocols, catalog } from '../../engine/dissect/registry.ts';

export const FIELD_DOCS = 'docs/fields.md';

export function fieldDocs(): string {
  const byProtocol = new Map<number, Field[]>();
  for (const field of catalog.fields) {
    if (field.abbrev === '_ws.none') continue;
    const known = byProtocol.get(field.protocol);
    if (known === undefined) byProtocol.set(field.protocol, [field]);
    else known.push(field);
  }
  const protocols = [...byProtocol.keys()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const count = [...byProtocol.values()].reduce((sum, fields) => sum + fields.length, 0);
  const sections = protocols.map((protocol) => section(protocol, byProtocol.get(protocol) ?? []));
  return `<!-- Made by scripts/make-field-docs.ts (\`node scripts/run.mjs make-field-docs\`); changes by hand are lost. -->

# Fields

${count} fields of ${protocols.length} protocols, as display filters, columns and \`nagare fields -e\` name them. A protocol
stands alone in a filter (\`tcp\`), a field alone or in a comparison (\`tcp.port == 443\`). The same list, for programs:
\`nagare fields --list --json\`.

${sections.join('\n')}`;
}

function section(protocol: number, fields: readonly Field[]): string {
  const name = nameOf(protocol);
  const title = allProtocols[protocol]?.spec.title ?? name;
  const own = fields.filter(({ type }) => type !== 'protocol').sort((a, b) => (a.abbrev < b.abbrev ? -1 : 1));
  if (own.length === 0) return `## ${name}\n\n${cell(title)}\n`;
  const rows = own.map(({ abbrev, type, label }) => `| \`${abbrev}\` | ${type} | ${cell(label)} |`);
  return `## ${name}\n\n${cell(title)}\n\n| Field | Type | |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function nameOf(protocol: number): string {
  return allProtocols[protocol]?.name ?? '';
}

function cell(text: string): string {
  return text.replace(/[|<>\\]/g, (c) => (c === '<' ? '&lt;' : c === '>' ? '&gt;' : `\\${c}`));
}
