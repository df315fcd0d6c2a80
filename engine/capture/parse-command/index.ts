/**
 * A pasted command line of tcpdump, dumpcap or tshark as settings of a capture. What stands around the tool is seen through:
 * sudo, folders, `.exe`, variables, and ssh, which makes it a capture on another machine. What says nothing here is named.
 */

import type { CaptureSettings } from '../../contract/capture.ts';
import { quoteWord } from '../quote.ts';
import { Draft } from './draft.ts';
import { readOptions } from './options.ts';
import { splitCommand } from './split.ts';
import { type PastedTool, TOOLS, toolOf } from './tools.ts';

export interface ParsedCommand {
  readonly tool: PastedTool;
  /** Empty: the line names none. */
  readonly interfaces: readonly string[];
  readonly settings: Omit<CaptureSettings, 'interfaces'>;
  /** tshark's -Y: what the list is to show; everything is captured all the same. */
  readonly displayFilter: string;
  /** Options that change how packets are printed, not which are captured. */
  readonly printing: readonly string[];
  /** What was not understood, as it was written. */
  readonly unknown: readonly string[];
}

/** `listed`: the interfaces, in the order that numbers in `-i 2` count. null: there is no such tool in the text. */
export function parseCommand(text: string, listed: readonly string[]): ParsedCommand | null {
  const { words, rest } = splitCommand(text);
  const at = words.findIndex((word) => toolOf(word) !== null);
  if (at < 0) return parseRemoteScript(words, rest, listed);
  const tool = toolOf(words[at]);
  if (tool === null) return null;
  const remote = remoteOf(words.slice(0, at), tool);
  // `ssh` hands one line to the shell there; without quotes its words are the same.
  const parsed = parseWords(tool, words.slice(at + 1), listed, restWords(rest));
  return remote === null ? parsed : { ...parsed, settings: { ...parsed.settings, remote } };
}

/** `ssh host 'tcpdump ...'`: the tool stands inside a word. */
function parseRemoteScript(words: readonly string[], rest: string, listed: readonly string[]): ParsedCommand | null {
  const ssh = words.findIndex((word) => isProgram(word, 'ssh'));
  const script = words.at(-1) ?? '';
  if (ssh < 0 || !/\s/.test(script)) return null;
  const inner = parseCommand(script, listed);
  if (inner === null) return null;
  const tool = inner.tool === 'dumpcap' ? 'dumpcap' : 'tcpdump';
  const remote = remoteOf([...words.slice(ssh, -1), ...(/\bsudo\b/.test(script) ? ['sudo'] : [])], tool);
  const unknown = [...inner.unknown, ...restWords(rest)];
  return { ...inner, unknown, settings: { ...inner.settings, remote: remote ?? inner.settings.remote } };
}

function parseWords(
  tool: PastedTool,
  words: readonly string[],
  listed: readonly string[],
  before: readonly string[],
): ParsedCommand {
  const table = TOOLS[tool];
  const draft = new Draft();
  const printing: string[] = [];
  const unknown: string[] = [];
  const { options, rest } = readOptions(words, table);
  for (const { name, value, text } of options) {
    const set = Object.hasOwn(table.set, name) ? table.set[name] : undefined;
    if (set !== undefined) {
      if (!set(draft, value, listed)) unknown.push(text);
    } else if (table.printing.has(name)) printing.push(text);
    else unknown.push(text);
  }
  if (rest.length > 0 && !draft.setFilter(rest.join(' '))) unknown.push(rest.join(' '));
  if (tool === 'tcpdump') draft.joinFileOptions();
  else if (draft.ring.files !== null && draft.settings().ring === null) unknown.push(`-b files:${draft.ring.files}`);
  if (draft.path !== null && /%[A-Za-z]/.test(draft.path)) {
    // tcpdump's -G fills in the time; files here get theirs by themselves.
    unknown.push(`-w ${quoteWord('sh', draft.path)}`);
    draft.path = null;
  }
  return {
    tool,
    interfaces: draft.interfaces,
    settings: draft.settings(),
    displayFilter: draft.displayFilter,
    printing,
    unknown: [...unknown, ...before],
  };
}

/** A pipe or a further command is named; where messages go, and `&`, say nothing. */
function restWords(rest: string): readonly string[] {
  const said = rest.replace(/^(?:[12]?>>?\s*(?:&\d|\S+)\s*|&\s*$)+/, '').trim();
  return said === '' ? [] : [said];
}

function isProgram(word: string, name: string): boolean {
  return (word.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '') === name;
}

/** Options of ssh that take a value. */
const SSH_VALUES = 'BbcDEeFIiJLlmOoPpQRSWw';

/** `ssh -p 2222 ops@host sudo`: where the tool runs; null: here. */
function remoteOf(words: readonly string[], tool: PastedTool): CaptureSettings['remote'] {
  const ssh = words.findIndex((word) => isProgram(word, 'ssh'));
  if (ssh < 0) return null;
  let destination: string | null = null;
  let port: number | null = null;
  let user = '';
  for (let at = ssh + 1; at < words.length && destination === null; at++) {
    const word = words[at];
    const letter = word.charAt(1);
    if (!word.startsWith('-')) destination = word;
    else if (SSH_VALUES.includes(letter)) {
      const value = word.length > 2 ? word.slice(2) : (words[++at] ?? '');
      if (letter === 'p' && /^\d{1,5}$/.test(value)) port = Number(value);
      if (letter === 'l') user = `${value}@`;
    }
  }
  if (destination === null || !/^[^-\s]\S{0,254}$/.test(user + destination)) return null;
  const isPort = port !== null && port >= 1 && port <= 65535;
  const sudo = words.some((word) => word === 'sudo');
  return {
    destination: user + destination,
    port: isPort ? port : null,
    tool: tool === 'dumpcap' ? 'dumpcap' : 'tcpdump',
    sudo,
  };
}
