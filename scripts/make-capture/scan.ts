/** A port scan: SYN segments from one host, each to another address and port, none answered. */

import { seededRandom } from '../../test/support/build-bytes.ts';
import { ethernet } from '../../test/support/build-link.ts';
import { ipv4, tcp, tcpOption } from '../../test/support/build-packet.ts';
import { adjustChecksum, type BulkOptions, BulkWriter, wordSum } from './bulk-writer.ts';

const PORTS = 250;
const SCANNER = '203.0.113.66';
const FIRST_TARGET = 0x0a000001;
/** One packet every 50 microseconds, give or take. */
const STEP_NS = 50_000;
const AT = { id: 18, ipChecksum: 24, dst: 30, srcPort: 34, dstPort: 36, seq: 38, tcpChecksum: 50 } as const;

export function writeScan({ packets, seed, format, out }: BulkOptions): string {
  const random = seededRandom(seed);
  const template = ethernet(
    { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:04', pad: true },
    ipv4(
      { src: SCANNER, dst: '0.0.0.0', ttl: 51, id: 0 },
      tcp({ srcPort: 0, dstPort: 0, seq: 0, flags: ['syn'], window: 1024, options: tcpOption.maximumSegment(1460) }),
    ),
  ).bytes();
  const head = new DataView(template.buffer);
  const ipChecksum = head.getUint16(AT.ipChecksum);
  const tcpChecksum = head.getUint16(AT.tcpChecksum);
  const writer = new BulkWriter(out, format);
  const { buffer, view } = writer;
  let time = 0;
  // Hot: once per packet; a host is asked for all ports in turn, the hosts one after the other.
  for (let i = 0; i < packets; i++) {
    time += STEP_NS + random.int(STEP_NS / 10);
    const dst = FIRST_TARGET + Math.floor(i / PORTS);
    const dstPort = 1 + ((i * 97) % PORTS) * 4;
    const srcPort = 32_768 + random.int(28_000);
    const seq = random.u32();
    const id = random.int(0x10000);
    const at = writer.begin(time, template.length);
    buffer.set(template, at);
    view.setUint16(at + AT.id, id);
    view.setUint32(at + AT.dst, dst);
    view.setUint16(at + AT.ipChecksum, adjustChecksum(ipChecksum, id + wordSum(dst)));
    view.setUint16(at + AT.srcPort, srcPort);
    view.setUint16(at + AT.dstPort, dstPort);
    view.setUint32(at + AT.seq, seq);
    view.setUint16(at + AT.tcpChecksum, adjustChecksum(tcpChecksum, wordSum(dst) + srcPort + dstPort + wordSum(seq)));
    writer.end();
  }
  writer.close();
  return `${out}: ${writer.packets} packets, ${writer.bytes} bytes`;
}
