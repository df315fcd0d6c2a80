/**
 * Mirrored packets without their tunnels: a capture, as exporters want it, whose tunnelled packets begin at the inner frame.
 * Each mirror session becomes an interface of its own. Other packets stay as they are.
 */

import { MirrorSessions, NO_SESSION } from '../analyses/mirror-sessions.ts';
import { BitSet } from '../base/bitset.ts';
import { protocolNamed } from '../dissect/registry.ts';
import type { WalkedLayers } from '../dissect/walked-layers.ts';
import type { ExportCapture, ExportColumn, ExportInterface } from '../exporters/exporter.ts';
import type { Capture } from './capture.ts';
import { visitHeaders } from './header-pass.ts';
import { MIRROR_TUNNELS } from './mirror-tunnels.ts';
import type { Job } from './turns.ts';

const LINK = { ethernet: 1, raw: 101 } as const;

/** Link types of what may lie in a tunnel. */
const INNER_LINKS: ReadonlyMap<number, number> = new Map([
  [protocolNamed('eth').index, LINK.ethernet],
  [protocolNamed('ip').index, LINK.raw],
  [protocolNamed('ipv6').index, LINK.raw],
]);

export interface Decapsulated {
  readonly capture: ExportCapture;
  /** Packets that begin at their inner frame now. */
  readonly packets: number;
}

/** What of a row's bytes is written, and on which interface. */
interface Inner {
  readonly at: number;
  readonly interface: number;
}

export async function decapsulated(capture: Capture, rows: Uint32Array, job: Job): Promise<Decapsulated> {
  const { table } = capture;
  const sessions = new MirrorSessions(capture.pass.paths, new Set(MIRROR_TUNNELS.keys()));
  const wanted = new BitSet(table.count, table.first);
  for (const row of rows) if (sessions.of(table.get('path', row)) !== NO_SESSION) wanted.add(row);
  const interfaces = [...capture.reader.facts.interfaces] as ExportInterface[];
  const lanes = new Map<string, number>();
  const inner = new Map<number, Inner>();
  const visit = (row: number, _bytes: Uint8Array, layers: WalkedLayers): void => {
    const place = innerOf(layers);
    if (place === null) return;
    const session = sessions.of(table.get('path', row));
    const outer = table.get('interface', row);
    const key = `${session} ${outer} ${place.linkType}`;
    let lane = lanes.get(key);
    if (lane === undefined) {
      lane = interfaces.push(laneOf(interfaces[outer], place.linkType, nameOf(sessions.all[session]))) - 1;
      lanes.set(key, lane);
    }
    inner.set(row, { at: place.at, interface: lane });
  };
  await visitHeaders(capture, wanted, visit, job.pause);
  return { capture: withInner(capture, interfaces, inner), packets: inner.size };
}

function nameOf({ protocol, key, source, destination }: MirrorSessions['all'][number]): string {
  const tunnel = `${MIRROR_TUNNELS.get(protocol)?.name ?? ''} ${key}`;
  return source === '' ? tunnel : `${tunnel} ${source} > ${destination}`;
}

function laneOf(outer: ExportInterface, linkType: number, name: string): ExportInterface {
  const { ticksPerSecond, os, hardware } = outer;
  return { linkType, snapLength: 0, ticksPerSecond, name, ...(os && { os }), ...(hardware && { hardware }) };
}

/** Where the first tunnel's content begins, counted from the frame's start. */
function innerOf(layers: WalkedLayers): { readonly at: number; readonly linkType: number } | null {
  let isInside = false;
  for (let i = 0; i < layers.count; i++) {
    if (MIRROR_TUNNELS.has(layers.protocol[i])) isInside = true;
    else if (isInside) {
      const linkType = INNER_LINKS.get(layers.protocol[i]);
      if (linkType !== undefined) return { at: layers.at[i] - layers.at[0], linkType };
    }
  }
  return null;
}

/** The same capture; a row's locator is the row itself, so that reading knows what to leave out. */
function withInner(
  capture: Capture,
  interfaces: readonly ExportInterface[],
  inner: ReadonlyMap<number, Inner>,
): ExportCapture {
  const { table, reader } = capture;
  const real = (row: number): readonly [number, number] => [table.get('locator', row), table.get('interface', row)];
  const get = (column: ExportColumn, row: number): number => {
    if (column === 'locator') return row;
    const one = inner.get(row);
    const value = table.get(column, row);
    if (one === undefined) return value;
    if (column === 'interface') return one.interface;
    return column === 'length' || column === 'capturedLength' ? Math.max(0, value - one.at) : value;
  };
  return {
    table: { count: table.count, get },
    comments: capture.comments,
    time: (row) => capture.time(row),
    options: (row) => capture.options(row),
    reader: {
      facts: { ...reader.facts, interfaces },
      packet(row, into) {
        const [locator, iface] = real(row);
        const skip = inner.get(row)?.at ?? 0;
        if (skip === 0) return reader.packet(locator, into, iface);
        const whole = new Uint8Array(skip + into.length);
        const got = Math.max(0, reader.packet(locator, whole, iface) - skip);
        into.set(whole.subarray(skip, skip + got));
        return got;
      },
      pseudoHeader(row) {
        const [locator, iface] = real(row);
        return inner.has(row) ? new Uint8Array(0) : reader.pseudoHeader(locator, iface);
      },
    },
  };
}
