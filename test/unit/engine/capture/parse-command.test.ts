import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../../engine/capture/parse-command/index.ts';
import { DEFAULT_CAPTURE } from '../../../../engine/contract/capture.ts';

function parse(text: string, listed: readonly string[] = ['eth0', 'lo', 'any']) {
  const parsed = parseCommand(text, listed);
  if (parsed === null) throw new Error(`no tool in: ${text}`);
  return parsed;
}

describe('a pasted command', () => {
  it('of tcpdump fills what it says and nothing else', () => {
    const { interfaces, settings, unknown, printing } = parse(
      "sudo tcpdump -nnvvSs 0 -i eth0 -pI -B 4096 -Q in -c 100 -w /var/tmp/a.pcap 'tcp port 443 and host 192.0.2.7'",
    );
    expect(interfaces).toEqual(['eth0']);
    expect(unknown).toEqual([]);
    expect(printing).toEqual(['-n', '-n', '-v', '-v', '-S']);
    expect(settings).toEqual({
      ...DEFAULT_CAPTURE,
      promiscuous: false,
      monitor: true,
      bufferBytes: 4096 * 1024,
      direction: 'in',
      stop: { packets: 100, bytes: null, seconds: null, files: null },
      path: '/var/tmp/a.pcap',
      filter: 'tcp port 443 and host 192.0.2.7',
    });
  });

  it('may have its filter without quotes, and options after it', () => {
    const { settings } = parse('tcpdump -ieth0 udp port 53 -w x.pcap');
    expect(settings.filter).toBe('udp port 53');
    expect(settings.path).toBe('x.pcap');
  });

  it('takes long options, cut short and with an equals sign', () => {
    const { settings, interfaces } = parse(
      'tcpdump --interface=lo --snapshot-l 64 --time-stamp-precision=nano --immediate --no-promiscuous-mode --linktype EN10MB --time-stamp-type adapter',
    );
    expect(interfaces).toEqual(['lo']);
    expect(settings).toMatchObject({
      snapLength: 64,
      precision: 'nano',
      immediate: true,
      promiscuous: false,
      linkType: 'EN10MB',
      timestampType: 'adapter',
    });
  });

  it('rotates as tcpdump does', () => {
    expect(parse('tcpdump -C 5 -W 3 -w a').settings.ring).toEqual({
      packets: null,
      bytes: 5_000_000,
      seconds: null,
      files: 3,
    });
    expect(parse('tcpdump -C 5m -w a').settings.ring?.bytes).toBe(5 * 1024 * 1024);
    expect(parse('tcpdump -G 60 -W 1 -w a').settings).toMatchObject({ ring: null, stop: { seconds: 60 } });
    const hourly = parse('tcpdump -G 3600 -W 24 -w a-%H.pcap');
    expect(hourly.settings).toMatchObject({ ring: { seconds: 3600, files: null }, stop: { files: 24 }, path: null });
    expect(hourly.unknown).toEqual(['-w a-%H.pcap']);
  });

  it('of dumpcap has sizes in its own units, and stop and ring conditions', () => {
    const { settings, interfaces, unknown } = parse(
      '"C:\\Program Files\\Wireshark\\dumpcap.exe" -i 2 -i \\Device\\NPF_{0A1B} -f "tcp port 80" -B 8 -a duration:60.5 -a files:5 -b filesize:1000 -b files:3 -b packets:9 --time-stamp-type host -P -w C:\\tmp\\a.pcapng',
    );
    expect(unknown).toEqual([]);
    expect(interfaces).toEqual(['lo', '\\Device\\NPF_{0A1B}']);
    expect(settings).toMatchObject({
      filter: 'tcp port 80',
      bufferBytes: 8 * 1024 * 1024,
      stop: { packets: null, bytes: null, seconds: 60.5, files: 5 },
      ring: { packets: 9, bytes: 1_000_000, seconds: null, files: 3 },
      timestampType: 'host',
      path: 'C:\\tmp\\a.pcapng',
    });
  });

  it('of tshark brings its display filter along', () => {
    const parsed = parse(
      "tshark -i eth0 -f 'port 53' -Y 'dns.flags.rcode != 0' -T fields -e dns.qry.name -o tcp.x:TRUE",
    );
    expect(parsed.displayFilter).toBe('dns.flags.rcode != 0');
    expect(parsed.settings.filter).toBe('port 53');
    expect(parsed.unknown).toEqual([]);
    expect(parsed.printing).toEqual(['-T fields', '-e dns.qry.name', '-o tcp.x:TRUE']);
  });

  it('names what is not known, as it was written', () => {
    const parsed = parse('tcpdump -i eth0 -r old.pcap --frobnicate=3 -B lots -Q sideways -i 9 -c 0 port 80 | grep x');
    expect(parsed.unknown).toEqual([
      '-r old.pcap',
      '--frobnicate=3',
      '-B lots',
      '-Q sideways',
      '-i 9',
      '-c 0',
      '| grep x',
    ]);
    expect(parse('tshark -b files:3 -b interval:0 -F pcap').unknown).toEqual([
      '-b interval:0',
      '-F pcap',
      '-b files:3',
    ]);
    const byClock = parse('dumpcap -b files:3 -b interval:60');
    expect(byClock.unknown).toEqual([]);
    expect(byClock.settings.ring).toEqual({ packets: null, bytes: null, seconds: null, files: 3, interval: 60 });
    expect(parse('dumpcap -i eth0 -f tcp -i lo -f udp').unknown).toEqual(['-f udp']);
  });

  it('says nothing of redirected messages, joined lines and prompts', () => {
    for (const text of [
      '$ tcpdump -i eth0 \\\n  -w a.pcap \\\n  tcp 2>/dev/null &',
      'C:\\> dumpcap.exe -i eth0 ^\n -w a.pcap ^\n tcp 2>nul',
      'PS C:\\> & tcpdump.exe -i eth0 `\n -w a.pcap `\n tcp',
    ]) {
      const parsed = parse(text.replace('& tcpdump', 'tcpdump'));
      expect(parsed.unknown, text).toEqual([]);
      expect(parsed.settings, text).toMatchObject({ path: 'a.pcap', filter: 'tcp' });
    }
  });

  it('through ssh is a capture on that machine', () => {
    const wanted = { destination: 'ops@vm.example.net', port: 2222, tool: 'tcpdump', sudo: true };
    for (const text of [
      "ssh -p 2222 ops@vm.example.net 'sudo tcpdump -i eth0 -U -w - not port 22' > a.pcap",
      'ssh -p2222 -l ops vm.example.net sudo tcpdump -i eth0 -U -w - not port 22',
    ]) {
      const { settings, interfaces } = parse(text);
      expect(settings.remote, text).toEqual(wanted);
      expect(settings.filter, text).toBe('not port 22');
      expect(settings.path, text).toBeNull();
      expect(interfaces, text).toEqual(['eth0']);
    }
  });

  it('is none without one of the tools', () => {
    expect(parseCommand('', [])).toBeNull();
    expect(parseCommand('ls -l', [])).toBeNull();
    expect(parseCommand('ssh host ls', [])).toBeNull();
  });

  it('of any text ends, and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string(), fc.constantFrom('tcpdump', 'ssh', '-i', '"', "'", '\\', '`', '\n', '--', ' ', '-w')),
        ),
        (parts) => {
          const text = parts.join('');
          parseCommand(text, ['eth0']);
          parseCommand(`tcpdump ${text}`, ['eth0']);
          parseCommand(`ssh h 'dumpcap ${text}'`, ['eth0']);
        },
      ),
      { numRuns: 500 },
    );
  });
});
