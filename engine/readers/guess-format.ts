/** What a file that no reader knows seems to be: for the one line that says why it cannot be opened. */

import type { CaptureProblemKey } from '../base/capture-problems.ts';
import { decodeLatin1 } from '../base/text.ts';

/** `name`: what the text of the key calls it; a key itself where it has to be translated. */
export interface FormatGuess {
  readonly key: CaptureProblemKey;
  readonly name?: string;
}

function later(name: string): FormatGuess {
  return { key: 'captureProblem.guess-later', name };
}

function archive(name: string): FormatGuess {
  return { key: 'captureProblem.guess-archive', name };
}

function packed(name: string): FormatGuess {
  return { key: 'captureProblem.guess-packed', name };
}

function other(name: CaptureProblemKey): FormatGuess {
  return { key: 'captureProblem.guess-other', name };
}

/** How files begin, one character a byte. */
const SIGNATURES: readonly (readonly [string, FormatGuess])[] = [
  ['version https://git-lfs.github.com/spec/', { key: 'captureProblem.guess-lfs' }],
  ['btsnoop\0', later('Bluetooth (btsnoop)')],
  ['\u00aa\u00aa\u00aa\u00aa', later('InfoVista 5View')],
  ['\u007fver', later('Savvius Omnipeek')],
  ['\u0005VNF', later('Visual Networks')],
  ['ObserverPktBuffe', later('Viavi Observer')],
  ['Session Transcript', later('Catapult DCT2000')],
  ['EyeSDN', later('EyeSDN')],
  ['LOGG', later('Vector BLF')],
  ['VL\0\0', later('NetXRay 1.0')],
  ['TR\0d\0', later('HP-UX nettl')],
  ['B\u00d2\0\u0034\u0012f\u0022\u0088', later('RADCOM WAN/LAN analyzer')],
  ['\0\0\u0002\0\u0012\u0005\0\u0010', later('Tektronix K12 (.rf5)')],
  ['\u0001\u0010\u004c\0', later('Novell LANalyzer')],
  ['PK\u0003\u0004', archive('ZIP')],
  ['7z\u00bc\u00af\u0027\u001c', archive('7-Zip')],
  ['\u00fd7zXZ\0', archive('xz')],
  ['BZh', archive('bzip2')],
  ['\u0002\u0021\u004c\u0018', archive('lz4, old format')],
  ['\u001f\u008b', packed('gzip')],
  ['\u0028\u00b5\u002f\u00fd', packed('zstd')],
  ['\u0004\u0022\u004d\u0018', packed('lz4')],
  ['\u007fELF', other('captureProblem.other-program')],
  ['MZ', other('captureProblem.other-program')],
  ['<?xml', other('captureProblem.other-xml')],
  ['{', other('captureProblem.other-json')],
  ['%PDF', other('captureProblem.other-pdf')],
];

/** A file of zeros, as broken downloads leave it, is told by this much of it. */
const ZEROS = 64;

export function guessFormat(head: Uint8Array): FormatGuess {
  if (head.length === 0) return { key: 'captureProblem.guess-empty' };
  const text = decodeLatin1(head, 0, Math.min(head.length, 128));
  const known = SIGNATURES.find(([signature]) => text.startsWith(signature));
  if (known !== undefined) return known[1];
  const isZeros = head.length >= ZEROS && head.subarray(0, ZEROS).every((byte) => byte === 0);
  return { key: isZeros ? 'captureProblem.guess-zeros' : 'captureProblem.guess-none' };
}
