/** Macros: the four ways to call them, what they become, what is refused and where. */

import { describe, expect, it } from 'vitest';
import { checkFilter } from '../../../../../engine/filter/language/check.ts';
import {
  expandMacros,
  type FilterMacro,
  macroArguments,
  readMacroCall,
} from '../../../../../engine/filter/language/macros.ts';
import { testCatalog } from '../test-catalog.ts';

const MACROS: readonly FilterMacro[] = [
  { name: 'web', text: 'tcp.port in {80, 443}' },
  { name: 'pair', text: 'ip.addr == $1 and ip.addr == $2' },
  { name: 'both', text: '${web} and ${pair:$1;$2}' },
  { name: 'two', text: '$1 or $1' },
  { name: 'quoted', text: 'http.host == "$1"' },
  { name: 'half', text: 'tcp.port ==' },
  { name: 'loop', text: '${loop}' },
  {
    name: 'grow',
    text: '$1 or $1 or $1 or $1 or $1 or $1 or $1 or $1 or $1 or $1 or $1 or $1 or $1 or $1 or $1 or $1',
  },
  { name: 'tcp', text: 'udp' },
];

function expanded(text: string): string {
  const result = expandMacros(text, MACROS, (name) => testCatalog.get(name) !== undefined);
  return result.ok ? result.value.text : `${text.slice(result.error.start, result.error.end)} ${result.error.code}`;
}

describe('calls', () => {
  it.each([
    ['tcp', 'tcp'],
    ['${web}', 'tcp.port in {80, 443}'],
    ['not ${web} or udp', 'not tcp.port in {80, 443} or udp'],
    ['$web()', 'tcp.port in {80, 443}'],
    ['${pair:192.0.2.1;192.0.2.2}', 'ip.addr == 192.0.2.1 and ip.addr == 192.0.2.2'],
    ['${pair;192.0.2.1;192.0.2.2}', 'ip.addr == 192.0.2.1 and ip.addr == 192.0.2.2'],
    ['$pair(192.0.2.1,192.0.2.2)', 'ip.addr == 192.0.2.1 and ip.addr == 192.0.2.2'],
    ['$pair(192.0.2.1, ip.src[0])', 'ip.addr == 192.0.2.1 and ip.addr ==  ip.src[0]'],
    ['${both:192.0.2.1;192.0.2.2}', 'tcp.port in {80, 443} and ip.addr == 192.0.2.1 and ip.addr == 192.0.2.2'],
    ['${half} 80', 'tcp.port == 80'],
    ['${two:tcp.port in {80}}', 'tcp.port in {80} or tcp.port in {80}'],
    ['${two:tcp.port in {80\\}}', 'tcp.port in {80} or tcp.port in {80}'],
    ['$two(tcp.port in {80, 81})', 'tcp.port in {80, 81} or tcp.port in {80, 81}'],
    ['${two:http.host == "a;b}"}', 'http.host == "a;b}" or http.host == "a;b}"'],
    ['${quoted:a b}', 'http.host == "a b"'],
    ['http.host == "${web}"', 'http.host == "${web}"'],
    ["frame[0] == '$' or ${web}", "frame[0] == '$' or tcp.port in {80, 443}"],
    ['${tcp}', 'udp'],
    ['tcp.port == ${tcp.port}', 'tcp.port == ${tcp.port}'],
    ['udp.port == $udp.port', 'udp.port == $udp.port'],
    ['udp == ${udp}', 'udp == ${udp}'],
  ])('%s', (text, result) => expect(expanded(text)).toBe(result));
});

describe('refusals', () => {
  it.each([
    ['tcp and ${wep}', '${wep} filterProblem.unknown-macro'],
    ['tcp and $nothing(1)', '$nothing(1) filterProblem.unknown-macro'],
    ['udp or ${pair:192.0.2.1}', '${pair:192.0.2.1} filterProblem.macro-arguments'],
    ['${web:1}', '${web:1} filterProblem.macro-arguments'],
    ['${pair:1;2;3}', '${pair:1;2;3} filterProblem.macro-arguments'],
    ['${loop}', '${loop} filterProblem.macro-too-deep'],
    ['$grow($grow($grow($grow($grow(tcp)))))', '$grow($grow($grow($grow($grow(tcp))))) filterProblem.macro-too-long'],
  ])('%s', (text, result) => expect(expanded(text)).toBe(result));

  it('of what a macro becomes have the place of its call', () => {
    const result = checkFilter('udp and ${quoted:a"b} and tcp', testCatalog, { macros: MACROS });
    expect(result.ok ? '' : [result.error.start, result.error.end]).toEqual([8, 21]);
  });

  it('behind a macro have their own place', () => {
    const text = '${web} and tcp.prot == 80';
    const result = checkFilter(text, testCatalog, { macros: MACROS });
    expect(result.ok ? '' : text.slice(result.error.start, result.error.end)).toBe('tcp.prot');
  });

  it('name the macro that may have been meant', () => {
    const result = checkFilter('${wep}', testCatalog, { macros: MACROS });
    expect(result.ok ? '' : result.error.hint).toContain('${web}');
  });
});

it('counts the places for arguments', () => {
  expect(macroArguments('$2 == $1 and $2')).toBe(2);
  expect(macroArguments('tcp')).toBe(0);
});

it('reads no call where there is none', () => {
  for (const text of ['$', '$$', '${', '${}', '${:}', '${web', '$web', '$web(1', '${1}']) {
    expect(readMacroCall(text, 0)).toBeNull();
  }
});
