/** The capture helper as a program: what needs no rights. */
import { beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM_PARTS } from '../../scripts/test/system-parts.ts';
import { HelperProcess, runHelper } from '../support/helper-process.ts';
import { buildTestHelper, compiler } from './build-helper.ts';

const BUILD_LIMIT_MS = 120_000;

const hasLibrary = SYSTEM_PARTS.find((part) => part.name.startsWith('libpcap'))?.isThere() ?? false;

let helper = '';

beforeAll(() => {
  if (compiler !== null) helper = buildTestHelper('program');
}, BUILD_LIMIT_MS);

describe.skipIf(compiler === null)('the capture helper', () => {
  test('refuses a wrong command line in one line', async () => {
    const { code, events, errorText } = await runHelper(helper, ['capture', '--interface', 'lo']);
    expect(events).toEqual([{ event: 'error', code: 'usage', message: '--write is missing', fatal: true }]);
    expect(errorText).toBe('');
    expect(code).toBe(2);
  });

  test('says that the library is missing, and which', async () => {
    const without = buildTestHelper('without-library', true);
    const { code, events } = await runHelper(without, ['interfaces']);
    expect(events).toEqual([
      {
        event: 'error',
        code: 'library-missing',
        message: 'the packet capture library (libno-such-library.so.0) is not installed',
        fatal: true,
      },
    ]);
    expect(code).toBe(3);
    const counts = new HelperProcess(without, ['counts', '--interval', '20']);
    await counts.next('interface-counts'); // needs no library
    counts.closeInput();
    expect(await counts.exit).toBe(0);
  }, 120_000);

  test('counts the traffic of interfaces until its input ends', async () => {
    const counts = new HelperProcess(helper, ['counts', '--interval', '20']);
    const first = await counts.next('interface-counts');
    await counts.next('interface-counts', (event) => Number(event['timeMs']) >= Number(first['timeMs']) + 40);
    counts.closeInput();
    expect(await counts.exit).toBe(0);
    const names = (first['interfaces'] as { name: string; receivedPackets: number }[]).map(({ name }) => name);
    expect(names).toContain(process.platform === 'darwin' ? 'lo0' : 'lo');
    expect(counts.errorText).toBe('');
  });
});

describe.skipIf(compiler === null || !hasLibrary)('with libpcap, the capture helper', () => {
  test('lists the loopback with its addresses', async () => {
    const { code, events } = await runHelper(helper, ['interfaces']);
    expect(code).toBe(0);
    const { interfaces, library } = events[0] as unknown as {
      library: string;
      interfaces: { name: string; loopback: boolean; up: boolean; addresses: unknown[]; hardwareAddress: null }[];
    };
    expect(library).toMatch(/libpcap/);
    const loopback = interfaces.find((entry) => entry.loopback);
    expect(loopback).toMatchObject({ up: true, hardwareAddress: null, wireless: false });
    expect(loopback?.addresses).toContainEqual({ address: '127.0.0.1', prefix: 8 });
  });

  test.each([
    ['tcp prt 80', 4, 7],
    ['tcp port', 8, 8],
    ['(tcp', 4, 4],
    ['tcp)', 3, 4],
    ['tcp and and udp', 8, 11],
    ['udp port 53 or port 99999', 20, 25],
    ['tcp or ether host 192.0.2', 18, 25],
    ['net 192.0.2.0/33', 4, 16],
    ['tcp host 192.0.2.1', 0, 3],
    ['vlan 5000', 5, 9],
    ['proto 流れ and tcp', 6, 8],
  ])('points at what is wrong in "%s"', async (expression, at, end) => {
    const { code, events } = await runHelper(helper, ['check-filter', '--', expression]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ event: 'filter', ok: false, at, end });
    expect(code).toBe(6);
  });

  test('compiles a right filter for the link type that is asked for', async () => {
    expect(await runHelper(helper, ['check-filter', 'tcp', 'port', '443'])).toMatchObject({
      code: 0,
      events: [{ event: 'filter', ok: true }],
    });
    const wireless = ['check-filter', '--link-type', 'IEEE802_11', 'wlan type mgt'];
    expect(await runHelper(helper, wireless)).toMatchObject({ code: 0 });
    expect(await runHelper(helper, ['check-filter', 'wlan type mgt'])).toMatchObject({ code: 6 });
    expect(await runHelper(helper, ['check-filter', '--link-type', 'NO_SUCH', 'tcp'])).toMatchObject({
      code: 5,
      events: [{ code: 'option-unsupported' }],
    });
  });

  test('says that there is no such interface', async () => {
    const { code, events } = await runHelper(helper, ['capture', '-i', 'no-such-if', '-w', 'no-such-folder/x.pcapng']);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ event: 'error', interface: 'no-such-if', fatal: true });
    expect(['no-device', 'permission']).toContain(events[0]?.['code']);
    expect([4, 5]).toContain(code);
  });
});
