import { describe, expect, it } from 'vitest';
import {
  DECODE_TABLES,
  decodeMap,
  decodeRuleText,
  decodersOf,
  parseDecodeRule,
} from '../../../../engine/dissect/decode-as.ts';
import { join, u16 } from '../../../support/build-bytes.ts';
import { everyMs, pcap, timeOf } from '../../../support/build-capture.ts';
import { FlowFrames } from '../../../support/flow-frames.ts';
import { loadedFrames } from '../../../support/loaded-frames.ts';

const client = { ip: '192.0.2.10', port: 40_000 };
const server = (port: number) => ({ ip: '198.51.100.20', port });

function rules(...texts: readonly string[]) {
  return decodeMap(
    texts.flatMap((text) => {
      const parsed = parseDecodeRule(text);
      if ('code' in parsed) throw new Error(`${text}: ${parsed.code}`);
      return parsed;
    }),
  );
}

describe('rules', () => {
  it('are written as tshark takes them, with ranges', () => {
    expect(parseDecodeRule('tcp.port==8080,http')).toEqual([{ table: 'tcp.port', key: 8080, protocol: 'http' }]);
    expect(parseDecodeRule('udp.port==0x10-18,dns')).toHaveLength(3);
    expect(parseDecodeRule('udp.port==5:2,dns')).toMatchObject([{ key: 5 }, { key: 6 }]);
    expect(decodeRuleText({ table: 'ip.proto', key: 250, protocol: 'gre' })).toBe('ip.proto==250,gre');
  });

  it.each([
    ['tcp.port=8080,http', 'form'],
    ['tcp.port==8080', 'form'],
    ['tcp.prot==8080,http', 'table'],
    ['tcp.port==65536,http', 'key'],
    ['tcp.port==9-8,http', 'key'],
    ['udp.port==0-60000,dns', 'key'],
    ['tcp.port==80,htpp', 'protocol'],
    ['ip.proto==6,http', 'protocol'],
  ])('%s is refused for its %s', (text, code) => {
    expect(parseDecodeRule(text)).toMatchObject({ code });
  });

  it('may be about every table, and each leads to some protocol', () => {
    for (const table of DECODE_TABLES) expect(decodersOf(table).length).toBeGreaterThan(1);
  });
});

describe('packets under rules', () => {
  const request = 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n';

  it('are of the protocol that was said, on either port', () => {
    const file = new FlowFrames()
      .tcp(client, server(53), request)
      .tcp(server(53), client, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      .file();
    expect(loadedFrames(file).stacks).not.toContain('http');
    expect(loadedFrames(file, { decodeAs: rules('tcp.port==53,http') }).stacks).toEqual(['http', 'http']);
    expect(loadedFrames(file, { decodeAs: rules('tcp.port==40000,http') }).stacks).toEqual(['http', 'http']);
    expect(loadedFrames(file, { decodeAs: rules('tcp.port==53,data') }).stacks).toEqual(['data', 'data']);
  });

  it('walk by them below the transport too, in both passes', () => {
    const inner = new FlowFrames().udp(client, server(53), join(u16(1), u16(0), u16(0), u16(0), u16(0), u16(0)))
      .frames[0];
    const frame = (inner ?? new Uint8Array()).slice();
    frame.set(u16(0x88b5), 12);
    const file = pcap({ packets: everyMs(timeOf('2026-01-15T09:00:00Z'), [frame]) });
    expect(loadedFrames(file).stacks).toEqual(['eth:ethertype:data']);
    const ruled = loadedFrames(file, { decodeAs: rules('ethertype==0x88b5,ip') });
    expect(ruled.stacks).toEqual(['dns']);
    expect(ruled.dissect(0).protocolColumn).toBe('DNS');
    expect(loadedFrames(file).dissect(0).protocolColumn).toBe('0x88b5');
  });

  it('enter a tunnel on a port of its own, and leave one on its port', () => {
    const vxlan = join([8, 0, 0, 0, 0, 0, 7, 0], new FlowFrames().tcp(client, server(80), request).frames[0] ?? []);
    const file = new FlowFrames().udp(client, server(8472), vxlan).udp(client, server(4789), vxlan).file();
    const plain = loadedFrames(file).stacks;
    expect(plain[1]).toContain('vxlan');
    const ruled = loadedFrames(file, { decodeAs: rules('udp.port==4789,data', 'udp.port==9999,vxlan') });
    expect(ruled.stacks[1]).toBe('data');
    const other = loadedFrames(new FlowFrames().udp(client, server(9999), vxlan).file(), {
      decodeAs: rules('udp.port==9999,vxlan'),
    });
    expect(other.stacks[0]).toContain('vxlan:eth');
    expect(other.dissect(0).info).toContain('GET /');
  });

  it('are not changed for the next capture', () => {
    const file = new FlowFrames().tcp(client, server(9000), request).file();
    expect(loadedFrames(file, { decodeAs: rules('tcp.port==9000,data') }).stacks).toEqual(['data']);
    expect(loadedFrames(file).stacks).toEqual(['http']);
  });
});
