/** Very many small packets: a few thousand TCP and UDP flows exchanging 60 to 100 bytes at a time. */

import { onesSum, seededRandom } from '../../test/support/build-bytes.ts';
import { ethernet } from '../../test/support/build-link.ts';
import { ipv4, tcp, udp } from '../../test/support/build-packet.ts';
import { adjustChecksum, type BulkOptions, BulkWriter, wordSum } from './bulk-writer.ts';

const FLOWS = 4000;
const CLIENT_NET = 0x0a010000;
const SERVER_NET = 0xc6336400; // 198.51.100.0
/** Mean distance of two packets. */
const STEP_NS = 12_000;
const LONGEST_PAYLOAD = 46;
const ETHERNET = 14;
const IP = { length: 16, id: 18, checksum: 24, src: 26, dst: 30 } as const;
const L4 = 34;
const TCP = { seq: L4 + 4, ack: L4 + 8, flags: L4 + 12, checksum: L4 + 16, payload: L4 + 20 } as const;
const UDP = { length: L4 + 4, checksum: L4 + 6, payload: L4 + 8 } as const;
const FLAGS = { syn: 0x5002, synAck: 0x5012, ack: 0x5010, data: 0x5018 } as const;

export function writeSmall({ packets, seed, format, out }: BulkOptions): string {
  const random = seededRandom(seed);
  const payload = random.bytes(LONGEST_PAYLOAD);
  /** Sum of the payload's first n bytes, for the checksum. */
  const payloadSum = Uint32Array.from({ length: LONGEST_PAYLOAD + 1 }, (_, n) => onesSum(payload.subarray(0, n)));
  const link = { src: '02:00:00:00:00:04', dst: '02:00:00:00:00:01' };
  const none = { src: '0.0.0.0', dst: '0.0.0.0', totalLength: 0 } as const;
  const tcpHead = ethernet(
    link,
    ipv4({ ...none, dontFragment: true }, tcp({ srcPort: 0, dstPort: 0, flags: [], headerWords: 0 })),
  ).bytes();
  const udpHead = ethernet(link, ipv4(none, udp({ srcPort: 0, dstPort: 0, length: 0 }))).bytes();
  const sums = (head: Uint8Array, checksumAt: number): readonly [number, number] => {
    const view = new DataView(head.buffer);
    return [view.getUint16(IP.checksum), view.getUint16(checksumAt)];
  };
  // In both heads the transport's length was counted in the pseudo header; the real one is added instead.
  const [tcpIpSum, tcpSum] = sums(tcpHead, TCP.checksum);
  const [udpIpSum, udpSum] = sums(udpHead, UDP.checksum);
  /** Sequence numbers of both sides of each flow, and how far the flow has come. */
  const seqs = Uint32Array.from({ length: FLOWS * 2 }, () => random.u32());
  const phases = new Uint32Array(FLOWS);
  const writer = new BulkWriter(out, format);
  const { buffer, view } = writer;
  let time = 0;
  // Hot: once per packet.
  for (let i = 0; i < packets; i++) {
    time += STEP_NS / 2 + random.int(STEP_NS);
    const flow = random.int(FLOWS);
    const isTcp = flow % 4 !== 0;
    const phase = phases[flow] ?? 0;
    phases[flow] = phase + 1;
    // The first three packets of a TCP flow are its handshake: client, server, client.
    const toServer = phase < 3 ? phase !== 1 : random.int(2) === 0;
    const size = isTcp ? (phase < 3 ? 0 : 6 + random.int(LONGEST_PAYLOAD - 5)) : 18 + random.int(LONGEST_PAYLOAD - 17);
    const client = CLIENT_NET + flow;
    const server = (SERVER_NET + (flow % 200) + 1) >>> 0;
    const clientPort = 40_000 + flow;
    const serverPort = isTcp ? 30_100 : 30_101;
    const length = (isTcp ? TCP.payload : UDP.payload) + size;
    const ipLength = length - ETHERNET;
    const l4Length = length - L4;
    const at = writer.begin(time, length);
    buffer.set(isTcp ? tcpHead : udpHead, at);
    view.setUint16(at + IP.length, ipLength);
    view.setUint16(at + IP.id, i & 0xffff);
    view.setUint32(at + IP.src, toServer ? client : server);
    view.setUint32(at + IP.dst, toServer ? server : client);
    const addresses = wordSum(client) + wordSum(server);
    view.setUint16(at + IP.checksum, adjustChecksum(isTcp ? tcpIpSum : udpIpSum, ipLength + (i & 0xffff) + addresses));
    view.setUint16(at + L4, toServer ? clientPort : serverPort);
    view.setUint16(at + L4 + 2, toServer ? serverPort : clientPort);
    for (let n = 0, to = at + length - size; n < size; n++) buffer[to + n] = payload[n] ?? 0;
    const covered = addresses + clientPort + serverPort + (payloadSum[size] ?? 0);
    if (isTcp) {
      const own = 2 * flow + (toServer ? 0 : 1);
      const seq = seqs[own] ?? 0;
      const ack = phase === 0 ? 0 : (seqs[own ^ 1] ?? 0);
      const flags = phase === 0 ? FLAGS.syn : phase === 1 ? FLAGS.synAck : phase === 2 ? FLAGS.ack : FLAGS.data;
      seqs[own] = seq + size + (phase < 2 ? 1 : 0);
      view.setUint32(at + TCP.seq, seq);
      view.setUint32(at + TCP.ack, ack);
      view.setUint16(at + TCP.flags, flags);
      const delta = covered + wordSum(seq) + wordSum(ack) + flags + (l4Length - (tcpHead.length - L4));
      view.setUint16(at + TCP.checksum, adjustChecksum(tcpSum, delta));
    } else {
      view.setUint16(at + UDP.length, l4Length);
      const sum = adjustChecksum(udpSum, covered + l4Length + (l4Length - (udpHead.length - L4)));
      view.setUint16(at + UDP.checksum, sum === 0 ? 0xffff : sum);
    }
    writer.end();
  }
  writer.close();
  return `${out}: ${writer.packets} packets, ${writer.bytes} bytes, ${FLOWS} flows`;
}
