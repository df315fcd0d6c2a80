import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoteLine, quoteWord } from '../../../../engine/capture/quote.ts';

const HARD = [
  'plain',
  '',
  'two words',
  "it's",
  'say "hello"',
  'tcp[13] & 2 != 0',
  '$HOME `id` $(id)',
  'a\\',
  'a b\\',
  '100%',
  '!x',
  '#x',
  '*?[a]',
  '\\Device\\NPF_{0A1B}',
  'line\nbreak',
];

describe('quoting', () => {
  it('gives a POSIX shell each word back as it was', () => {
    const line = quoteLine('sh', [
      process.execPath,
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '--',
      ...HARD,
    ]);
    const said = execFileSync('sh', ['-c', line], { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual(HARD);
  });

  it('leaves plain words alone', () => {
    for (const shell of ['sh', 'cmd', 'powershell'] as const) {
      expect(quoteLine(shell, ['tcpdump', '-i', 'eth0', '-s', '128', '-w', 'a.pcap'])).toBe(
        'tcpdump -i eth0 -s 128 -w a.pcap',
      );
    }
  });

  it('writes words for cmd as the C runtime reads them', () => {
    expect(quoteWord('cmd', 'tcp port 80')).toBe('"tcp port 80"');
    expect(quoteWord('cmd', 'tcp[13] & 2 != 0')).toBe('^"tcp[13] ^& 2 ^!= 0^"');
    expect(quoteWord('cmd', 'a & b')).toBe('"a & b"');
    expect(quoteWord('cmd', '100%')).toBe('^"100^%^"');
    expect(quoteWord('cmd', 'say "hello"')).toBe('^"say \\^"hello\\^"^"');
    expect(quoteWord('cmd', 'C:\\my files\\')).toBe('"C:\\my files\\\\"');
    expect(quoteWord('cmd', 'two\r\nlines')).toBe('"two lines"');
    expect(quoteWord('cmd', '')).toBe('""');
    expect(quoteWord('cmd', '\\Device\\NPF_{0A1B}')).toBe('\\Device\\NPF_{0A1B}');
  });

  it('writes words for PowerShell, typographic quotes and its own parameters included', () => {
    expect(quoteWord('powershell', '\\Device\\NPF_{0A1B}')).toBe("'\\Device\\NPF_{0A1B}'");
    expect(quoteWord('powershell', "it's")).toBe("'it''s'");
    expect(quoteWord('powershell', 'it’s')).toBe("'it’’s'");
    expect(quoteWord('powershell', '$env:PATH')).toBe("'$env:PATH'");
    expect(quoteWord('powershell', '-a.b')).toBe("'-a.b'");
    expect(quoteWord('powershell', 'filesize:100')).toBe('filesize:100');
    expect(quoteWord('powershell', '')).toBe("''");
    expect(quoteLine('powershell', ['C:\\Program Files\\Wireshark\\dumpcap.exe', '-D'])).toBe(
      "& 'C:\\Program Files\\Wireshark\\dumpcap.exe' -D",
    );
  });
});
