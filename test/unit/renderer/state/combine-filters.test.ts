import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterNode } from '../../../../engine/filter/language/ast.ts';
import { parseFilter } from '../../../../engine/filter/language/parser.ts';
import { printFilter } from '../../../../engine/filter/language/print.ts';
import { COMBINATIONS, combineFilters } from '../../../../renderer/state/combine-filters.ts';

const clauses = [
  'tcp',
  'ip.src == 192.0.2.1',
  'dns or icmp',
  'not arp',
  'tcp.port in {80, 443}',
  'a xor b',
  'tcp and ip',
];

/** What a filter decides where some of its conditions hold: each condition by its text. */
function decides(text: string, holds: (condition: string) => boolean): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok || parsed.value === null) throw new Error(text);
  const decide = (node: FilterNode): boolean => {
    switch (node.kind) {
      case 'and':
        return node.parts.every(decide);
      case 'or':
        return node.parts.some(decide);
      case 'xor':
        return node.parts.filter(decide).length % 2 === 1;
      case 'not':
        return !decide(node.inner);
      default:
        return holds(printFilter(node));
    }
  };
  return decide(parsed.value);
}

describe('combining a clause with a filter', () => {
  it('replaces the filter by the clause, or by its opposite', () => {
    expect(combineFilters('dns', 'tcp.port == 80', 'selected')).toBe('tcp.port == 80');
    expect(combineFilters('dns', 'tcp.port == 80', 'not')).toBe('not (tcp.port == 80)');
    expect(combineFilters('dns', 'tcp', 'not')).toBe('not tcp');
  });

  it('joins with the word asked for', () => {
    expect(combineFilters('dns', 'tcp', 'and')).toBe('dns and tcp');
    expect(combineFilters('dns', 'tcp', 'or')).toBe('dns or tcp');
    expect(combineFilters('dns', 'ip.src == 192.0.2.1', 'and-not')).toBe('dns and not (ip.src == 192.0.2.1)');
    expect(combineFilters('dns', 'tcp', 'or-not')).toBe('dns or not tcp');
  });

  it('keeps the text as it was typed and adds only the parentheses that are needed', () => {
    expect(combineFilters('tcp.port eq 80  ||  dns', 'ip', 'and')).toBe('(tcp.port eq 80  ||  dns) and ip');
    expect(combineFilters('tcp && ip', 'dns', 'and')).toBe('tcp && ip and dns');
    expect(combineFilters('tcp and ip', 'dns', 'or')).toBe('tcp and ip or dns');
    expect(combineFilters('tcp', 'dns or icmp', 'and')).toBe('tcp and (dns or icmp)');
  });

  it('is the clause alone where there is no filter, or none that can be read', () => {
    expect(combineFilters('  ', 'tcp', 'and')).toBe('tcp');
    expect(combineFilters('tcp ==', 'dns', 'or')).toBe('dns');
    expect(combineFilters('', 'tcp', 'or-not')).toBe('not tcp');
  });

  it('decides as its parts do, joined', () => {
    const filters = fc.constantFrom(...clauses);
    const truths = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(filters, filters, fc.constantFrom(...COMBINATIONS), truths, (base, clause, how, truth) => {
        const conditions: string[] = [];
        const holds = (condition: string): boolean => {
          if (!conditions.includes(condition)) conditions.push(condition);
          return truth[conditions.indexOf(condition)] === true;
        };
        const before = decides(base, holds);
        const added = decides(clause, holds) !== (how === 'not' || how.endsWith('-not'));
        const wanted = how.startsWith('and') ? before && added : how.startsWith('or') ? before || added : added;
        expect(decides(combineFilters(base, clause, how), holds)).toBe(wanted);
      }),
      { numRuns: 1000 },
    );
  });
});
