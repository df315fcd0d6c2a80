import { describe, expect, it } from 'vitest';
import { machineCommands } from '../../../../engine/capture/other-machine/index.ts';
import { MACHINES, type Machine, type MachineNames } from '../../../../engine/capture/other-machine/machine.ts';
import { simpleFilter } from '../../../../engine/capture/other-machine/simple-filter.ts';
import { type CaptureSettings, DEFAULT_CAPTURE } from '../../../../engine/contract/capture.ts';

const NAMES: MachineNames = {
  interface: 'eth0',
  host: 'ops@vm.example.net',
  vni: null,
  vm: 'web-01',
  resourceGroup: 'group one',
  location: 'westeurope',
  storageAccount: 'captures1',
};
const NO_LIMIT = { packets: null, bytes: null, seconds: null, files: null };

function made(
  machine: Machine,
  patch: Partial<CaptureSettings> = {},
  names: Partial<MachineNames> = {},
  windowsShell: 'cmd' | 'powershell' = 'cmd',
) {
  const settings = { ...DEFAULT_CAPTURE, interfaces: ['lo'], ...patch };
  const commands = machineCommands(machine, { settings, names: { ...NAMES, ...names }, windowsShell });
  return {
    ...commands,
    of: (step: string) => commands.steps.filter(({ id }) => id === step).flatMap(({ lines }) => lines),
  };
}

describe('filters that lists of conditions can say', () => {
  const one = { protocols: [], addresses: [], ports: [], isDirected: false };
  it.each([
    ['', [one]],
    ['tcp', [{ ...one, protocols: ['tcp'] }]],
    ['TCP port 80', [{ ...one, protocols: ['tcp'], ports: [80] }]],
    [
      'port 80 or 443',
      [
        { ...one, ports: [80] },
        { ...one, ports: [443] },
      ],
    ],
    ['host 192.0.2.1 and port 53', [{ ...one, addresses: ['192.0.2.1'], ports: [53] }]],
    ['192.0.2.1', null],
    ['host 2001:db8::1', [{ ...one, addresses: ['2001:db8::1'] }]],
    ['net 192.0.2.0/24', [{ ...one, addresses: ['192.0.2.0/24'] }]],
    ['src host 192.0.2.1', [{ ...one, addresses: ['192.0.2.1'], isDirected: true }]],
    ['src or dst port 80', [{ ...one, ports: [80] }]],
    [
      'tcp and (port 80 or port 443)',
      [
        { ...one, protocols: ['tcp'], ports: [80] },
        { ...one, protocols: ['tcp'], ports: [443] },
      ],
    ],
    // The same precedence, from the left.
    [
      'port 80 or port 443 and tcp',
      [
        { ...one, protocols: ['tcp'], ports: [80] },
        { ...one, protocols: ['tcp'], ports: [443] },
      ],
    ],
    ['not port 22', null],
    ['tcp[13] & 2 != 0', null],
    ['host www.example.com', null],
    ['port 80 and', null],
    ['(port 80', null],
    ['net 192.0.2', null],
    ['host 192.0.2.0/24', null],
    ['port 70000', null],
  ])('%s', (filter, wanted) => {
    expect(simpleFilter(filter)).toEqual(wanted);
  });

  it('are bounded, and end for any nesting', () => {
    expect(simpleFilter(Array.from({ length: 33 }, (_, i) => `port ${i}`).join(' or '))).toBeNull();
    expect(simpleFilter(`${'('.repeat(2000)}tcp${')'.repeat(2000)}`)).toEqual([{ ...one, protocols: ['tcp'] }]);
  });
});

