/** Command lines of the capture tools, and what their output means. */

import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaptureSettings, DEFAULT_CAPTURE } from '../../../../../engine/contract/capture.ts';
import { needOfMessage } from '../../../../../engine/host/capture/child-run.ts';
import {
  dumpcapArguments,
  dumpcapCounts,
  openedFile,
  parseDumpcapList,
} from '../../../../../engine/host/capture/dumpcap.ts';
import { helperArguments } from '../../../../../engine/host/capture/helper.ts';
import { installCommands } from '../../../../../engine/host/capture/install-helper.ts';
import { ringOf } from '../../../../../engine/host/capture/live-capture.ts';
import { lineSplitter } from '../../../../../engine/host/capture/program.ts';
import { quoted, RemoteTool, remoteCommand, sshArguments } from '../../../../../engine/host/capture/remote.ts';
import { parseTcpdumpList, tcpdumpArguments, tcpdumpCounts } from '../../../../../engine/host/capture/tcpdump.ts';
import { parseNetDev } from '../../../../../engine/host/capture/traffic.ts';

const EVERYTHING: CaptureSettings = {
  ...DEFAULT_CAPTURE,
  interfaces: ['eth0', 'eth1'],
  filter: 'tcp port 80',
  snapLength: 128,
  promiscuous: false,
  monitor: true,
  bufferBytes: 4 << 20,
  direction: 'in',
  linkType: 'EN10MB',
  timestampType: 'adapter',
  precision: 'nano',
  immediate: true,
  stop: { packets: 10, bytes: 5000, seconds: 1.5, files: 4 },
  ring: { packets: 7, bytes: 2000, seconds: 60, interval: 3600, files: 3 },
};
const LEAST: CaptureSettings = { ...DEFAULT_CAPTURE, interfaces: ['lo'] };

describe('command lines', () => {
  it('of the helper', () => {
    expect(helperArguments(EVERYTHING, 'out.pcapng').join(' ')).toBe(
      'capture --filter tcp port 80 --snap-length 128 --no-promiscuous --monitor --buffer 4096 --direction in ' +
        '--link-type EN10MB --timestamp-type adapter --timestamp-precision nano --immediate --interface eth0 ' +
        '--interface eth1 --write out.pcapng --stop-packets 10 --stop-bytes 5000 --stop-seconds 1.5 --stop-files 4 ' +
        '--file-packets 7 --file-bytes 2000 --file-seconds 60 --file-interval 3600 --ring-files 3',
    );
    expect(helperArguments(LEAST, 'o').join(' ')).toBe('capture --timestamp-precision micro --interface lo --write o');
  });

  it('of dumpcap, whose options of an interface stand behind each', () => {
    const each = '-f tcp port 80 -s 128 -p -I -B 4 -y EN10MB --time-stamp-type adapter';
    expect(dumpcapArguments(EVERYTHING, 'out.pcapng').join(' ')).toBe(
      `-q -i eth0 ${each} -i eth1 ${each} -w out.pcapng -a packets:10 -a filesize:5 -a duration:1.5 -a files:4 ` +
        '-b packets:7 -b filesize:2 -b duration:60 -b interval:3600 -b files:3',
    );
    expect(dumpcapArguments(LEAST, 'o').join(' ')).toBe('-q -i lo -w o');
  });

  it('of tcpdump, whose filter is the last word', () => {
    expect(tcpdumpArguments({ ...EVERYTHING, interfaces: ['eth0'] }, 'out.pcap')).toEqual([
      ...'-n -U -i eth0 -s 128 -p -I -B 4096 -Q in -y EN10MB -j adapter'.split(' '),
      ...'--time-stamp-precision=nano --immediate-mode -c 10 -w out.pcap --'.split(' '),
      'tcp port 80',
    ]);
  });

  it('of the installation: nothing that everybody may run', () => {
    const plan = { source: '/a/helper', target: '/b/c/helper', group: 'capturers', user: 'alex' };
    expect(installCommands(plan).map((words) => words.join(' '))).toEqual([
      'groupadd --system --force capturers',
      'usermod --append --groups capturers alex',
      'install -d -o root -g root -m 0755 /b/c',
      'install -o root -g capturers -m 0750 /a/helper /b/c/helper',
      'setcap cap_net_raw,cap_net_admin=ep /b/c/helper',
    ]);
  });

  it('keeps the last minutes in a ring of files', () => {
    expect(ringOf({ ...LEAST, keepMinutes: 6 }).ring).toEqual({ packets: null, bytes: null, seconds: 60, files: 7 });
    expect(ringOf(EVERYTHING)).toBe(EVERYTHING);
  });
});

