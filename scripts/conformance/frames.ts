/** One capture's frames against tshark's: what the record says, streams, layers, columns and TCP analysis. */

import { catalog } from '../../engine/dissect/registry.ts';
import { fieldTexts } from '../../engine/session/field-texts.ts';
import { PacketSource } from '../../engine/session/packet-source.ts';
import type { Opened } from './captures.ts';
import { COPIES, deliberate } from './deliberate.ts';
import type { Details } from './details.ts';
import type { Table } from './oracle.ts';
import { DIFFERENT, EQUAL, type Scores, type Verdict } from './score.ts';
import { type FramePair, tolerated } from './tolerances.ts';

/** Frames of a capture whose layers and columns are compared. */
export const MAX_FRAMES = 2000;

export const COMPARED = [
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'tcp.stream',
  'udp.stream',
  'frame.protocols',
  '_ws.col.Protocol',
  '_ws.col.Source',
  '_ws.col.Destination',
] as const;

export const FLAGS = [
  'retransmission',
  'fast_retransmission',
  'spurious_retransmission',
  'out_of_order',
  'duplicate_ack',
  'zero_window',
  'window_full',
  'lost_segment',
  'ack_lost_segment',
  'keep_alive',
].map((flag) => `tcp.analysis.${flag}`);
export const ALL_FLAGS = 'tcp.analysis flags';
export const INITIAL_RTT = 'tcp.analysis.initial_rtt';
export const ACK_RTT = 'tcp.analysis.ack_rtt';

/** Fields that no column compares, but rules look at. */
const FOR_RULES = ['tcp.port', 'nagare.copy', 'tcp.flags.ack', 'tcp.ack_raw'];

interface Context {
  readonly name: string;
  readonly scores: Scores;
  readonly details: Details;
}

/** Counts the frames of a capture that could not be opened: all of them are missing. */
export function countUnopened(table: Table, { scores }: Context): void {
  const rows = Math.min(MAX_FRAMES, table.rows.length);
  for (const field of COMPARED) {
    const at = table.columns.indexOf(field);
    const cells = table.rows.slice(0, rows).filter((row) => !isStream(field) || row[at] !== '').length;
    if (cells > 0) scores.count(field, DIFFERENT, cells);
  }
}

const STREAMS = ['tcp.stream', 'udp.stream'] as const;
type StreamField = (typeof STREAMS)[number];

/** Which of our conversation numbers stands for which of tshark's, once a packet that an error quotes has got one of its own. */
class Numbering {
  private readonly toTheirs = new Map<string, string>();
  private readonly toOurs = new Map<string, string>();
  private hasQuoted = false;

  add(ours: string, theirs: string): void {
    if (ours === '' && theirs !== '') this.hasQuoted = true;
    if (ours === '' || theirs === '') return;
    if (!this.toTheirs.has(ours)) this.toTheirs.set(ours, theirs);
    if (!this.toOurs.has(theirs)) this.toOurs.set(theirs, ours);
  }

  isRenumbered(ours: string, theirs: string): boolean {
    return this.hasQuoted && this.toTheirs.get(ours) === theirs && this.toOurs.get(theirs) === ours;
  }
}

const isStream = (field: string): boolean => field.endsWith('.stream');

/** A frame whose layers differ for a reason of docs/differences.md. */
export interface MeantFrame {
  readonly ours: string;
  readonly theirs: string;
  readonly bytes: number;
}

