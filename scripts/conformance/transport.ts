/**
 * Fields from link to transport, value by value. The reference answers do not hold them, so that an installed tshark 4.0 is
 * asked; its answers are kept beside the build's output, and without one this part is skipped by name.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { catalog } from '../../engine/dissect/registry.ts';
import { fieldTexts } from '../../engine/session/field-texts.ts';
import { PacketSource } from '../../engine/session/packet-source.ts';
import type { Opened } from './captures.ts';
import type { Details } from './details.ts';
import { MAX_FRAMES } from './frames.ts';
import { DIFFERENT, EQUAL, type Scores, type Verdict } from './score.ts';

export const TRANSPORT = 'link to transport fields';

const FIELDS = [
  ...['eth.src', 'eth.dst', 'eth.type', 'eth.len', 'vlan.id', 'vlan.priority', 'vlan.etype'],
  ...['arp.opcode', 'arp.src.hw_mac', 'arp.src.proto_ipv4', 'arp.dst.hw_mac', 'arp.dst.proto_ipv4'],
  ...['ip.version', 'ip.hdr_len', 'ip.dsfield', 'ip.len', 'ip.id', 'ip.flags', 'ip.frag_offset', 'ip.ttl', 'ip.proto'],
  ...['ip.checksum', 'ip.checksum.status', 'ip.src', 'ip.dst'],
  ...['ipv6.tclass', 'ipv6.flow', 'ipv6.plen', 'ipv6.nxt', 'ipv6.hlim', 'ipv6.src', 'ipv6.dst'],
  ...['icmp.type', 'icmp.code', 'icmp.checksum', 'icmp.checksum.status', 'icmp.ident', 'icmp.seq'],
  ...['icmpv6.type', 'icmpv6.code', 'icmpv6.checksum', 'icmpv6.checksum.status'],
  ...['tcp.srcport', 'tcp.dstport', 'tcp.seq', 'tcp.seq_raw', 'tcp.ack', 'tcp.ack_raw', 'tcp.hdr_len', 'tcp.flags'],
  ...[
    'tcp.window_size_value',
    'tcp.window_size',
    'tcp.checksum',
    'tcp.checksum.status',
    'tcp.urgent_pointer',
    'tcp.len',
  ],
  ...['tcp.options.mss_val', 'tcp.options.wscale.shift', 'tcp.options.timestamp.tsval', 'tcp.options.timestamp.tsecr'],
  ...['tcp.options.sack_le', 'tcp.options.sack_re'],
  ...['udp.srcport', 'udp.dstport', 'udp.length', 'udp.checksum', 'udp.checksum.status'],
];
const UDP_PORT = FIELDS.indexOf('udp.dstport');

/** The line of docs/differences.md on header checksums: tshark leaves them unverified (2). */
const UNVERIFIED = '2';
/** Linux's port of VXLAN, of which tshark knows nothing. */
const LINUX_VXLAN = '8472';
/** The group that ISL's frames go to, where tshark has no Ethernet layer. */
const ISL_GROUP = /^0[13]:00:0c:00:00:/;

export class TransportOracle {
  private readonly folder: string;
  private readonly captures: string;
  /** False: there is no tshark whose answers can be compared with the others. */
  readonly isThere: boolean;

  constructor(captures: string, cache: string) {
    const version = /\(Wireshark\) (4\.0\.\d+)/.exec(
      spawnSync('tshark', ['--version'], { encoding: 'utf8' }).stdout ?? '',
    );
    this.captures = captures;
    this.folder = join(cache, version?.[1] ?? 'none');
    this.isThere = version !== null;
  }

  /** One row a frame, one cell a field. */
  rows(name: string): readonly (readonly string[])[] {
    const kept = join(this.folder, `${name}.tsv.gz`);
    if (!existsSync(kept)) {
      mkdirSync(dirname(kept), { recursive: true });
      writeFileSync(kept, gzipSync(this.ask(name)));
    }
    const text = gunzipSync(readFileSync(kept)).toString('utf8');
    const [head = '', ...lines] = text.trimEnd().split('\n');
    if (head !== FIELDS.join('\t')) {
      writeFileSync(kept, gzipSync(this.ask(name)));
      return this.rows(name);
    }
    return lines.map((line) => line.split('\t'));
  }

  private ask(name: string): string {
    const args = ['-n', '-r', join(this.captures, name), '-c', String(MAX_FRAMES), '-T', 'fields'];
    for (const field of FIELDS) args.push('-e', field);
    const { stdout } = spawnSync('tshark', args, {
      encoding: 'utf8',
      maxBuffer: 256 << 20,
      env: { ...process.env, TZ: 'UTC' },
    });
    return `${FIELDS.join('\t')}\n${stdout}`;
  }
}

export function compareTransport(
  { capture, dissector }: Opened,
  theirs: readonly (readonly string[])[],
  { name, scores, details }: { readonly name: string; readonly scores: Scores; readonly details: Details },
): void {
  const ids = FIELDS.map((field) => catalog.get(field)?.id ?? -1);
  const wanted = new Set(ids.filter((id) => id >= 0));
  const count = Math.min(theirs.length, capture.table.count);
  for (let row = 0; row < count; row++) {
    const packet = new PacketSource(capture, dissector, row, { displayedBefore: row - 1, reference: -1 });
    const texts = fieldTexts(packet, wanted);
    const isIsl = ISL_GROUP.test(texts.get(catalog.get('eth.dst')?.id ?? -1)?.[0] ?? '');
    for (const [i, field] of FIELDS.entries()) {
      const ours = (texts.get(ids[i] ?? -1) ?? []).join(',');
      const their = theirs[row]?.[i] ?? '';
      if (ours === '' && their === '') continue;
      const isVxlan = (theirs[row]?.[UDP_PORT] ?? '').split(',').includes(LINUX_VXLAN);
      const verdict = judge(field, ours, their, isVxlan, isIsl);
      scores.count(TRANSPORT, verdict);
      if (verdict.kind === 'different')
        details.add({
          capture: name,
          frame: row + 1,
          field: TRANSPORT,
          ours: `${field} ${ours}`,
          theirs: `${field} ${their}`,
        });
      if (verdict.kind === 'different') details.add({ capture: name, frame: row + 1, field, ours, theirs: their });
    }
  }
}

/** `isVxlan`: on the port that tshark shows as data. `isIsl`: the outer header is one of ISL's. */
function judge(field: string, ours: string, theirs: string, isVxlan: boolean, isIsl: boolean): Verdict {
  if (ours === theirs) return EQUAL;
  const isFewer = theirs.split(',').length < ours.split(',').length;
  if (isVxlan && (ours.startsWith(theirs) || (field === 'ip.checksum.status' && isFewer)))
    return { kind: 'deliberate', rule: 'port 8472 is VXLAN' };
  if (field.startsWith('eth.') && isIsl && ours.endsWith(`,${theirs}`))
    return { kind: 'deliberate', rule: 'ISL is a layer of its own' };
  const isUnverified = theirs.split(',').every((status) => status === UNVERIFIED);
  const sameCount = ours.split(',').length === theirs.split(',').length;
  if (field === 'ip.checksum.status' && isUnverified && sameCount)
    return { kind: 'deliberate', rule: 'IPv4 header checksum verified' };
  return DIFFERENT;
}
