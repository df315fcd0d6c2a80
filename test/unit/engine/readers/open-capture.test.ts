import { readdirSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture, readerFormats } from '../../../../engine/readers/index.ts';
import { linkTypeInfo, packetLimit } from '../../../../engine/readers/link-types.ts';
import { captureProblemText } from '../../../../engine/text/capture-problem.ts';
import { join, utf8, zeros } from '../../../support/build-bytes.ts';
import { pcap, simplePcapng, snoop } from '../../../support/build-capture.ts';
import { etl } from '../../../support/build-etl.ts';

/** What readers are called, in the order in which they look. */
const TITLES = readerFormats.map(({ title }) => title).join(', ');

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
      etl({ start: 0n }, []),
    ];
    expect(
      formats.map((bytes) => {
        const opened = openCapture(new MemorySource(bytes, 'misleading.txt'));
        return opened.ok && opened.value.facts.format;
      }),
    ).toEqual(['pcapng', 'pcap', 'pcap', 'snoop', 'etl']);
  });

  it('gives one clear line for anything else', () => {
    expect(refusal(utf8('hello, world')).message).toBe(
      `not a capture file that is known here; looked for ${TITLES}, also compressed with gzip, zstd or lz4`,
    );
  });

  it.each([
    ['an empty file (0 bytes)', zeros(0)],
    ['a Git LFS pointer', utf8('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n')],
    ['a capture of Bluetooth (btsnoop), which cannot be read yet', utf8('btsnoop\0')],
    ['a capture of Viavi Observer', utf8('ObserverPktBufferVersion=15.00')],
    ['a capture of Novell LANalyzer', Uint8Array.of(1, 0x10, 0x4c, 0)],
    ['an archive or a compressed file (ZIP)', join(utf8('PK'), [3, 4])],
    ['a gzip file without a capture in it', Uint8Array.of(0x1f, 0x8b, 8, 0)],
    ['not a capture file but a JSON text', utf8('{"a":1}')],
    ['a file that begins with zeros', zeros(200)],
  ])('says what a file seems to be: %s', (text, bytes) => {
    const { message, japanese } = refusal(bytes);
    expect(message.startsWith(text)).toBe(true);
    expect(message).toContain(`; looked for ${TITLES}`);
    expect(japanese).toContain(`。調べた形式: ${TITLES}`);
    expect(japanese).not.toMatch(/captureProblem|\{/);
  });

  it('hands on how the file was compressed, and what was missing', () => {
    const problem = { code: 'cut-short', reader: 'gzip', message: 'cut', key: '', params: {}, at: 7 } as const;
    const opened = openCapture(new MemorySource(pcap({ packets: [] })), { compression: 'gzip', problem });
    expect(opened.ok && opened.value.facts).toMatchObject({ compression: 'gzip', warnings: [problem] });
  });

  it('lists every reader of the folder', () => {
    const folder = fileURLToPath(new URL('../../../../engine/readers/', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    const formats = files.filter((path) => /= defineReader\(/.test(readFileSync(joinPath(folder, path), 'utf8')));
    expect(readerFormats).toHaveLength(formats.length);
  });

  it('gives each reader a name of its own', () => {
    const names = readerFormats.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
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