/** Returns the frames whose layers differ on purpose: their rows of the hierarchy do too. */
export function compareFrames({ capture, dissector }: Opened, table: Table, context: Context): MeantFrame[] {
  const { name, scores, details } = context;
  const wanted = new Set([...table.columns, ...FOR_RULES].flatMap((column) => catalog.get(column)?.id ?? []));
  const column = new Map(table.columns.map((text, i) => [text, i]));
  const cell = (row: number, field: string): string => table.rows[row]?.[column.get(field) ?? -1] ?? '';
  const conversations = conversationProtocols(table, column);
  const holes = new Set<string>();
  const copied = new Set<string>();
  const begun = new Set<string>();
  const bare = new Set<string>();
  const rtts = new Map<string, { ours: string; theirs: string; frame: number }>();
  const numbers = new Map(STREAMS.map((field) => [field, new Numbering()]));
  const meant: MeantFrame[] = [];
  const count = Math.min(table.rows.length, capture.table.count);
  for (let row = 0; row < count; row++) {
    if (row >= MAX_FRAMES && cell(row, 'tcp.stream') === '') continue;
    const packet = new PacketSource(capture, dissector, row, { displayedBefore: row - 1, reference: -1 });
    const texts = fieldTexts(packet, wanted);
    const pair: FramePair = {
      ours: (field) => (texts.get(catalog.get(field)?.id ?? -1) ?? []).join(','),
      theirs: (field) => cell(row, field),
      conversationProtocols: () =>
        conversations.get(conversationOf(cell(row, 'tcp.stream'), cell(row, 'udp.stream'))) ?? new Set(),
      hasHole: () => holes.has(cell(row, 'tcp.stream')),
      hasBareNumber: () => bare.has(cell(row, 'tcp.stream')),
      isCopy: () => pair.ours('nagare.copy') !== '',
      hasAppearances: () => capture.reader.facts.hasAppearances === true && copied.has(cell(row, 'tcp.stream')),
      isRenumbered: (field) =>
        numbers.get(field as StreamField)?.isRenumbered(pair.ours(field), pair.theirs(field)) ?? false,
    };
    for (const [field, known] of numbers) known.add(pair.ours(field), pair.theirs(field));
    if (pair.theirs('tcp.analysis.lost_segment') !== '' || pair.theirs('tcp.analysis.ack_lost_segment') !== '')
      holes.add(cell(row, 'tcp.stream'));
    if (pair.isCopy()) copied.add(cell(row, 'tcp.stream'));
    const connection = cell(row, 'tcp.stream');
    const isBare = pair.ours('tcp.flags.ack') === '0' && (begun.has(connection) || pair.ours('tcp.ack_raw') !== '0');
    if (connection !== '' && isBare) bare.add(connection);
    begun.add(connection);
    const judge = (field: string, verdict: Verdict): void => {
      scores.count(field, verdict);
      if (verdict.kind === 'different')
        details.add({ capture: name, frame: row + 1, field, ours: pair.ours(field), theirs: pair.theirs(field) });
    };
    const layers = { ours: pair.ours('frame.protocols'), theirs: pair.theirs('frame.protocols') };
    if (layers.ours !== layers.theirs && deliberate('frame.protocols', pair) !== null)
      meant.push({ ...layers, bytes: capture.table.get('length', row) });
    if (row < MAX_FRAMES) {
      for (const field of COMPARED) {
        if (isStream(field) && pair.ours(field) === '' && pair.theirs(field) === '') continue;
        judge(field, tolerated(field, pair) ?? deliberate(field, pair) ?? DIFFERENT);
      }
    }
    compareAnalysis(pair, judge, scores);
    const stream = cell(row, 'tcp.stream');
    const rtt = rtts.get(stream) ?? { ours: '', theirs: '', frame: row + 1 };
    rtts.set(stream, {
      ...rtt,
      ours: rtt.ours || pair.ours(INITIAL_RTT),
      theirs: rtt.theirs || pair.theirs(INITIAL_RTT),
    });
  }
  for (const [stream, { ours, theirs, frame }] of rtts) {
    if (ours === '' && theirs === '') continue;
    const isEqual = micros(ours) === micros(theirs);
    const verdict: Verdict = isEqual ? EQUAL : copied.has(stream) ? { kind: 'deliberate', rule: COPIES } : DIFFERENT;
    scores.count(INITIAL_RTT, verdict);
    if (verdict === DIFFERENT) details.add({ capture: name, frame, field: INITIAL_RTT, ours, theirs });
  }
  return meant;
}

/** Cells that either side marks. A flag may print twice on one frame, and prints 1 or its number: only that it is there counts. */
function compareAnalysis(pair: FramePair, judge: (field: string, verdict: Verdict) => void, scores: Scores): void {
  for (const flag of FLAGS) {
    const ours = pair.ours(flag) !== '';
    const theirs = pair.theirs(flag) !== '';
    if (!ours && !theirs) continue;
    const verdict = ours === theirs ? EQUAL : (deliberate(flag, pair) ?? DIFFERENT);
    judge(flag, verdict);
    scores.count(ALL_FLAGS, verdict);
  }
  const ours = pair.ours(ACK_RTT);
  const theirs = pair.theirs(ACK_RTT);
  if (ours !== '' || theirs !== '') judge(ACK_RTT, ours === theirs ? EQUAL : (deliberate(ACK_RTT, pair) ?? DIFFERENT));
}

/** Seconds, cut to microseconds. */
function micros(seconds: string): string {
  return seconds === '' ? '' : Number(seconds).toFixed(6);
}

function conversationOf(tcp: string, udp: string): string {
  return `${tcp}/${udp}`;
}

function conversationProtocols(
  table: Table,
  column: ReadonlyMap<string, number>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const at = (field: string): number => column.get(field) ?? -1;
  const found = new Map<string, Set<string>>();
  for (const row of table.rows) {
    const key = conversationOf(row[at('tcp.stream')] ?? '', row[at('udp.stream')] ?? '');
    const names = found.get(key) ?? new Set<string>();
    names.add(row[at('_ws.col.Protocol')] ?? '');
    found.set(key, names);
  }
  return found;
}
