import { describe, expect, it } from 'vitest';
import { type OptionTable, optionsHelp, parseArguments, UsageError } from '../../../cli/args.ts';
import { translator } from '../../../engine/text/index.ts';

const t = translator('en');
const table = {
  filter: { short: 'Y', long: 'filter', value: 'FILTER', help: 'cli.option.filter' },
  field: { short: 'e', value: 'FIELD', many: true, help: 'cli.fields.field' },
  json: { long: 'json', help: 'cli.option.json' },
} as const satisfies OptionTable;
const parse = (...argv: string[]): ReturnType<typeof parseArguments<typeof table>> => parseArguments(table, argv, t);

describe('arguments', () => {
  it.each([[['-Y', 'tcp']], [['-Ytcp']], [['--filter', 'tcp']], [['--filter=tcp']]])(
    'takes a value in any of the usual ways: %j',
    (argv) => {
      expect(parse(...argv).options.filter).toBe('tcp');
    },
  );

  it('collects what may be given several times, in order', () => {
    expect(parse('-e', 'a', 'FILE', '-eb').options.field).toEqual(['a', 'b']);
    expect(parse().options).toEqual({ filter: undefined, field: [], json: false });
  });

  it('takes a value that looks like an option, and everything behind --', () => {
    expect(parse('-Y', '-1 == ip.ttl').options.filter).toBe('-1 == ip.ttl');
    expect(parse('a', '--', '-Y', '--json')).toMatchObject({
      operands: ['a', '-Y', '--json'],
      options: { json: false },
    });
    expect(parse('-').operands).toEqual(['-']);
  });

  it.each([
    [['-x'], 'there is no option -x'],
    [['--filters', 'tcp'], 'there is no option --filters'],
    [['--json=yes'], '--json takes no value'],
    [['-Y'], '-Y needs a value: FILTER'],
    [['-Y', 'a', '--filter', 'b'], '--filter is given twice'],
  ])('refuses %j', (argv, message) => {
    expect(() => parse(...argv)).toThrow(new UsageError(message));
  });

  it('makes the help of the same table', () => {
    expect(optionsHelp(table, t)).toBe(
      '  -Y, --filter FILTER  only packets that this display filter leaves\n' +
        '  -e FIELD             a field, or a column such as _ws.col.Info; give it once for each\n' +
        '      --json           print JSON\n',
    );
  });
});
