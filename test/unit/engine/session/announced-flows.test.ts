import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16, u16le, u32, u32le, zeros } from '../../../support/build-bytes.ts';
import { portmapGetPort, rpcCall, rpcReply } from '../../../support/build-services.ts';
import { valuesOf } from '../../../support/dissect-packet.ts';
import { FlowFrames } from '../../../support/flow-frames.ts';

const client = (port: number) => ({ ip: '192.0.2.10', port });
const server = (port: number) => ({ ip: '198.51.100.20', port });
const CONTROL = 40_001;
const DATA = 50_123; // 195 * 256 + 203

function session(...lines: readonly (readonly ['client' | 'server', string])[]): FlowFrames {
  const frames = new FlowFrames();
  for (const [from, line] of lines) {
    if (from === 'client') frames.tcp(client(CONTROL), server(21), `${line}\r\n`);
    else frames.tcp(server(21), client(CONTROL), `${line}\r\n`);
  }
  return frames;
}

describe('data connections of FTP', () => {
  it('are known by the passive reply, with the command they serve', () => {
    const { stacks, dissect } = session(
      ['client', 'PWD'],
      ['server', '257 "/pub" is the current directory'],
      ['client', 'PASV'],
      ['server', '227 Entering Passive Mode (198,51,100,20,195,203)'],
      ['client', 'RETR notes.bin'],
    )
      .tcp(server(DATA), client(40_002), Uint8Array.of(0, 1, 2, 255))
      .load();
    expect(stacks.at(-1)).toBe('ftp-data');
    const { root, info } = dissect(5);
    expect(info).toBe('FTP Data: 4 bytes (PASV) (RETR notes.bin)');
    expect(valuesOf(root, 'ftp-data.setup-frame')).toEqual(['4']);
    expect(valuesOf(root, 'ftp-data.command-frame')).toEqual(['5']);
    expect(valuesOf(root, 'ftp-data.current-working-directory')).toEqual(['/pub']);
  });

  it.each([
    ['PORT', ['client', 'PORT 192,0,2,10,195,203'], true],
    ['EPRT', ['client', 'EPRT |1|192.0.2.10|50123|'], true],
    ['EPASV', ['server', '229 Entering Extended Passive Mode (|||50123|)'], false],
  ] as const)('are known by %s', (method, said, isActive) => {
    const frames = session(said);
    if (isActive) frames.tcp(server(20_000), client(DATA), Uint8Array.of(0, 1));
    else frames.tcp(client(40_002), server(DATA), Uint8Array.of(0, 1));
    const { stacks, dissect } = frames.load();
    expect(stacks.at(-1)).toBe('ftp-data');
    expect(valuesOf(dissect(1).root, 'ftp-data.setup-method')).toEqual([method]);
  });

  it('are found at the server itself where it names another address', () => {
    const { stacks } = session(['server', '227 Entering Passive Mode (10,0,0,1,195,203)'])
      .tcp(server(DATA), client(40_002), Uint8Array.of(0, 1))
      .load();
    expect(stacks.at(-1)).toBe('ftp-data');
  });

  it('do not include other ports and other hosts, nor broken replies', () => {
    const { stacks } = session(
      ['server', '227 Entering Passive Mode (198,51,100,20,195,203)'],
      ['server', '227 Entering Passive Mode (198,51,100,20,195'],
      ['server', '229 Entering Extended Passive Mode (|||99999|)'],
      ['client', 'EPRT |1|not an address|50124|'],
    )
      .tcp(server(DATA + 1), client(40_002), Uint8Array.of(0, 1))
      .tcp({ ip: '203.0.113.5', port: DATA }, client(40_002), Uint8Array.of(0, 1))
      .load();
    expect(stacks.slice(-2)).toEqual(['data', 'data']);
  });
});

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.10',
  's=-',
  'c=IN IP4 192.0.2.10',
  't=0 0',
  'm=audio 6000 RTP/AVP 0 101',
  'a=rtpmap:101 telephone-event/8000',
  'm=video 7000 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=rtcp:7101',
  'm=audio 8000 RTP/AVP 0',
  'c=IN IP4 0.0.0.0',
  '',
].join('\r\n');
const INVITE = `INVITE sip:a@example.com SIP/2.0\r\nContent-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`;
const rtp = (type: number, payload: number): Uint8Array => join([0x80, type], u16(7), u32(9), u32(1), zeros(payload));