describe('commands for another machine', () => {
  it('pktmon: whole packets of the adapters, with filters, in both of its forms', () => {
    const plain = made('pktmon');
    expect(plain.of('filter')).toEqual(['pktmon filter remove']);
    expect(plain.of('start')).toEqual([
      'pktmon start --capture --comp nics --pkt-size 0 --file-name C:\\capture.etl --file-size 512',
    ]);
    expect(plain.of('startOld')).toEqual(['pktmon start --etw -c nics -p 0 -f C:\\capture.etl -s 512']);
    expect(plain.of('stop')).toEqual(['pktmon stop']);
    const filtered = made('pktmon', {
      filter: 'tcp port 443 and host 192.0.2.7 or arp or net 198.51.100.0/24',
      snapLength: 128,
      stop: { ...NO_LIMIT, seconds: 59.5 },
      ring: { ...NO_LIMIT, bytes: 100_000_000, files: 4 },
    });
    expect(filtered.of('filter')).toEqual([
      'pktmon filter remove',
      'pktmon filter add nagare1 -i 192.0.2.7 -t TCP -p 443',
      'pktmon filter add nagare2 -d ARP',
      'pktmon filter add nagare3 -i 198.51.100.0/24',
    ]);
    expect(filtered.of('start')[0]).toContain('--pkt-size 128');
    expect(filtered.of('start')[0]).toContain('--file-size 382');
    expect(filtered.of('wait')).toEqual(['timeout /t 60 /nobreak']);
    expect(made('pktmon', { stop: { ...NO_LIMIT, seconds: 5 } }, {}, 'powershell').of('wait')).toEqual([
      'Start-Sleep -Seconds 5',
    ]);
  });

  it('pktmon: says when it captures more than the filter asks for', () => {
    expect(made('pktmon', { filter: 'src host 192.0.2.1' }).notes).toContain('filterWider');
    const lost = made('pktmon', { filter: 'not port 3389' });
    expect(lost.notes).toContain('filterLost');
    expect(lost.of('filter')).toEqual(['pktmon filter remove']);
    expect(made('pktmon', { filter: 'tcp and udp' }).notes).toContain('filterLost');
    expect(made('pktmon', { filter: 'tcp port 80' }).notes).not.toContain('filterLost');
  });

  it('netsh trace: addresses and protocols, one file or a circular one', () => {
    expect(made('netsh').of('start')).toEqual([
      'netsh trace start capture=yes report=no correlation=no overwrite=yes maxsize=512 filemode=circular tracefile=C:\\capture.etl',
    ]);
    const exact = made('netsh', {
      filter: 'tcp and host 192.0.2.7',
      stop: { ...NO_LIMIT, bytes: 50 * 1024 * 1024 },
      snapLength: 200,
    });
    expect(exact.of('start')).toEqual([
      'netsh trace start capture=yes report=no correlation=no overwrite=yes maxsize=50 filemode=single tracefile=C:\\capture.etl packettruncatebytes=200 ipv4.address=192.0.2.7 protocol=6',
    ]);
    expect(exact.notes).not.toContain('filterWider');
    expect(made('netsh', { filter: 'host 192.0.2.7 or host 192.0.2.8' }).of('start')[0]).toMatch(
      /"ipv4.address=\(192.0.2.7,192.0.2.8\)"$/,
    );
    expect(made('netsh', { filter: 'tcp port 80' }).notes).toContain('filterWider');
    expect(made('netsh', { filter: 'port 80' }).notes).toContain('filterLost');
    expect(made('netsh', { filter: 'ip' }).notes).toContain('filterLost');
    expect(made('netsh', { filter: 'host 192.0.2.7 or tcp' }).of('start')[0]).not.toContain('ipv4');
  });

  it('Linux: tcpdump as root, and the file fetched', () => {
    const { of, file } = made('linux', { filter: 'tcp port 80', snapLength: 96, stop: { ...NO_LIMIT, packets: 10 } });
    expect(of('start')).toEqual(["sudo tcpdump -i eth0 -s 96 -c 10 -w /tmp/capture.pcap 'tcp port 80'"]);
    expect(of('fetch')).toEqual(['scp ops@vm.example.net:/tmp/capture.pcap .']);
    expect(file).toBe('/tmp/capture.pcap');
    const ring = made('linux', { ring: { ...NO_LIMIT, bytes: 100_000_000, files: 5 } });
    expect(ring.of('start')).toEqual(['sudo tcpdump -Z root -i eth0 -C 100 -W 5 -w /tmp/capture.pcap']);
    expect(ring.of('fetch')).toEqual(["scp 'ops@vm.example.net:/tmp/capture*' ."]);
  });

  it('VXLAN: the outer packets, with conditions on the inner ones by offset', () => {
    expect(made('vxlan').of('start')).toEqual(["sudo tcpdump -i eth0 -w /tmp/mirror.pcap 'udp port 4789'"]);
    const { of, notes } = made('vxlan', { filter: 'tcp port 443 and host 192.0.2.7', snapLength: 100 }, { vni: 4096 });
    expect(of('start')).toEqual([
      "sudo tcpdump -i eth0 -s 150 -w /tmp/mirror.pcap 'udp port 4789 and udp[12:4] & 0xffffff00 = 0x00100000 and udp[28:2] = 0x0800 and udp[39] = 6 and (udp[42:4] = 0xc0000207 or udp[46:4] = 0xc0000207) and (udp[50:2] = 443 or udp[52:2] = 443)'",
    ]);
    expect(notes).toContain('mirrorInner');
    const whole = made('vxlan', { filter: 'host 2001:db8::1' });
    expect(whole.of('start')).toEqual(["sudo tcpdump -i eth0 -w /tmp/mirror.pcap 'udp port 4789'"]);
    expect(whole.notes).toContain('mirrorWhole');
  });

  it('Azure Network Watcher: limits and conditions seen from the VM', () => {
    const { of, notes } = made('azure', {
      filter: 'tcp port 443 and host 192.0.2.7',
      snapLength: 128,
      stop: { ...NO_LIMIT, seconds: 60, bytes: 10_000_000 },
    });
    expect(of('start')).toEqual([
      "az network watcher packet-capture create --resource-group 'group one' --vm web-01 --name nagare-capture --storage-account captures1 --time-limit 60 --capture-size 128 --capture-limit 10000000 --filters '" +
        '[{"protocol":"TCP","remoteIPAddress":"192.0.2.7","localPort":"443"},{"protocol":"TCP","remoteIPAddress":"192.0.2.7","remotePort":"443"}]' +
        "'",
    ]);
    expect(notes).not.toContain('filterLost');
    expect(made('azure', { stop: { ...NO_LIMIT, seconds: 99_999 } }).of('start')[0]).toContain('--time-limit 18000');
    expect(made('azure', { filter: 'icmp' }).notes).toContain('filterLost');
  });

  it('each have a file to bring back, and steps that say something', () => {
    for (const machine of MACHINES) {
      const { steps, file } = made(machine, { filter: 'not arp' });
      expect(file).not.toBe('');
      expect(steps.length).toBeGreaterThan(1);
      for (const { lines } of steps) expect(lines.length).toBeGreaterThan(0);
    }
  });
});
