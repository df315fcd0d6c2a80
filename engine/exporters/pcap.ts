/**
 * The pcap format (draft-ietf-opsawg-pcap), little endian: microseconds, or nanoseconds where a time needs them. It holds one
 * link type, and no comments.
 */

import { NS_PER_SECOND } from '../base/time.ts';
import { linkTypeInfo } from '../readers/link-types.ts';
import { ChunkWriter } from './chunk-writer.ts';
import {
  defineExporter,
  type ExportInput,
  type ExportInterface,
  eachRow,
  exportError,
  exportWarning,
} from './exporter.ts';

const MAGIC = { micro: 0xa1b2c3d4, nano: 0xa1b23c4d } as const;
const HEADER_BYTES = 24;
const RECORD_BYTES = 16;
const VERSION = { major: 2, minor: 4 } as const;
/** What tcpdump and Wireshark write where packets are not cut. */
const NO_SNAP_LENGTH = 262_144;
const NS_PER_MICROSECOND = 1000n;
const LAST_SECOND = 0xffff_ffffn;
/** Says in the link type field that frames end with a check sequence, whose length in 16-bit units is in the top bits. */
const HAS_FCS = 0x0400_0000;
const FCS_SHIFT = 28;
const LARGEST_LINK_TYPE = 0xffff;

export const pcap = defineExporter({
  name: 'pcap',
  title: 'pcap',
  extension: 'pcap',
  kind: 'capture',
  async write(input) {
    const plan = await planFile(input);
    const out = new ChunkWriter(input.sink);
    putHeader(out, plan);
    let short = 0;
    await eachRow(input, true, (row) => {
      if (!putRecord(out, input, row, plan.isNano)) short++;
    });
    out.flush();
    if (plan.timeless > 0) input.warn(exportWarning('exportProblem.no-time', { packets: plan.timeless }));
    if (plan.commented > 0) input.warn(exportWarning('exportProblem.comments', { packets: plan.commented }));
    if (short > 0) input.warn(exportWarning('exportProblem.short-packets', { packets: short }));
  },
});

interface Plan {
  readonly linkField: number;
  readonly snapLength: number;
  readonly isNano: boolean;
  readonly timeless: number;
  readonly commented: number;
}

/** Looks at every row before the first byte is written: what cannot be done is refused, and nothing is left half done. */
async function planFile(input: ExportInput): Promise<Plan> {
  const { capture } = input;
  const { table } = capture;
  const used = new Set<number>();
  let isNano = false;
  let timeless = 0;
  let commented = 0;
  let longest = 0;
  await eachRow(input, false, (row) => {
    used.add(table.get('interface', row));
    longest = Math.max(longest, table.get('capturedLength', row));
    if (capture.comments.has(row)) commented++;
    const time = capture.time(row);
    if (time === null) {
      timeless++;
      return;
    }
    if (time < 0n || time / NS_PER_SECOND > LAST_SECOND)
      throw exportError('exportProblem.time-range', { number: row + 1 });
    if (!isNano) isNano = time % NS_PER_MICROSECOND !== 0n;
  });
  const { interfaces } = capture.reader.facts;
  const known = used.size > 0 ? [...used].map((index) => interfaces[index]) : interfaces.slice(0, 1);
  const types = [...new Set(known.map(({ linkType }) => linkType))];
  if (types.length > 1) {
    const names = types.map((type) => linkTypeInfo(type).title).join(', ');
    throw exportError('exportProblem.mixed-link-types', { count: types.length, types: names });
  }
  const linkType = types[0] ?? 1;
  if (linkType > LARGEST_LINK_TYPE) {
    throw exportError('exportProblem.no-link-type', { number: input.rows[0] + 1, type: linkTypeInfo(linkType).title });
  }
  const snapLengths = known.map(({ snapLength }) => (snapLength === 0 ? NO_SNAP_LENGTH : snapLength));
  return {
    linkField: (linkType | fcsBits(known)) >>> 0,
    snapLength: Math.max(longest, ...snapLengths, 0) || NO_SNAP_LENGTH,
    isNano,
    timeless,
    commented,
  };
}

/** Where all interfaces say the same, and pcap can. */
function fcsBits(interfaces: readonly ExportInterface[]): number {
  const lengths = [...new Set(interfaces.map(({ fcsLength }) => fcsLength))];
  const [length] = lengths;
  if (lengths.length !== 1 || length === undefined || length % 2 !== 0 || length > 30) return 0;
  return HAS_FCS | ((length / 2) << FCS_SHIFT);
}

function putHeader(out: ChunkWriter, plan: Plan): void {
  const at = out.room(HEADER_BYTES);
  const { view } = out;
  view.setUint32(at, plan.isNano ? MAGIC.nano : MAGIC.micro, true);
  view.setUint16(at + 4, VERSION.major, true);
  view.setUint16(at + 6, VERSION.minor, true);
  view.setUint32(at + 8, 0, true); // time zone, never used
  view.setUint32(at + 12, 0, true); // accuracy, never used
  view.setUint32(at + 16, plan.snapLength, true);
  view.setUint32(at + 20, plan.linkField, true);
}

/** False: the file had fewer bytes than when it was loaded. */
function putRecord(out: ChunkWriter, input: ExportInput, row: number, isNano: boolean): boolean {
  const { capture } = input;
  const { reader, table } = capture;
  const locator = table.get('locator', row);
  const iface = table.get('interface', row);
  const captured = table.get('capturedLength', row);
  const pseudo = reader.pseudoHeader(locator, iface);
  const at = out.room(RECORD_BYTES + pseudo.length + captured);
  const data = at + RECORD_BYTES;
  out.bytes.set(pseudo, data);
  const from = data + pseudo.length;
  const got = reader.packet(locator, out.bytes.subarray(from, from + captured), iface);
  const time = capture.time(row) ?? 0n;
  const nanos = Number(time % NS_PER_SECOND);
  const { view } = out;
  view.setUint32(at, Number(time / NS_PER_SECOND), true);
  view.setUint32(at + 4, isNano ? nanos : nanos / 1000, true);
  view.setUint32(at + 8, pseudo.length + got, true);
  view.setUint32(at + 12, pseudo.length + table.get('length', row), true);
  out.giveBack(captured - got);
  return got === captured;
}