describe('what tools print', () => {
  it('is read in whole lines, however it comes', () => {
    const lines: string[] = [];
    const take = lineSplitter((line) => lines.push(line));
    for (const piece of ['a', 'b\r\nc', '\n', 'ゼ'.slice(0, 1), '\nrest']) take(Buffer.from(piece));
    expect(lines).toEqual(['ab', 'c', 'ゼ']);
  });

  it('counts', () => {
    expect(dumpcapCounts('Packets captured: 12')).toEqual({ captured: 12 });
    const drops = "Packets received/dropped on interface 'lo': 12/5 (pcap:3/dumpcap:0/flushed:0/ps_ifdrop:2) (70.6%)";
    expect(dumpcapCounts(drops)).toEqual({ received: 17, droppedByKernel: 3, droppedByInterface: 2 });
    expect(tcpdumpCounts('4 packets received by filter')).toEqual({ received: 4 });
    expect(tcpdumpCounts('1 packet dropped by kernel')).toEqual({ droppedByKernel: 1 });
    expect(tcpdumpCounts('tcpdump: listening on lo')).toBeNull();
    expect(openedFile('File: /captures/a_00001.pcapng', '/captures/a.pcapng')).toBe('/captures/a_00001.pcapng');
  });

  it('lists interfaces', () => {
    const list =
      '1. eth0\tIntel\tEthernet 2\t0\t192.0.2.2,2001:db8::2\tnetwork\t\r\n2. lo\t\tLoopback\t0\t127.0.0.1\tloopback\t\n';
    expect(parseDumpcapList(list)).toMatchObject([
      { name: 'eth0', title: 'Ethernet 2', description: 'Intel', addresses: ['192.0.2.2', '2001:db8::2'] },
      { name: 'lo', isLoopback: true },
    ]);
    const other =
      '1.wlan0 [Up, Running, Wireless, Associated]\n2.any (Pseudo-device (all)) [Up, Running]\n3.ifb0 [none]\n';
    expect(parseTcpdumpList(other)).toMatchObject([
      { name: 'wlan0', isWireless: true, isUp: true },
      { name: 'any', description: 'Pseudo-device (all)' },
      { name: 'ifb0', isUp: false },
    ]);
    const table = 'Inter-|   Receive\n face |bytes\n  eth0: 100 2 0 0 0 0 0 0 50 1 0 0 0 0 0 0\n';
    expect(parseNetDev(table)).toEqual([{ name: 'eth0', packets: 3, bytes: 150 }]);
  });

  it.each([
    ['eth9: No such device exists (SIOCGIFHWADDR: No such device)', 'no-device'],
    ["can't parse filter expression: syntax error", 'filter'],
    ['eth0: That device is not up', 'interface-down'],
    ['/disk/x.pcap: No space left on device', 'disk-full'],
    ['The network adapter on which the capture was being done is no longer running', 'device-gone'],
    ['ssh: connect to host 192.0.2.9 port 22: Connection refused', 'remote-unreachable'],
    ['sh: 4: tcpdump: not found', 'remote-tool-missing'],
    ['ops@192.0.2.9: Permission denied (publickey,password).', 'remote-login'],
    ['Host key verification failed.', 'remote-host-key'],
    ['something else', 'failed'],
  ])('%s', (message, key) => {
    expect(needOfMessage(message)).toMatchObject({ key, params: { reason: message } });
  });
});

describe('another machine', () => {
  const remote = { destination: 'ops@vm1', port: 2222, tool: 'tcpdump', sudo: false } as const;

  it('is reached with arguments that are no options and no shell text of ours', () => {
    const args = sshArguments(remote, 'COMMAND');
    expect(args.slice(-5)).toEqual(['-p', '2222', '--', 'ops@vm1', 'COMMAND']);
    expect(args).toContain('BatchMode=yes');
    expect(quoted("a'b $(x)")).toBe("'a'\\''b $(x)'");
  });

  it.skipIf(process.platform === 'win32').each(['', "host 192.0.2.1 and not port '80'", '$(touch never)'])(
    'runs its tool with the filter %j and without our own session',
    async (filter) => {
      const bin = mkdtempSync(join(tmpdir(), 'nagare-test-'));
      // Stands for tcpdump: says what it was given.
      writeFileSync(join(bin, 'tcpdump'), '#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done\n', { mode: 0o755 });
      const command = remoteCommand({ ...LEAST, filter }, remote);
      const env = { PATH: `${bin}:/usr/bin:/bin`, SSH_CONNECTION: 'fe80::9%eth0 50000 192.0.2.2 22' };
      // Its end would end the capture before it has said anything.
      const shell = spawn('/bin/sh', ['-c', command], { env, cwd: bin, stdio: ['pipe', 'pipe', 'inherit'] });
      const stdout = await text(shell.stdout);
      shell.stdin.end();
      rmSync(bin, { recursive: true });
      const own = 'not (tcp and host fe80::9 and port 50000 and port 22)';
      const wanted = filter === '' ? own : `(${filter}) and ${own}`;
      expect(stdout.trimEnd().split('\n')).toEqual(['-n', '-U', '-i', 'lo', '-w', '-', '--', wanted]);
    },
  );

  describe.skipIf(process.platform === 'win32')('over a made-up ssh', () => {
    let folder = '';

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'nagare-test-'));
      const said = 'printf "tcpdump: listening on lo, link-type EN10MB\\n" >&2';
      // Runs what it is told here; tcpdump writes bytes until it is ended.
      const tcpdump = `#!/bin/sh\ntrap 'echo "3 packets captured" >&2; exit 0' TERM\n${said}\nprintf HEAD\nwhile :; do sleep 0.05; done\n`;
      writeFileSync(join(folder, 'tcpdump'), tcpdump);
      const ssh = `#!/bin/sh\nfor word; do last=$word; done\nPATH=${folder}:$PATH SSH_CONNECTION="192.0.2.1 1 192.0.2.2 22" exec /bin/sh -c "$last"\n`;
      writeFileSync(join(folder, 'ssh'), ssh);
      for (const name of ['ssh', 'tcpdump']) chmodSync(join(folder, name), 0o755);
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('writes what comes, and hears the counts when it is ended', async () => {
      const opened: string[] = [];
      const counts: unknown[] = [];
      const tool = new RemoteTool(join(folder, 'ssh'), remote);
      const path = join(folder, 'out.pcap');
      const run = tool.start(LEAST, path, {
        opened: (file) => opened.push(file),
        removed: () => undefined,
        counts: (one) => counts.push(one),
        problem: (need) => counts.push(need),
      });
      await run.started;
      run.stop();
      await run.ended;
      expect(opened).toEqual([path]);
      expect(counts).toMatchObject([{ captured: 3 }]);
    });
  });
});
