/** The files that a start names. */

import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { filesOf, keyLogOf } from '../../electron/arguments.ts';

test.each<[string, readonly string[], boolean, readonly string[]]>([
  [
    'behind --, whatever they look like',
    ['electron', 'main.js', '--', 'a.pcap', '-b.pcap'],
    false,
    ['a.pcap', '-b.pcap'],
  ],
  ['with Chromium’s switches around', ['electron', '--no-sandbox', 'main.js', '--', 'a.pcap'], false, ['a.pcap']],
  ['by hand, behind the program’s folder', ['electron', '.', 'a.pcap'], false, ['a.pcap']],
  ['none by hand', ['electron', '.'], false, []],
  ['by the system, packaged', ['Nagare.exe', '--flag', 'a.pcap'], true, ['a.pcap']],
  ['none, packaged', ['Nagare.exe'], true, []],
  ['empty', ['electron', 'main.js', '--', ''], false, []],
])('%s', (_, argv, isPackaged, files) => {
  expect(filesOf(argv, isPackaged, '/data')).toEqual(files.map((file) => resolve('/data', file)));
});

test.each<[string, readonly string[], string]>([
  ['named before --', ['electron', 'main.js', '--tls-keys=keys.log', '--', 'a.pcap'], resolve('/data', 'keys.log')],
  ['not among the files', ['electron', 'main.js', '--', '--tls-keys=keys.log'], ''],
  ['without a name', ['electron', 'main.js', '--tls-keys='], ''],
  ['none', ['electron', 'main.js'], ''],
])('a key log file %s', (_, argv, path) => {
  expect(keyLogOf(argv, '/data')).toBe(path);
});
