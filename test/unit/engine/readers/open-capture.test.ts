import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture, readerFormats } from '../../../../engine/readers/index.ts';
import { linkTypeInfo, packetLimit } from '../../../../engine/readers/link-types.ts';
import { captureProblemText } from '../../../../engine/text/capture-problem.ts';
import { join, u16le, u32le, utf8, zeros } from '../../../support/build-bytes.ts';
import { pcap, simplePcapng, snoop } from '../../../support/build-capture.ts';

function refusal(bytes: Uint8Array): { readonly message: string; readonly japanese: string } {
  const opened = openCapture(new MemorySource(bytes, 'file.pcap'));
  if (opened.ok) throw new Error('it was opened');
  expect(opened.error).toMatchObject({ code: 'unknown-format', reader: 'sniff', at: 0, file: 'file.pcap' });
  return { message: opened.error.message, japanese: captureProblemText('ja', opened.error, '') };
}

describe('openCapture', () => {
  it('knows each format by what it holds', () => {
    const formats = [
      simplePcapng([]),
      pcap({ packets: [] }),
      pcap({ order: 'big', packets: [] }),
      snoop({ packets: [] }),
    ];
    expect(
      formats.map((bytes) => {
        const opened = openCapture(new MemorySource(bytes, 'misleading.txt'));
        return opened.ok && opened.value.facts.format;
      }),
    ).toEqual(['pcapng', 'pcap', 'pcap', 'snoop']);
  });

  it('gives one clear line for anything else', () => {
    expect(refusal(utf8('hello, world')).message).toBe(
      'not a capture file that is known here; looked for pcapng, pcap, snoop, also compressed with gzip, zstd or lz4',
    );
  });

  const erf = join(u32le(0), u32le(1_061_518_060), [2, 5, 0, 96, 0, 0, 0, 78], zeros(80));
  const etl = join(u32le(1024), u32le(504), zeros(46), u16le(4), zeros(16), u32le(0xc0020002), zeros(60));
  it.each([
    ['an empty file (0 bytes)', zeros(0)],
    ['a Git LFS pointer', utf8('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n')],
    ['a capture of Microsoft Network Monitor, which cannot be read yet', join(utf8('GMBU'), zeros(100))],
    ['a capture of AIX iptrace', utf8('iptrace 2.0')],
    ['a capture of Sniffer (DOS)', utf8('TRSNIFF data    \u001a')],
    ['a capture of Sniffer (Windows) or NetXRay', utf8('XCP\u0000002.001')],
    ['a capture of Event Tracing for Windows (.etl)', etl],
    ['a capture of Endace (ERF)', join(erf, erf, erf)],
    ['an archive or a compressed file (ZIP)', join(utf8('PK'), [3, 4])],
    ['a gzip file without a capture in it', Uint8Array.of(0x1f, 0x8b, 8, 0)],
    ['not a capture file but a JSON text', utf8('{"a":1}')],
    ['a file that begins with zeros', zeros(200)],
  ])('says what a file seems to be: %s', (text, bytes) => {
    const { message, japanese } = refusal(bytes);
    expect(message.startsWith(text)).toBe(true);
    expect(message).toContain('; looked for pcapng, pcap, snoop');
    expect(japanese).toMatch(/。調べた形式: pcapng, pcap, snoop/);
    expect(japanese).not.toMatch(/captureProblem|\{/);
  });

  it('hands on how the file was compressed, and what was missing', () => {
    const problem = { code: 'cut-short', reader: 'gzip', message: 'cut', key: '', params: {}, at: 7 } as const;
    const opened = openCapture(new MemorySource(pcap({ packets: [] })), { compression: 'gzip', problem });
    expect(opened.ok && opened.value.facts).toMatchObject({ compression: 'gzip', warnings: [problem] });
  });

  it('lists every reader of the folder', () => {
    const folder = new URL('../../../../engine/readers/', import.meta.url);
    const formats = ['pcapng', 'pcap', 'snoop', 'netmon', 'etl'].filter((name) =>
      readdirSync(folder).includes(`${name}.ts`),
    );
    expect(readerFormats.map(({ name }) => name).sort()).toEqual(formats.sort());
  });
});

describe('link types', () => {
  it.each([
    [1, 'ETHERNET', 'Ethernet'],
    [276, 'LINUX_SLL2', 'Linux cooked capture v2'],
    [147, 'USER0', 'Private use 0'],
    [65_001, 'LINKTYPE_65001', 'Private use (65001)'],
    [999, 'LINKTYPE_999', 'Unknown link type 999'],
  ])('names %i', (number, name, title) => {
    expect(linkTypeInfo(number)).toEqual({ name, title });
  });

  it('limits packets by link type', () => {
    expect([1, 231, 249, 279].map(packetLimit)).toEqual([262_144, 134_217_728, 134_217_728, 33_554_432]);
  });
});
