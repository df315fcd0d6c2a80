/** Names that come from elsewhere, made safe to write anywhere. */

import { describe, expect, test } from 'vitest';
import { safeFileName } from '../../../../engine/host/file-name.ts';

describe('safeFileName', () => {
  test.each([
    ['web-01.pcapng', 'web-01.pcapng'],
    ['捕捉 1.pcap', '捕捉 1.pcap'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['a:b*c?.csv', 'a_b_c_.csv'],
    ['line\r\nbreak.csv', 'line__break.csv'],
    ['.bashrc', 'bashrc'],
    ['--option', 'option'],
    ['name. . ', 'name'],
    ['CON.pcap', '_CON.pcap'],
    ['lpt1', '_lpt1'],
    ['console.pcap', 'console.pcap'],
    ['annexe\u202egnp.exe', 'annexegnp.exe'],
    ['\u200b\u200b', 'capture'],
    ['..', 'capture'],
    ['', 'capture'],
    ['folder/', 'capture'],
    ['half\ud800.csv', 'half\ufffd.csv'],
  ])('%j becomes %j', (name, safe) => {
    expect(safeFileName(name, 'capture')).toBe(safe);
  });

  test('a name that is too long is cut between characters and keeps its ending', () => {
    const cut = safeFileName(`${'捕'.repeat(200)}.pcapng`, 'capture');
    expect(new TextEncoder().encode(cut).length).toBeLessThanOrEqual(200);
    expect(cut).toMatch(/^捕+\.pcapng$/);
  });

  test('a safe name stays as it is', () => {
    for (const name of ['a', 'web-01-export.csv', '_CON.pcap', 'x'.repeat(200)]) {
      expect(safeFileName(name, 'capture')).toBe(name);
    }
  });
});
