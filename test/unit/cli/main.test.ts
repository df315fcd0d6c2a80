import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../cli/commands/index.ts';
import type { JsonPacket } from '../../../engine/exporters/json.ts';
import { cut } from '../../support/build-bytes.ts';
import { pcap, pcapng, timeOf } from '../../support/build-capture.ts';
import { gzipStored } from '../../support/build-compressed.ts';
import { LINK_TYPE } from '../../support/build-link.ts';
import { ipv4, tcp, udp } from '../../support/build-packet.ts';
import { bytesOf, outbound } from '../../support/golden-captures/capture.ts';
import { type CliRun, runCli } from '../../support/run-cli.ts';

const START = timeOf('2026-01-15T09:00:00.5Z');
const addresses = { src: '10.0.0.4', dst: '198.51.100.20' };
const frames = [
  outbound(ipv4(addresses, udp({ srcPort: 4000, dstPort: 53 }, 'x'))),
  outbound(ipv4(addresses, tcp({ srcPort: 4001, dstPort: 443, flags: ['syn'] }))),
  outbound(ipv4(addresses, udp({ srcPort: 4002, dstPort: 4003 }, 'odd'))),
].map(bytesOf);
const packets = frames.map((bytes, i) => ({ time: START + BigInt(i) * 1_000_000_000n, bytes }));

let folder = '';
const at = (name: string): string => join(folder, name);
let good = '';
let damaged = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nagare-test-cli-'));
  good = at('good.pcap');
  damaged = at('damaged.pcap');
  const bytes = pcap({ packets });
  writeFileSync(good, bytes);
  writeFileSync(damaged, cut(bytes, bytes.length - 5));
  writeFileSync(at('no-capture.txt'), 'just a text');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** One line, and nothing else. */
function expectOneLine({ err, out }: CliRun, pattern: RegExp): void {
  expect(out).toBe('');
  expect(err).toMatch(/^nagare: [^\n]+\n$/);
  expect(err).toMatch(pattern);
}

describe('nagare', () => {
  it('lists its commands, and helps with each', async () => {
    const { code, out } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const { name } of commands) {
      expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
      const help = await runCli([name, '--help']);
      expect(help).toMatchObject({ code: 0, err: '' });
      expect(help.out).toContain(`nagare ${name}`);
      expect(help.out).toContain('--help');
      expect(await runCli(['help', name])).toEqual(help);
    }
  });

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await runCli(['--version'])).toMatchObject({ code: 0, out: `nagare ${version}\n`, err: '' });
  });

  it('takes a near miss for a slip', async () => {
    const run = await runCli(['feilds']);
    expect(run.code).toBe(2);
    expectOneLine(run, /no command "feilds"; did you mean fields\?/);
  });

  it.each([
    [['count'], /a capture file is missing/],
    [['count', '--what', 'x'], /there is no option --what/],
    [['fields', 'x', '-e', 'ip.srk'], /no field "ip.srk"; did you mean ip.src\?/],
    [['fields', 'x'], /-e FIELD/],
    [['fields', 'x', '-e', 'ip.src', '-E', 'header=maybe'], /no print option "header=maybe"/],
    [['show', 'x'], /-n FRAME/],
    [['show', 'x', '-n', '0'], /"0" is no packet number/],
    [['show', 'x', '-n', 'two'], /"two" is no packet number/],
    [['stats', 'x', 'hierarchie'], /did you mean hierarchy\?/],
    [['stats'], /a panel is missing/],
    [['stats', 'x', 'hierarchy', '--view', 'some'], /"some" is no view/],
    [['export', 'x'], /-w OUT/],
    [['export', 'x', '-w', 'y', '--format', 'doc'], /no format "doc"/],
    [['export', 'x', '-w', 'y.pcap', '-e', 'ip.src'], /-e goes with --format csv/],
    [['count', 'x', '-Y', 'tcp.prot == 80'], /wrong at character 1.*tcp\.prot.*tcp\.port/],
    [['count', 'x', '-Y', 'tcp and'], /wrong at character \d+/],
  ])('answers wrong usage with one line and code 2: %j', async (argv, pattern) => {
    const run = await runCli(argv);
    expect(run.code).toBe(2);
    expectOneLine(run, pattern);
  });

  it.each([
    ['a file that is not there', 'missing.pcap', /missing\.pcap does not exist/],
    ['a file that is no capture', 'no-capture.txt', /no-capture\.txt.*looked for pcapng/],
    ['a folder', '.', /is a folder/],
  ])('fails with one line on %s', async (_, name, pattern) => {
    const run = await runCli(['count', at(name)]);
    expect(run.code).toBe(1);
    expectOneLine(run, pattern);
  });

  it('speaks the language of the environment, or the one asked for', async () => {
    const argv = ['count', at('missing.pcap')];
    const japanese = [
      await runCli(argv, { env: { LANG: 'ja_JP.UTF-8' } }),
      await runCli(argv, { env: { LC_ALL: 'ja_JP.UTF-8', LANG: 'en_US.UTF-8' } }),
      await runCli(argv, { systemLanguage: 'ja-JP' }),
      await runCli([...argv, '--lang', 'ja']),
      await runCli(['--lang=ja', ...argv]),
    ];
    for (const { code, err } of japanese) {
      expect(code).toBe(1);
      expect(err).toMatch(/[ぁ-ん]/);
    }
    const { err } = await runCli(argv, { env: { LC_ALL: 'C', LANG: 'ja_JP.UTF-8' }, systemLanguage: 'ja-JP' });
    expect(err).toContain('does not exist');
  });

  it('stops when it is interrupted', async () => {
    const stop = new AbortController();
    stop.abort('interrupted');
    const big = at('big.pcap');
    writeFileSync(
      big,
      gzipStored(
        pcap({ packets: Array.from({ length: 500 }, () => packets[0] ?? { time: 0n, bytes: new Uint8Array(1) }) }),
      ),
    );
    expect(await runCli(['count', big], { signal: stop.signal })).toMatchObject({ code: 130, out: '', err: '' });
  });
});

