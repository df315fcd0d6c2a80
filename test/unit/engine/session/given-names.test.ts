/** Names that the user gives, and which of several names counts. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../../engine/contract/api.ts';
import { DEFAULT_PREFERENCES } from '../../../../engine/contract/preferences.ts';
import type { Report } from '../../../../engine/contract/report.ts';
import { HostsFolder } from '../../../../engine/host/hosts-folder.ts';
import { useNodePlatform } from '../../../../engine/host/platform-node.ts';
import { GivenNames, readHosts } from '../../../../engine/session/given-names.ts';
import { pcap } from '../../../support/build-capture.ts';
import { dnsQuery, dnsResponse } from '../../../support/build-dns.ts';
import { ethernet } from '../../../support/build-link.ts';
import { ipv4, udp } from '../../../support/build-packet.ts';
import { openSession } from '../../../support/load-capture.ts';

const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
const folder = mkdtempSync(join(tmpdir(), 'nagare-names-'));
beforeAll(useNodePlatform);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('hosts files', () => {
  it('are read as resolvers do: first name of a line, comments and bad lines aside', () => {
    const { entries, wrong } = readHosts(
      '# hosts\r\n192.0.2.1\tweb web.example.com\r\n2001:DB8:0::1 six # lab\nfe80::1%eth0 link\nnot-an-address x\n192.0.2.9\n',
    );
    expect(entries).toEqual([
      { address: '192.0.2.1', name: 'web' },
      { address: '2001:db8::1', name: 'six' },
      { address: 'fe80::1', name: 'link' },
    ]);
    expect(wrong).toBe(2);
  });

  it('are kept, listed, refused and removed', () => {
    const hosts = new HostsFolder(folder);
    expect(hosts.list()).toEqual({ files: [], refused: null });
    expect(hosts.add('empty', '# nothing\n').refused).toBe('empty');
    expect(hosts.add('lab', '192.0.2.1 web\nwrong\n').files).toEqual([{ name: 'lab', entries: 1, wrong: 1 }]);
    expect(hosts.read()).toEqual([{ address: '192.0.2.1', name: 'web' }]);
    expect(hosts.remove('../settings.json').files).toHaveLength(1);
    expect(hosts.remove('lab').files).toEqual([]);
  });
});

describe('which name counts', () => {
  it('is the label, then that of the smallest block, then the hosts file', () => {
    const given = new GivenNames(
      [
        { address: '192.0.2.0/24', name: 'office' },
        { address: '192.0.2.128/25', name: 'upstairs' },
        { address: '192.0.2.200', name: 'printer' },
        { address: 'nonsense', name: 'x' },
      ],
      [
        { address: '192.0.2.1', name: 'from-hosts' },
        { address: '198.51.100.7', name: 'first' },
        { address: '198.51.100.7', name: 'second' },
      ],
    );
    expect(
      ['192.0.2.200', '192.0.2.129', '192.0.2.1', '198.51.100.7', '203.0.113.1', '2001:db8::1'].map((one) =>
        given.of(one),
      ),
    ).toEqual(['printer', 'upstairs', 'office', 'first', '', '']);
  });

  it('goes before what the capture tells, in the panels and in the packet list', async () => {
    const packet = (
      ms: number,
      [src, srcPort]: readonly [string, number],
      [dst, dstPort]: readonly [string, number],
      data: Uint8Array,
    ) => ({
      time: BigInt(ms * 1_000_000),
      bytes: ethernet(
        { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
        ipv4({ src, dst }, udp({ srcPort, dstPort }, data)),
      ).bytes(),
    });
    const question = { name: 'www.example.com', type: 'A' } as const;
    const answer = { ...question, address: '203.0.113.80' } as const;
    const { session } = openSession(
      pcap({
        packets: [
          packet(0, ['192.0.2.1', 4000], ['198.51.100.53', 53], dnsQuery(7, question.name, 'A')),
          packet(1, ['198.51.100.53', 53], ['192.0.2.1', 4000], dnsResponse(7, question, [answer])),
          packet(2, ['192.0.2.1', 4001], ['203.0.113.80', 9999], new Uint8Array([1])),
        ],
      }),
    );
    await session.loaded;
    const names = async (): Promise<Map<unknown, unknown>> => {
      const { tables } = (await session.panel(
        { session: 1, panel: 'endpoints', filter: '', range: null, options: { layer: 'ip' } },
        call,
      )) as Report;
      const of = (id: string) => tables[0]?.columns.find((one) => one.id === id)?.values ?? [];
      return new Map([...of('address')].map((address, i) => [address, of('name')[i]]));
    };
    expect((await names()).get('203.0.113.80')).toBe('www.example.com');
    session.setHosts([
      { address: '203.0.113.80', name: 'hosts-name' },
      { address: '198.51.100.53', name: 'resolver' },
    ]);
    expect((await names()).get('203.0.113.80')).toBe('hosts-name');
    session.setPreferences({
      ...DEFAULT_PREFERENCES,
      labels: [{ address: '203.0.113.80', name: 'shop' }],
      showNames: true,
    });
    expect((await names()).get('203.0.113.80')).toBe('shop');
    expect((await names()).get('198.51.100.53')).toBe('resolver');
    const opened = await session.openView({ session: 1, filter: '', range: null, sort: null }, call);
    if (!opened.ok) throw new Error('no view');
    const { cells } = session.rows({ view: opened.view.view, first: 0, count: 3, columns: ['source', 'destination'] });
    expect(cells.split('\u001f')).toEqual(['192.0.2.1', 'resolver', 'resolver', '192.0.2.1', '192.0.2.1', 'shop']);
    const { tables } = (await session.panel({ session: 1, panel: 'names', filter: '', range: null }, call)) as Report;
    const sources = tables[0]?.columns.find(({ id }) => id === 'nameSource')?.values;
    expect([...(sources ?? [])].sort()).toEqual(['name.dns', 'name.hosts', 'name.hosts', 'name.label']);
  });
});
