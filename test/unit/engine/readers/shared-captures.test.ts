/** Every capture of the shared folder against tshark's answers: frames, times, lengths. Skipped where there is no folder. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FileSource } from '../../../../engine/host/file-source.ts';
import { unpackIfPacked } from '../../../../engine/host/unpack-file.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { makeBatch } from '../../../../engine/readers/reader.ts';
import { timeText } from './read-all.ts';

const folder = join(import.meta.dirname, '../../../../../shared/captures');
const themes = ['formats', 'linktypes', 'corrupt', 'tcp', 'app', 'cloud', 'windows'];

/** tshark gives up on these, and we do not: the records are all there. Its frames are 0; these are ours. */
const WE_GO_ON: Readonly<Record<string, { frames: number; problem?: string; warning?: string }>> = {
  'linktypes/tcpdump-brcm-tag.pcap': { frames: 23 },
  'linktypes/wiki-alp-sample1.pcap': { frames: 17 },
  'corrupt/libpcap-linktype-reserved-field-not-zero.pcap': { frames: 0, warning: 'captureProblem.reserved-link-type' },
  'windows/microsoft-tx-HTTP_Server.etl': { frames: 0, warning: 'captureProblem.trace-without-packets' },
  'corrupt/wiki-BT_USB_LinCooked_Eth_80211_RT.ntar.gz': { frames: 4785, problem: 'captureProblem.no-such-interface' },
};

/** Files that neither opens, or that both read up to a damage. */
const PROBLEMS: Readonly<Record<string, string>> = {
  'corrupt/icspcap-MODBUS-TestDataPart1.pcap': 'captureProblem.unknown-format',
  'corrupt/libpcap-pcap-invalid-version-1.pcap': 'captureProblem.version',
  'corrupt/wiki-http.bigendian.ntar': 'captureProblem.version',
  'corrupt/libpcap-shb-option-too-long.pcapng': 'captureProblem.block-lengths',
  'corrupt/pcapplusplus-crash-pcapng-epb-unbounded-length': 'captureProblem.block-too-small-for-packet',
  'corrupt/wiki-ejemplo.pcap': 'captureProblem.packet-too-large',
  'corrupt/wiki-rarp_req_reply.pcap': 'captureProblem.block-lengths',
  'corrupt/wiki-ssl.dump.pcap': 'captureProblem.cut-packet',
};

interface Oracle {
  readonly ok: boolean;
  readonly frames: number;
}

describe.skipIf(!existsSync(folder))('the shared captures', () => {
  for (const theme of themes) {
    const names = existsSync(folder) ? readdirSync(join(folder, theme)) : [];
    for (const name of names) {
      it(`reads ${theme}/${name} as tshark does`, () => compare(`${theme}/${name}`));
    }
  }
});

async function compare(name: string): Promise<void> {
  const oracle = JSON.parse(readFileSync(join(folder, 'oracle', `${name}.expect.json`), 'utf8')) as Oracle;
  const unpacked = await unpackIfPacked(join(folder, name));
  const source = new FileSource(unpacked.path, name);
  try {
    const { compression, problem } = unpacked;
    const opened = openCapture(source, compression === null ? undefined : { compression, problem });
    if (!opened.ok) {
      expect(opened.error.key).toBe(PROBLEMS[name]);
      expect(oracle).toMatchObject({ ok: false, frames: 0 });
      return;
    }
    const reader = opened.value;
    const rows: string[] = [];
    const batch = makeBatch(256 * 1024, 4096);
    let state: 'more' | 'end' = 'more';
    while (state === 'more') {
      state = reader.next(batch, true);
      for (let i = 0; i < batch.count; i++) {
        const time = timeText(batch.seconds[i] ?? 0, batch.nanos[i] ?? 0);
        rows.push(`${rows.length + 1}\t${time}\t${batch.length[i]}\t${batch.capturedLength[i]}`);
      }
    }
    const ours = WE_GO_ON[name];
    expect(reader.problem?.key).toBe(ours?.problem ?? PROBLEMS[name]);
    expect(reader.facts.warnings[0]?.key).toBe(ours?.warning);
    expect(reader.facts.compression).toBe(compression ?? undefined);
    expect(rows).toHaveLength(ours?.frames ?? oracle.frames);
    if (ours !== undefined) return;
    const expected = gunzipSync(readFileSync(join(folder, 'oracle', `${name}.frames.tsv.gz`))).toString();
    const lines = expected
      .split('\n')
      .slice(1)
      .filter((line) => line !== '');
    expect(rows.slice(0, lines.length)).toEqual(lines.map((line) => line.split('\t').slice(0, 4).join('\t')));
  } finally {
    source.close();
    unpacked.dispose();
  }
}
