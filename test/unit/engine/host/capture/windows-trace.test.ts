/** Windows' own capture: the exact lines that are run there. */

import { describe, expect, it } from 'vitest';
import { DEFAULT_CAPTURE } from '../../../../../engine/contract/capture.ts';
import {
  elevatedCommand,
  netshCommands,
  parsePktmonList,
  pktmonCommands,
  windowsTrace,
} from '../../../../../engine/host/capture/windows-trace.ts';

const PATH = 'C:\\Users\\A B\\capture.etl';
const OPTIONS = { ...DEFAULT_CAPTURE, interfaces: ['any'] };
const joined = (commands: readonly (readonly string[])[] | undefined): string[] =>
  (commands ?? []).map((words) => words.join(' '));

describe('Packet Monitor', () => {
  it('keeps whole packets of the adapters', () => {
    const commands = pktmonCommands(OPTIONS, PATH, 22000);
    expect(joined(commands?.start)).toEqual([
      'pktmon filter remove',
      `pktmon start --capture --comp nics --pkt-size 0 --file-name ${PATH} --file-size 4096 --log-mode circular`,
    ]);
    expect(joined(commands?.stop)).toEqual(['pktmon stop']);
  });

  it('has other words in its first form', () => {
    const commands = pktmonCommands({ ...OPTIONS, interfaces: ['7'], snapLength: 96 }, PATH, 17763);
    expect(joined(commands?.start).at(-1)).toBe(`pktmon start --etw -c 7 -p 96 -f ${PATH} -s 4096`);
  });

  it('filters where its lists can say it, and leaves none behind', () => {
    const commands = pktmonCommands({ ...OPTIONS, filter: 'host 192.0.2.1 and tcp port 443' }, PATH, 22000);
    expect(joined(commands?.start)[1]).toBe('pktmon filter add nagare1 -i 192.0.2.1 -t TCP -p 443');
    expect(joined(commands?.stop)).toEqual(['pktmon stop', 'pktmon filter remove']);
    expect(pktmonCommands({ ...OPTIONS, filter: 'ether[0] & 1 = 1' }, PATH, 22000)).toBeNull();
  });

  it('lists adapters, whatever the language of the text around them', () => {
    const list =
      '\r\nネットワーク アダプター:\r\n    ID MAC アドレス           名前\r\n    -- -----------           ----\r\n     9 00-0D-3A-4F-10-22 Microsoft Hyper-V Network Adapter\r\n';
    expect(parsePktmonList(list)).toMatchObject([{ name: '9', title: 'Microsoft Hyper-V Network Adapter' }]);
  });
});

describe('netsh trace', () => {
  it('keeps packets only and makes no report', () => {
    const stop = { ...OPTIONS.stop, bytes: 100_000_000 };
    const commands = netshCommands({ ...OPTIONS, stop, snapLength: 128 }, PATH);
    expect(joined(commands?.start)).toEqual([
      'netsh trace start capture=yes capturetype=physical report=no correlation=no persistent=no overwrite=yes ' +
        `filemode=circular maxsize=96 packettruncatebytes=128 tracefile=${PATH}`,
    ]);
    expect(joined(commands?.stop)).toEqual(['netsh trace stop']);
  });
});

describe('administrators', () => {
  it('are asked for once, for all commands', () => {
    expect(
      elevatedCommand([
        ['pktmon', 'start', '--file-name', "C:\\It's here\\a.etl"],
        ['pktmon', 'stop'],
      ]),
    ).toEqual([
      'powershell.exe',
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      '$p = Start-Process -FilePath cmd.exe -ArgumentList ' +
        `'/d /s /c "pktmon start --file-name "C:\\It''s here\\a.etl" && pktmon stop"' ` +
        '-Verb RunAs -WindowStyle Hidden -Wait -PassThru; exit $p.ExitCode',
    ]);
  });

  it.each(['a"b', '%TEMP%', 'a\r\nb'])('are never shown a path like %j', (path) => {
    expect(() => elevatedCommand([['pktmon', path]])).toThrow();
  });

  it('are the ones of this Windows', () => {
    expect(windowsTrace('win32', '10.0.17134')?.name).toBe('netsh');
    expect(windowsTrace('win32', '10.0.20348')?.name).toBe('pktmon');
    expect(windowsTrace('linux', '6.1.0')).toBeNull();
  });
});
