/** The little services of Unix hosts, one capture each, good and malformed messages in it. */

import { hex, join, latin1, u8, u16, u32, zeros } from '../../build-bytes.ts';
import type { GoldenGroup } from '../capture.ts';
import { client, overTcp, overUdp, server } from './talk.ts';

const padded = (text: string, length: number): Uint8Array => join(latin1(text), zeros(length - text.length));
const whod = (...entries: readonly Uint8Array[]): Uint8Array =>
  join(
    u8(1),
    u8(1),
    u16(0),
    u32(1_768_467_600),
    u32(0),
    padded('host', 32),
    u32(12),
    u32(30),
    u32(105),
    u32(1_768_000_000),
    ...entries,
  );
const entry = join(padded('pts/0', 8), padded('alice', 8), u32(1_768_460_000), u32(30));
const node = join(u16(25_672), u8(77), u8(0), u16(5), u16(5), u16(6), latin1('rabbit'), u16(0));

export const smallServicesGroup: GoldenGroup = {
  name: 'small-services',
  captures: {
    echo: overUdp(7, client('hello'), server('hello')),
    'echo-stream': overTcp(7, client('hello'), server('hello')),
    daytime: overTcp(13, server('Thu Jan 15 09:00:00 2026\r\n')),
    chargen: overUdp(19, client('a'), server(' !"#$%&\r\n')),
    time: overUdp(37, client('x'), server(u32(3_977_456_400)), server(hex('ed13'))),
    finger: overTcp(79, client('alice\r\n'), server('Login: alice\r\nNever logged in.\r\n')),
    whois: overTcp(43, client('example.net\r\n'), server('Domain Name: EXAMPLE.NET\r\nRegistry: x\r\n')),
    gopher: overTcp(
      70,
      client('/\r\n'),
      server('iWelcome\tfake\t(NULL)\t0\r\n0About\t/about\texample.net\t70\r\n.\r\n'),
      client('/about\r\n'),
      server('All about it.\r\n'),
    ),
    nntp: overTcp(
      119,
      server('200 news.example.net ready\r\n'),
      client('ARTICLE 1\r\n'),
      server('220 1 <a@example.net>\r\nSubject: x\r\n\r\nbody\r\n.\r\n'),
      client('QUIT'),
    ),
    exec: overTcp(
      512,
      client('4000\0'),
      client('alice\0secret\0ls -l\0'),
      server('\0'),
      server('total 0\n'),
      client('x'),
    ),
    rsh: overTcp(514, client('4000\0alice\0root\0date\0'), server('\0'), server('now\n'), client('x')),
    rlogin: overTcp(
      513,
      client('\0alice\0root\0xterm/38400\0'),
      server('\0'),
      server(hex('80')),
      client(hex('ffff7373 0018 0050 0000 0000')),
      client('ls\n'),
    ),
    lpd: overTcp(
      515,
      client('\x02laser\n'),
      server('\0'),
      client('\x02120 cfA001host\n'),
      server('\0'),
      client('Hhost\nPalice\n\0'),
      server('\x01'),
      server('no such queue'),
    ),
    cups: overUdp(
      631,
      client('9003 3 ipp://192.0.2.7/printers/laser "Room 1" "Laser" "Model 5"\n'),
      client('3 5 ipp://192.0.2.7/printers/other\n'),
      client('hello'),
    ),
    git: overTcp(
      9418,
      client('0033git-upload-pack /project.git\0host=example.net\0'),
      server('000eversion 2\n', '0001', '0000'),
      client('0011command=fetch', '0009done\n'),
      server('0008NAK\n', '0013\x02Counting: 2/2\n', '0000', 'zzzz'),
    ),
    cvs: overTcp(2401, client('BEGIN AUTH REQUEST\n/cvs\nalice\n'), server('I LOVE YOU\n')),
    epmd: overTcp(
      4369,
      client(u16(7), 'zrabbit'),
      server(hex('7700'), node),
      client(u16(1 + node.length), 'x', node),
      server(hex('79000001')),
      client(u16(1), 'n'),
      server(hex('7701')),
    ),
    who: overUdp(513, client(whod(entry)), client(whod().slice(0, 5))),
  },
};