describe('a damaged file', () => {
  it('is read up to the damage, with one warning that names file, reason and place', async () => {
    const run = await runCli(['count', damaged]);
    expect(run).toMatchObject({ code: 0, out: '2\n' });
    expect(run.err).toMatch(/^nagare: \S+damaged\.pcap: the file ends within a packet .*at byte \d+.*\n$/);
  });

  it('is a failure with --strict, and its packets are printed all the same', async () => {
    expect(await runCli(['count', damaged, '--strict'])).toMatchObject({ code: 1, out: '2\n' });
    expect(await runCli(['count', good, '--strict'])).toMatchObject({ code: 0, out: '3\n', err: '' });
  });
});

describe('nagare count', () => {
  it('counts packets, all or those of a filter', async () => {
    expect(await runCli(['count', good])).toMatchObject({ code: 0, out: '3\n', err: '' });
    expect((await runCli(['count', good, '-Y', 'udp'])).out).toBe('2\n');
    expect((await runCli(['count', good, '-Y', 'udp.payload contains "odd"'])).out).toBe('1\n');
  });

  it('unpacks compressed files', async () => {
    writeFileSync(at('packed'), gzipStored(pcap({ packets })));
    expect((await runCli(['count', at('packed')])).out).toBe('3\n');
  });

  it('merges several files in order of time', async () => {
    const later = at('later.pcap');
    writeFileSync(later, pcap({ packets: packets.map((packet) => ({ ...packet, time: packet.time + 500_000_000n })) }));
    const { out } = await runCli(['fields', later, good, '-e', 'frame.time_relative', '-e', 'udp.dstport']);
    expect(out.split('\n').map((line) => line.slice(0, 3))).toEqual(['0.0', '0.5', '1.0', '1.5', '2.0', '2.5', '']);
  });
});

