/** Packets of several flows between hosts of one network, as a capture: for tests of what one flow says about another. */

import { latin1 } from './build-bytes.ts';
import { everyMs, pcap, timeOf } from './build-capture.ts';
import { ethernet } from './build-link.ts';
import { ipv4, tcp, udp } from './build-packet.ts';
import { loadedFrames } from './loaded-frames.ts';

export interface End {
  readonly ip: string;
  readonly port: number;
}

const MACS = { src: '02:00:00:00:00:04', dst: '02:00:00:00:00:01' };

/** Builds segments with the sequence numbers that follow from what was sent before. */
export class FlowFrames {
  readonly frames: Uint8Array[] = [];
  private readonly sent = new Map<string, number>();

  tcp(from: End, to: End, data: string | Uint8Array): this {
    const bytes = typeof data === 'string' ? latin1(data) : data;
    const key = `${from.ip}:${from.port}>${to.ip}:${to.port}`;
    const back = `${to.ip}:${to.port}>${from.ip}:${from.port}`;
    const seq = this.sent.get(key) ?? 1000;
    this.sent.set(key, seq + bytes.length);
    const fields = { srcPort: from.port, dstPort: to.port, seq, ack: this.sent.get(back) ?? 1000 };
    this.frames.push(
      ethernet(MACS, ipv4({ src: from.ip, dst: to.ip }, tcp({ ...fields, flags: ['psh', 'ack'] }, bytes))).bytes(),
    );
    return this;
  }

  udp(from: End, to: End, data: string | Uint8Array): this {
    const bytes = typeof data === 'string' ? latin1(data) : data;
    this.frames.push(
      ethernet(MACS, ipv4({ src: from.ip, dst: to.ip }, udp({ srcPort: from.port, dstPort: to.port }, bytes))).bytes(),
    );
    return this;
  }

  file(): Uint8Array {
    return pcap({ packets: everyMs(timeOf('2026-01-15T09:00:00Z'), this.frames) });
  }

  load(): ReturnType<typeof loadedFrames> {
    return loadedFrames(this.file());
  }
}
