import { describe, expect, it } from 'vitest';
import { catalogOf } from '../../../../renderer/state/catalog.ts';
import { checkDraft, fixedText } from '../../../../renderer/views/filter-bar/check-draft.ts';
import { remember, walkHistory } from '../../../../renderer/views/filter-bar/filter-history.ts';

const catalog = catalogOf({
  fields: [
    { name: 'tcp.port', label: 'Source or Destination Port', type: 'u16' },
    { name: 'tcp.flags.syn', label: 'Syn', type: 'bool' },
    { name: 'dns.flags.rcode', label: 'Reply code', type: 'u16', values: [[3, 'No such name']] },
  ],
  protocols: ['tcp', 'dns'],
});

describe('the catalogue in the page', () => {
  it('has every protocol, also those that the host sends without a field', () => {
    expect(catalog.get('tcp')?.type).toBe('protocol');
    expect(catalog.get('TCP.PORT')?.label).toBe('Source or Destination Port');
    expect(catalog.fields.map((field) => field.id)).toEqual(catalog.fields.map((_, index) => index));
  });
});

describe('a filter while it is typed', () => {
  const kind = (text: string): string => checkDraft(text, catalog).kind;

  it('is good, wrong or nothing', () => {
    expect(kind('  ')).toBe('empty');
    expect(kind('tcp.port == 443 and dns')).toBe('good');
    expect(kind('tpc.port == 443')).toBe('wrong');
    expect(kind('tcp.port == ')).toBe('wrong');
  });

  it('is not judged before the catalogue is there, nor by names that only the host has all of', () => {
    expect(checkDraft('tcp.port == 443', null).kind).toBe('unknown');
    expect(kind('dns.flags.rcode == "No such name"')).toBe('good');
    expect(kind('dns.flags.rcode == "Refused"')).toBe('unknown');
  });

  it('is mended by what the hint proposes', () => {
    const wrong = checkDraft('dns or tpc.port == 443', catalog);
    expect(wrong.kind === 'wrong' && fixedText('dns or tpc.port == 443', wrong.error)?.text).toBe(
      'dns or tcp.port == 443',
    );
    const single = checkDraft('tcp.port = 443', catalog);
    expect(single.kind === 'wrong' && fixedText('tcp.port = 443', single.error)?.text).toBe('tcp.port == 443');
    const open = checkDraft('tcp.port == (', catalog);
    expect(open.kind === 'wrong' && fixedText('tcp.port == (', open.error)).toBeNull();
  });
});

describe('the history of filters', () => {
  it('has each filter once, the newest first, and no empty one', () => {
    expect(remember(['a', 'b'], ' b ')).toEqual(['b', 'a']);
    const history = ['a', 'b'];
    expect(remember(history, 'a')).toBe(history);
    expect(remember(history, '  ')).toBe(history);
    expect(
      remember(
        Array.from({ length: 100 }, (_, i) => `f${i}`),
        'new',
      ),
    ).toHaveLength(100);
  });

  it('is gone through back and forth, and comes back to what was being typed', () => {
    const history = ['a', 'b'];
    const first = walkHistory(history, { at: -1, typed: 'x' }, 1);
    expect(first?.text).toBe('a');
    const second = first && walkHistory(history, first.walk, 1);
    expect(second?.text).toBe('b');
    expect(second && walkHistory(history, second.walk, 1)).toBeNull();
    expect(first && walkHistory(history, first.walk, -1)?.text).toBe('x');
    expect(walkHistory(history, { at: -1, typed: 'x' }, -1)).toBeNull();
  });

  it('steps over the filter that is there already', () => {
    expect(walkHistory(['a', 'b'], { at: -1, typed: 'a' }, 1)?.text).toBe('b');
  });
});
