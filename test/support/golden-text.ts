/** The readable text of a golden capture: what the command line prints for it. */

import { readdirSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { runCli } from './run-cli.ts';

/** Not captures, on purpose: their text is the line that says so. */
const EXTENSIONS = /\.(pcap|pcapng|snoop|etl|cap|iptrace|erf|k12|hex)(\.(gz|zst|lz4))?$/;
const COLUMNS = [
  'frame.number',
  'frame.time_relative',
  '_ws.col.Source',
  '_ws.col.Destination',
  '_ws.col.Protocol',
  'frame.len',
  '_ws.col.Info',
  'frame.protocols',
] as const;
/** Packets whose whole tree is in the text. */
const TREES = 3;

/** All captures below a folder, sorted. */
export function goldenCaptures(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => EXTENSIONS.test(path))
    .map((path) => join(folder, path))
    .sort();
}

/** `fields.pcapng.gz` and its text `fields.txt`: the name up to the first dot. */
export function textFileOf(capture: string): string {
  const [stem] = basename(capture).split('.');
  return join(dirname(capture), `${stem}.txt`);
}

/** A command and what it printed, as in a terminal: warnings behind the output. */
async function transcript(
  argv: readonly string[],
  capture: string,
): Promise<{ readonly text: string; readonly code: number }> {
  const { code, out, err } = await runCli(argv);
  const name = basename(capture);
  const shown = argv.map((argument) => (argument === capture ? name : argument)).join(' ');
  const said = `${out}${err}`.replaceAll(capture, name).replaceAll(capture.replaceAll(sep, '/'), name);
  return { text: `$ nagare ${shown}\n${said}${code === 0 ? '' : `exit code ${code}\n`}`, code };
}

export async function goldenText(capture: string): Promise<string> {
  const list = await transcript(['fields', capture, ...COLUMNS.flatMap((column) => ['-e', column])], capture);
  const texts = [list.text];
  const packets = Number((await runCli(['count', capture])).out);
  for (let number = 1; number <= Math.min(packets, TREES); number++) {
    const tree = await runCli(['show', capture, '-n', String(number)]);
    texts.push(`$ nagare show ${basename(capture)} -n ${number}\n${tree.out}`);
  }
  return texts.join('\n');
}