describe('nagare fields', () => {
  it('prints a line a packet, tabs between fields, commas between values', async () => {
    const argv = [
      'fields',
      good,
      '-e',
      'frame.number',
      '-e',
      'frame.time_epoch',
      '-e',
      'ip.addr',
      '-e',
      'tcp.flags.syn',
      '-e',
      'tcp.flags',
    ];
    expect((await runCli(argv)).out).toBe(
      '1\t1768467600.500000000\t10.0.0.4,198.51.100.20\t\t\n' +
        '2\t1768467601.500000000\t10.0.0.4,198.51.100.20\t1\t0x0002\n' +
        '3\t1768467602.500000000\t10.0.0.4,198.51.100.20\t\t\n',
    );
  });

  it('prints columns, protocols and layers', async () => {
    const argv = ['fields', good, '-Y', 'frame.number == 3', '-e', 'frame.protocols', '-e', 'udp', '-e', 'data'];
    for (const column of ['Source', 'Destination', 'Protocol', 'Info']) argv.push('-e', `_ws.col.${column}`);
    expect((await runCli(argv)).out).toBe(
      'eth:ethertype:ip:udp:data\tUser Datagram Protocol, Src Port: 4002, Dst Port: 4003\t6f6464\t10.0.0.4\t198.51.100.20\tUDP\t4002 → 4003 Len=3\n',
    );
  });

  it.each([
    [['header=y'], 'ip.addr\tip.proto\n10.0.0.4,198.51.100.20\t17\n'],
    [['separator=;', 'aggregator=/s'], '10.0.0.4 198.51.100.20;17\n'],
    [['separator=/s', 'occurrence=f'], '10.0.0.4 17\n'],
    [['occurrence=l', 'quote=d'], '"198.51.100.20"\t"17"\n'],
    [['quote=s', 'bom=y'], "\ufeff'10.0.0.4,198.51.100.20'\t'17'\n"],
  ])('prints as told by -E %j', async (given, expected) => {
    const argv = ['fields', good, '-Y', 'frame.number == 1', '-e', 'ip.addr', '-e', 'ip.proto'];
    expect((await runCli([...argv, ...given.flatMap((one) => ['-E', one])])).out).toBe(expected);
  });

  it('counts times from the packet printed before', async () => {
    const { out } = await runCli([
      'fields',
      good,
      '-Y',
      'udp',
      '-e',
      'frame.time_delta',
      '-e',
      'frame.time_delta_displayed',
    ]);
    expect(out).toBe('0.000000000\t0.000000000\n1.000000000\t2.000000000\n');
  });

  it('lists every field, as text and as JSON', async () => {
    const text = await runCli(['fields', '--list']);
    const json = JSON.parse((await runCli(['fields', '--list', '--json'])).out) as Record<string, string>[];
    expect(text.out.split('\n').length - 1).toBe(json.length);
    expect(text.out).toContain('\ntcp.srcport\tSource Port\tu16\ttcp\n');
    expect(json).toContainEqual({ field: 'tcp.srcport', name: 'Source Port', type: 'u16', protocol: 'tcp' });
    expect(text.out).not.toContain('_ws.none');
  });
});

describe('nagare show', () => {
  it('prints a tree, four spaces a level', async () => {
    const { out, code } = await runCli(['show', good, '-n', '2']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Frame 2: 54 bytes on wire/);
    expect(out).toContain('\nTransmission Control Protocol, Src Port: 4001, Dst Port: 443');
    expect(out).toContain('\n    Source Port: 4001\n');
    expect(out).toMatch(/\n {8}\S.*Syn: Set\n/);
  });

  it('prints JSON', async () => {
    const packet = JSON.parse((await runCli(['show', good, '-n', '2', '--json'])).out) as JsonPacket;
    expect(packet).toMatchObject({ number: 2, time: '1768467601.500000000', protocol: 'TCP' });
    expect(packet.layers.map(({ field }) => field)).toEqual(['frame', 'eth', 'ip', 'tcp']);
  });

  it('fails on a packet that is not there', async () => {
    const run = await runCli(['show', good, '-n', '4']);
    expect(run.code).toBe(1);
    expectOneLine(run, /there is no packet 4; the capture has 3 packets/);
  });
});

describe('nagare stats', () => {
  it('prints a table or JSON, of all packets or those of a filter', async () => {
    expect((await runCli(['stats', good, 'hierarchy'])).out).toMatch(/^ +udp +2 /m);
    const json = JSON.parse((await runCli(['stats', good, 'hierarchy', '-Y', 'tcp', '--json'])).out) as {
      packets: number;
    };
    expect(json.packets).toBe(1);
    expect((await runCli(['stats', good, 'properties'])).out).toMatch(/^Packets +3$/m);
  });
});