describe('session descriptions', () => {
  const call = (): FlowFrames => new FlowFrames().udp(client(5060), server(5060), INVITE);

  it('announce the ports of sound and pictures, and of their control packets', () => {
    const { stacks, dissect } = call()
      .udp(server(30_000), client(6000), rtp(0, 7))
      .udp(server(30_001), client(6001), join([0x81, 202], u16(1), u32(1)))
      .udp(server(30_002), client(7000), rtp(96, 9))
      .udp(server(30_003), client(7101), join([0x81, 202], u16(1), u32(1)))
      .udp(server(30_004), client(8000), rtp(0, 7))
      .load();
    expect(stacks).toEqual(['sip', 'rtp', 'rtcp', 'rtp', 'rtcp', 'data']);
    expect(valuesOf(dissect(1).root, 'rtp.setup-frame')).toEqual(['1']);
    expect(dissect(3).info).toContain('PT=H264');
  });

  it('count although the description came in two segments', () => {
    const frames = new FlowFrames();
    frames.tcp(client(5062), server(5060), INVITE.slice(0, 90)).tcp(client(5062), server(5060), INVITE.slice(90));
    const { stacks } = frames.udp(server(30_000), client(6000), rtp(0, 7)).load();
    expect(stacks.at(-1)).toBe('rtp');
  });

  it('leave room for STUN on the same port', () => {
    const stun = join(u16(1), u16(0), u32(0x2112a442), zeros(12));
    const { stacks, dissect } = call()
      .udp(server(30_000), client(6000), rtp(0, 7))
      .udp(server(30_000), client(6000), stun)
      .udp(server(30_000), client(6000), rtp(0, 7))
      .load();
    expect(stacks.slice(1)).toEqual(['rtp', 'stun', 'rtp']);
    expect([1, 2, 3].map((row) => dissect(row).protocolColumn)).toEqual(['RTP', 'STUN', 'RTP']);
  });
});

describe('other announcements', () => {
  it('TFTP answers from another port than it was asked at', () => {
    const { stacks } = new FlowFrames()
      .udp(client(2000), server(69), join(u16(1), latin1('a.txt\0octet\0')))
      .udp(server(50_000), client(2000), join(u16(3), u16(7), latin1('rest')))
      .udp(server(50_000), client(2001), join(u16(3), u16(7), latin1('rest')))
      .load();
    expect(stacks).toEqual(['tftp', 'tftp', 'data']);
  });

  it('SSDP answers come to the port that searched', () => {
    const search = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nST: ssdp:all\r\n\r\n';
    const { stacks } = new FlowFrames()
      .udp(client(2000), { ip: '239.255.255.250', port: 1900 }, search)
      .udp(server(50_000), client(2000), 'HTTP/1.0 200 OK\r\nST: upnp:rootdevice\r\n\r\n')
      .load();
    expect(stacks).toEqual(['ssdp', 'ssdp']);
  });

  it('a port mapper says where a program listens', () => {
    const { stacks } = new FlowFrames()
      .udp(client(800), server(111), portmapGetPort(1, { program: 100_005, version: 3, protocol: 17, port: 0 }))
      .udp(server(111), client(800), rpcReply(1, u32(20_048)))
      .udp(server(20_048), client(801), rpcReply(77, u32(0)))
      .load();
    expect(stacks[2]).toMatch(/^rpc/);
  });

  it('a port mapper that never was asked says nothing', () => {
    const { stacks } = new FlowFrames()
      .udp(client(800), server(111), rpcCall({ xid: 1, program: 100_000, version: 2, procedure: 3, arguments: [] }))
      .udp(server(111), client(800), rpcReply(2, u32(20_048)))
      .udp(server(20_048), client(801), rpcReply(77, u32(0)))
      .load();
    expect(stacks[2]).toBe('data');
  });

  it('an endpoint mapper says on which port an interface listens', () => {
    const uuid = hex('785734123412cdabef000123456789ac'); // samr
    const ndr = hex('045d888aeb1cc9119fe808002b104860');
    const floor = (left: Uint8Array, right: Uint8Array): Uint8Array =>
      join(u16le(left.length), left, u16le(right.length), right);
    const tower = join(
      u16le(5),
      floor(join([0x0d], uuid, u16le(1)), u16le(0)),
      floor(join([0x0d], ndr, u16le(2)), u16le(0)),
      floor(Uint8Array.of(0x0b), u16le(0)),
      floor(Uint8Array.of(0x07), u16(49_155)),
      floor(Uint8Array.of(0x09), hex('c6336414')),
    );
    const stub = join(
      zeros(20),
      u32le(1),
      u32le(1),
      u32le(0),
      u32le(1),
      u32le(3),
      u32le(tower.length),
      u32le(tower.length),
      tower,
    );
    const pdu = (type: number, call: number, body: Uint8Array): Uint8Array =>
      join([5, 0, type, 3, 0x10, 0, 0, 0], u16le(16 + body.length), u16le(0), u32le(call), body);
    const answer = pdu(2, 1, join(u32le(stub.length), u16le(0), [0, 0], stub));
    // The new port's bind is not in the capture: its first segment is the middle of a stub.
    const { stacks, dissect } = new FlowFrames()
      .tcp(server(135), client(1000), answer)
      .tcp(client(1001), server(49_155), pdu(0, 2, join(u32le(4), u16le(0), u16le(5), zeros(4))))
      .load();
    expect(stacks[1]).toBe('dcerpc');
    expect(dissect(1).protocolColumn).toBe('SAMR');
  });
});
