import { describe, expect, it } from 'vitest';
import { commandLines } from '../../../../engine/capture/command-line.ts';
import { parseCommand } from '../../../../engine/capture/parse-command/index.ts';
import { quoteLine } from '../../../../engine/capture/quote.ts';
import { type CaptureSettings, DEFAULT_CAPTURE } from '../../../../engine/contract/capture.ts';

function settings(patch: Partial<CaptureSettings> = {}): CaptureSettings {
  return { ...DEFAULT_CAPTURE, interfaces: ['eth0'], ...patch };
}

function line(tool: 'tcpdump' | 'dumpcap', patch: Partial<CaptureSettings>): string {
  return commandLines(tool, settings(patch))
    .lines.map((words) => quoteLine('sh', words))
    .join('\n');
}

const NO_LIMIT = { packets: null, bytes: null, seconds: null, files: null };

describe('the equivalent command lines', () => {
  it('say nothing that is the default anyway', () => {
    expect(line('tcpdump', {})).toBe('tcpdump -i eth0 -w capture.pcap');
    expect(line('dumpcap', {})).toBe('dumpcap -i eth0 -w capture.pcapng');
  });

  it('have a letter for each option', () => {
    const all: Partial<CaptureSettings> = {
      filter: 'tcp port 443',
      snapLength: 128,
      promiscuous: false,
      monitor: true,
      bufferBytes: 8 * 1024 * 1024,
      linkType: 'IEEE802_11_RADIO',
      timestampType: 'adapter',
      path: 'out.pcap',
      stop: { ...NO_LIMIT, packets: 1000 },
    };
    expect(line('tcpdump', { ...all, direction: 'in', precision: 'nano', immediate: true })).toBe(
      "tcpdump -i eth0 -s 128 -p -I -B 8192 -Q in -y IEEE802_11_RADIO -j adapter --time-stamp-precision=nano --immediate-mode -c 1000 -w out.pcap 'tcp port 443'",
    );
    expect(line('dumpcap', all)).toBe(
      "dumpcap -i eth0 -f 'tcp port 443' -s 128 -p -I -B 8 -y IEEE802_11_RADIO --time-stamp-type adapter -c 1000 -w out.pcap",
    );
  });

  it('name what the tool cannot do', () => {
    const hard = settings({
      direction: 'out',
      immediate: true,
      keepMinutes: 5,
      saveWhen: { filter: 'dns', packetRate: null, minutes: 5 },
      stop: { ...NO_LIMIT, bytes: 1_000_000, seconds: 60, files: 3 },
      ring: { ...NO_LIMIT, packets: 100, bytes: 1_000_000, interval: 60 },
    });
    expect([...commandLines('dumpcap', hard).missing].sort()).toEqual(
      ['direction', 'immediate', 'keepMinutes', 'saveWhen', 'stopBytes'].sort(),
    );
    expect([...commandLines('tcpdump', hard).missing].sort()).toEqual(
      ['keepMinutes', 'ringInterval', 'ringPackets', 'saveWhen', 'stopBytes', 'stopFiles', 'stopSeconds'].sort(),
    );
  });

  it('rotate as each tool counts', () => {
    const bySize = { ring: { ...NO_LIMIT, bytes: 100_000_000, files: 10 } };
    expect(line('tcpdump', bySize)).toBe('tcpdump -i eth0 -C 100 -W 10 -w capture.pcap');
    expect(line('dumpcap', bySize)).toBe('dumpcap -i eth0 -b filesize:100000 -b files:10 -w capture.pcapng');
    const byTime = { ring: { ...NO_LIMIT, seconds: 3600 }, stop: { ...NO_LIMIT, files: 24 } };
    expect(line('tcpdump', byTime)).toBe('tcpdump -i eth0 -G 3600 -W 24 -w capture-%Y%m%d-%H%M%S.pcap');
    expect(line('dumpcap', byTime)).toBe('dumpcap -i eth0 -a files:24 -b duration:3600 -w capture.pcapng');
    const byClock = { ring: { ...NO_LIMIT, interval: 3600, files: 24 } };
    expect(line('dumpcap', byClock)).toBe('dumpcap -i eth0 -b interval:3600 -b files:24 -w capture.pcapng');
    expect(line('tcpdump', { stop: { ...NO_LIMIT, seconds: 60 } })).toBe('tcpdump -i eth0 -G 60 -W 1 -w capture.pcap');
  });

  it('write one line of tcpdump for each interface, each with a file of its own', () => {
    const interfaces = ['eth0', '\\Device\\NPF_{0A1B}'];
    expect(line('tcpdump', { interfaces })).toBe(
      "tcpdump -i eth0 -w capture-eth0.pcap\ntcpdump -i '\\Device\\NPF_{0A1B}' -w capture-Device_NPF__0A1B.pcap",
    );
    expect(line('dumpcap', { interfaces: ['eth0', 'lo'], filter: 'udp' })).toBe(
      'dumpcap -f udp -i eth0 -i lo -w capture.pcapng',
    );
  });

  it('are read back as the same settings', () => {
    const variants: Partial<CaptureSettings>[] = [
      {},
      { filter: 'host 192.0.2.1 and not port 22 and tcp[13] & 7 != 0' },
      { snapLength: 96, promiscuous: false, monitor: true, bufferBytes: 4 * 1024 * 1024 },
      { linkType: 'EN10MB', timestampType: 'host', stop: { ...NO_LIMIT, packets: 7 } },
      { ring: { ...NO_LIMIT, bytes: 5_000_000, files: 4 } },
      { stop: { ...NO_LIMIT, seconds: 90 } },
      { path: 'my files/a b.pcap' },
    ];
    for (const shell of ['sh', 'cmd', 'powershell'] as const) {
      for (const variant of variants) {
        const wanted = settings({ path: 'x.pcap', ...variant });
        for (const tool of ['tcpdump', 'dumpcap'] as const) {
          const [words = []] = commandLines(tool, wanted).lines;
          const text = quoteLine(shell, words);
          const read = parseCommand(text, []);
          if (shell === 'cmd' && /[!%"]/.test(words.join(''))) continue; // cmd itself would have taken the carets away
          expect(read?.unknown, text).toEqual([]);
          expect({ ...read?.settings, interfaces: read?.interfaces }, text).toEqual(wanted);
        }
      }
    }
  });
});
