/** Programs built for tests, with the sanitizers: a wrong access or a leak ends them with a message and code 99. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileNative, findCompiler, nativeTarget } from '../../scripts/build/native.ts';

const SANITIZERS = [
  '-g',
  '-O1',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
  '-fno-omit-frame-pointer',
];

const target = nativeTarget(process.platform);

/** Null where there is none, or where it has no sanitizers to go with it (mingw). */
export const compiler = target === null || target === 'windows' ? null : findCompiler(target);

export const folder = join(process.cwd(), 'build/native-tests');

const UNIT_TESTS = ['main', 'json_test', 'options_test', 'pcapng_test', 'ring_test', 'commands_test', 'filter_test'];

/** Into a folder of its own, so that files of tests do not meet. */
function build(name: string, mains: readonly string[], flags: readonly string[]): string {
  if (compiler === null || target === null) throw new Error('there is no C compiler');
  mkdirSync(folder, { recursive: true });
  const output = join(folder, name);
  rmSync(output, { force: true });
  compileNative(process.cwd(), compiler, { target, output, mains, flags: [...SANITIZERS, ...flags] });
  return output;
}

export function buildUnitTests(): string {
  return build(
    'unit-tests',
    [...UNIT_TESTS, 'events_test'].map((name) => `test/native/c/${name}.c`),
    [],
  );
}

/** The helper; `without`: one that looks for a library that no system has. */
export function buildTestHelper(name: string, without = false): string {
  return build(name, ['native/main.c'], without ? ['-DLIBRARY_NAMES="libno-such-library.so.0"'] : []);
}
