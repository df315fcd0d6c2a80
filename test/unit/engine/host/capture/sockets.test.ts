/** Whose sockets are whose: what each system says of them. */

import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { macosOwners, windowsOwners } from '../../../../../engine/host/capture/sockets/commands.ts';
import { LinuxSockets, parseSocketTable } from '../../../../../engine/host/capture/sockets/linux.ts';

describe('socket tables', () => {
  it('of Linux', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 010200C0:1F90 016433C6:01BB 01 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100',
      '   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17 1 0 100',
      '   2: 0000000000000000FFFF0000010200C0:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 9 1 0',
    ].join('\n');
    expect(parseSocketTable(table, 6)).toEqual([
      { protocol: 6, local: '192.0.2.1', localPort: 8080, remote: '198.51.100.1', remotePort: 443, inode: 4242 },
      { protocol: 6, local: '', localPort: 22, remote: '', remotePort: 0, inode: 17 },
      { protocol: 6, local: '192.0.2.1', localPort: 80, remote: '', remotePort: 0, inode: 9 },
    ]);
  });

  it.skipIf(process.platform !== 'linux')('of this Linux know this process', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const own = new LinuxSockets().look().filter(({ localPort, local }) => localPort === port && local === '127.0.0.1');
    server.close();
    expect(own).toMatchObject([{ protocol: 6, id: process.pid, remote: '', remotePort: 0 }]);
    expect(own[0]?.name).not.toBe('');
  });

  it('of Windows, in any language', () => {
    const netstat = [
      'アクティブな接続',
      '  プロトコル  ローカル アドレス          外部アドレス        状態           PID',
      '  TCP         192.0.2.1:50000        198.51.100.1:443       ESTABLISHED     4321',
      '  TCP         [::]:135               [::]:0                 LISTENING       900',
      '  UDP         [fe80::1%4]:5353       *:*                                    77',
      '  TCP         192.0.2.1:50001        198.51.100.1:443       TIME_WAIT       0',
    ].join('\r\n');
    const tasklist = '"browser.exe","4321","Console","1","10,000 K"\r\n"svchost.exe","900","Services","0","9 K"\r\n';
    expect(windowsOwners(netstat, tasklist)).toEqual([
      {
        protocol: 6,
        local: '192.0.2.1',
        localPort: 50000,
        remote: '198.51.100.1',
        remotePort: 443,
        id: 4321,
        name: 'browser.exe',
      },
      { protocol: 6, local: '', localPort: 135, remote: '', remotePort: 0, id: 900, name: 'svchost.exe' },
      { protocol: 17, local: 'fe80::1', localPort: 5353, remote: '', remotePort: 0, id: 77, name: 'process 77' },
    ]);
  });

  it('of macOS', () => {
    const lsof =
      'p501\ncbrowser\nf12\nPTCP\nn192.0.2.1:50000->198.51.100.1:443\nf13\nPUDP\nn*:5353\np7\ncsshd\nf3\nPTCP\nn[::1]:22\n';
    expect(macosOwners(lsof)).toMatchObject([
      { protocol: 6, local: '192.0.2.1', remotePort: 443, id: 501, name: 'browser' },
      { protocol: 17, local: '', localPort: 5353, remote: '' },
      { local: '::1', localPort: 22, id: 7, name: 'sshd' },
    ]);
  });
});
