/**
 * Builds the capture helper of native/ with the C compiler that is there: cc, gcc or clang (with `target` windows from
 * elsewhere: mingw's cross compiler). All sources go to the compiler at once; it takes about two seconds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hashInputs, isFresh, removeStamp, writeStamp } from './freshness.ts';

export type NativeTarget = 'linux' | 'macos' | 'windows';

interface NativeBuild {
  readonly target: NativeTarget;
  readonly output: string;
  /** Sources with a `main`, relative to the project's root. */
  readonly mains: readonly string[];
  readonly flags: readonly string[];
}

const EVERYWHERE = [
  'options',
  'json',
  'events',
  'buffer',
  'pcapng',
  'ring',
  'library',
  'link_types',
  'filter',
  'open',
  'interfaces',
  'counters',
  'source',
  'commands',
  'tell',
  'capture',
];

const OF_TARGET: Readonly<Record<NativeTarget, readonly string[]>> = {
  linux: ['system_posix', 'rights_posix', 'facts_linux', 'counters_linux'],
  macos: ['system_posix', 'rights_posix', 'facts_macos', 'counters_macos'],
  windows: ['system_windows', 'facts_windows', 'counters_windows'],
};

const WARNINGS = [
  '-std=c17',
  '-Wall',
  '-Wextra',
  '-Wpedantic',
  '-Werror',
  '-Wshadow',
  '-Wconversion',
  '-Wformat=2',
  '-Wvla',
];

const DEFINES: Readonly<Record<NativeTarget, readonly string[]>> = {
  linux: ['-D_GNU_SOURCE'],
  macos: ['-D_DARWIN_C_SOURCE'],
  windows: ['-D_WIN32_WINNT=0x0A00', '-DWIN32_LEAN_AND_MEAN'],
};

const LIBRARIES: Readonly<Record<NativeTarget, readonly string[]>> = {
  linux: ['-ldl'],
  macos: [],
  windows: ['-static', '-liphlpapi', '-lws2_32', '-lshell32', '-ladvapi32'],
};

/** For programs that are installed; sanitizers of tests do not go with them. */
const HARDENING: Readonly<Record<NativeTarget, readonly string[]>> = {
  linux: ['-O2', '-fPIE', '-pie', '-D_FORTIFY_SOURCE=2', '-fstack-protector-strong', '-Wl,-z,relro,-z,now'],
  macos: ['-O2', '-D_FORTIFY_SOURCE=2', '-fstack-protector-strong'],
  windows: ['-O2', '-fstack-protector-strong', '-Wl,--dynamicbase,--nxcompat,--high-entropy-va', '-s'],
};

export function nativeTarget(platform: NodeJS.Platform): NativeTarget | null {
  if (platform === 'linux') return 'linux';
  if (platform === 'darwin') return 'macos';
  return platform === 'win32' ? 'windows' : null;
}

export function nativeOutput(root: string, target: NativeTarget): string {
  return join(root, 'build/native', target === 'windows' ? 'nagare-capture.exe' : 'nagare-capture');
}

/** The first compiler that answers; `CC` names another one. */
export function findCompiler(target: NativeTarget): string | null {
  const isCross = target === 'windows' && process.platform !== 'win32';
  const usual = process.platform === 'win32' ? ['gcc', 'clang'] : ['cc', 'gcc', 'clang'];
  const named = process.env['CC'];
  const names = isCross ? ['x86_64-w64-mingw32-gcc'] : named === undefined ? usual : [named, ...usual];
  return names.find(canCompile) ?? null;
}

/** Some systems have a compiler without the headers of C, or a program of its name that only offers to install one. */
function canCompile(name: string): boolean {
  const input = '#include <stdio.h>\n';
  return (
    spawnSync(name, ['-fsyntax-only', '-x', 'c', '-'], { input, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0
  );
}

export function nativeSources(root: string, target: NativeTarget): string[] {
  return [...EVERYWHERE, ...OF_TARGET[target]].map((name) => join(root, 'native', `${name}.c`));
}

/** Throws with the compiler's messages. */
export function compileNative(root: string, compiler: string, build: NativeBuild): void {
  const { target, output, mains, flags } = build;
  const args = [
    ...WARNINGS,
    ...DEFINES[target],
    ...flags,
    `-I${join(root, 'native')}`,
    ...nativeSources(root, target),
    ...mains.map((main) => join(root, main)),
    ...LIBRARIES[target],
    '-o',
    output,
  ];
  const { status, stderr, error } = spawnSync(compiler, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${compiler} could not build ${output}:\n${stderr}`);
}

export function hardeningFlags(target: NativeTarget): readonly string[] {
  return HARDENING[target];
}

export type NativeResult = 'built' | 'up to date' | 'no compiler';

/** The helper itself, into build/native. */
export function buildNative(root: string, target: NativeTarget, force: boolean): NativeResult {
  const compiler = findCompiler(target);
  if (compiler === null) return 'no compiler';
  const output = nativeOutput(root, target);
  const stamp = join(root, 'build/stamps', `native-${target}`);
  const hash = hashInputs(root, ['native', 'scripts/build/native.ts']);
  if (!force && isFresh(stamp, hash, [output])) return 'up to date';
  removeStamp(stamp);
  mkdirSync(join(root, 'build/native'), { recursive: true });
  compileNative(root, compiler, { target, output, mains: ['native/main.c'], flags: HARDENING[target] });
  if (!existsSync(output)) throw new Error(`${compiler} made no ${output}`);
  writeStamp(stamp, hash);
  return 'built';
}
