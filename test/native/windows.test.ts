/** The capture helper for Windows, built by mingw. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileNative, findCompiler, hardeningFlags } from '../../scripts/build/native.ts';
import { folder } from './build-helper.ts';

const compiler = findCompiler('windows');

const AT = { header: 0x3c, characteristics: 24 + 70 } as const;
const HIGH_ENTROPY = 0x20;
const DYNAMIC_BASE = 0x40;
const NX_COMPATIBLE = 0x100;

test.skipIf(compiler === null)(
  'it compiles without a warning, hardened, and needs no DLL of a compiler',
  () => {
    if (compiler === null) throw new Error('skipped without');
    mkdirSync(folder, { recursive: true });
    const output = join(folder, 'nagare-capture.exe');
    const flags = hardeningFlags('windows');
    compileNative(process.cwd(), compiler, { target: 'windows', output, mains: ['native/main.c'], flags });
    const file = readFileSync(output);
    const header = file.readUInt32LE(AT.header);
    expect(file.subarray(header, header + 4).toString('latin1')).toBe('PE\0\0');
    const characteristics = file.readUInt16LE(header + AT.characteristics);
    const wanted = HIGH_ENTROPY | DYNAMIC_BASE | NX_COMPATIBLE;
    expect(characteristics & wanted).toBe(wanted);
    const names = [...file.toString('latin1').matchAll(/[\w.-]+\.dll/gi)].map(([name]) => name.toLowerCase());
    expect(names).toContain('wpcap.dll'); // loaded at run time
    expect(names.filter((name) => /^(libgcc|libssp|libwinpthread|libstdc)/.test(name))).toEqual([]);
  },
  120_000,
);