describe('nagare export', () => {
  it('writes the packets of a filter, in the format of the name', async () => {
    const out = at('out.pcapng');
    expect(await runCli(['export', good, '-w', out, '-Y', 'udp'])).toMatchObject({ code: 0, out: '', err: '' });
    expect((await runCli(['fields', out, '-e', 'udp.dstport'])).out).toBe('53\n4003\n');
    expect((await runCli(['stats', out, 'properties'])).out).toMatch(/pcapng[^]*Nagare \d/);
  });

  it('writes csv with columns, to standard output where asked', async () => {
    const { out } = await runCli(['export', good, '-w', '-', '--format', 'csv', '-e', 'number', '-e', 'ip.proto']);
    expect(out).toBe('number,ip.proto\r\n1,17\r\n2,6\r\n3,17\r\n');
  });

  it('replaces a file that exists, with its mode, and leaves nothing else behind', async () => {
    mkdirSync(at('target'));
    const out = at('target/old.csv');
    writeFileSync(out, 'old');
    chmodSync(out, 0o640);
    expect((await runCli(['export', good, '-w', out])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/^number,time,/);
    expect(readdirSync(at('target'))).toEqual(['old.csv']);
    if (process.platform !== 'win32') expect(statSync(out).mode & 0o777).toBe(0o640);
  });

  it.each(['its own name', 'a symbolic link', 'a hard link'])(
    'never replaces the file that it reads: %s',
    async (kind) => {
      const source = at(`source-${kind.length}.pcap`);
      writeFileSync(source, pcap({ packets }));
      const out = kind === 'its own name' ? source : at(`link-${kind.length}.pcap`);
      if (kind === 'a symbolic link') symlinkSync(source, out);
      if (kind === 'a hard link') linkSync(source, out);
      const run = await runCli(['export', source, '-w', out]);
      expect(run.code).toBe(1);
      expectOneLine(run, /is the file that is being read/);
      expect(readFileSync(source)).toEqual(Buffer.from(pcap({ packets })));
    },
  );

  it('leaves what was there where it fails, and no unfinished file', async () => {
    mkdirSync(at('failing'));
    const mixed = at('mixed.pcapng');
    const first = packets[0] ?? { time: START, bytes: new Uint8Array(60) };
    writeFileSync(
      mixed,
      pcapng()
        .section()
        .interface()
        .interface({ linkType: LINK_TYPE.sll })
        .packet(first)
        .packet({ ...first, interface: 1 })
        .bytes(),
    );
    const out = at('failing/kept.pcap');
    writeFileSync(out, 'kept');
    const run = await runCli(['export', mixed, '-w', out]);
    expect(run.code).toBe(1);
    expectOneLine(run, /export as pcapng/);
    expect(readFileSync(out, 'utf8')).toBe('kept');
    expect(readdirSync(at('failing'))).toEqual(['kept.pcap']);
  });

  it.each([
    ['a folder', '.', /is a folder/],
    ['a folder that is missing', 'nowhere/x.pcap', /its folder does not exist/],
  ])('fails with one line on %s', async (_, name, pattern) => {
    const run = await runCli(['export', good, '-w', at(name)]);
    expect(run.code).toBe(1);
    expectOneLine(run, pattern);
  });

  it('says what was lost on the way', async () => {
    const commented = at('commented.pcapng');
    writeFileSync(
      commented,
      pcapng()
        .section()
        .interface()
        .packet({ time: START, bytes: new Uint8Array(60), comments: ['x'] })
        .bytes(),
    );
    const { code, err } = await runCli(['export', commented, '-w', at('lost.pcap')]);
    expect(code).toBe(0);
    expect(err).toBe('nagare: comments of packets were left out, for which pcap has no place: 1\n');
  });
});

describe('rules of "decode as"', () => {
  it('hold for every command on captures', async () => {
    expect((await runCli(['count', good, '-Y', 'dns'])).out).toBe('1\n');
    expect((await runCli(['count', good, '-d', 'udp.port==53,data', '-Y', 'dns'])).out).toBe('0\n');
    const rule = ['-d', 'udp.port==4002-4003,syslog', '-d', 'udp.port==53,data'];
    expect((await runCli(['fields', good, ...rule, '-e', '_ws.col.Protocol'])).out).toBe('UDP\nTCP\nSyslog\n');
    expect((await runCli(['show', good, '-n', '3', ...rule])).out).toContain('Syslog');
    expect((await runCli(['stats', good, 'hierarchy', ...rule])).out).toContain('syslog');
  });

  it.each([
    ['udp.port=53,dns', /is no rule/],
    ['udp.prt==53,dns', /no rules about "udp.prt"/],
    ['udp.port==70000,dns', /between 0 and 65535/],
    ['udp.port==53,dnss', /did you mean dns\?/],
  ])('are refused in one line: %s', async (rule, pattern) => {
    const run = await runCli(['count', good, '-d', rule]);
    expect(run.code).toBe(2);
    expectOneLine(run, pattern);
  });
});
