/** Commands for the target of a mirror. */

import { describe, expect, it } from 'vitest';
import { isAddress, isCard, targetLines } from '../../../../renderer/views/mirror/target-lines.ts';

const target = { key: 77, card: 'eth0', mtu: 1500, own: '192.0.2.1', source: '192.0.2.9' } as const;

describe('the commands that prepare a target', () => {
  it('make room for 50 bytes, open the tunnel, look, and capture', () => {
    expect(targetLines({ ...target, tunnel: 'vxlan' })).toEqual([
      'sudo ip link set dev eth0 mtu 1550',
      'sudo ip link add vxlan77 type vxlan id 77 dstport 4789 dev eth0 nolearning',
      'sudo ip link set dev vxlan77 mtu 1500 up',
      'sudo tcpdump -n -c 5 -i eth0 udp port 4789',
      'sudo tcpdump -s 0 -i eth0 -w mirror.pcap udp port 4789',
    ]);
    expect(targetLines({ ...target, tunnel: 'geneve' })[1]).toContain('geneve77 type geneve id 77 remote 192.0.2.9');
    expect(targetLines({ ...target, tunnel: 'erspan' })[1]).toContain('local 192.0.2.1 remote 192.0.2.9');
    expect(targetLines({ ...target, tunnel: 'erspan' })[3]).toContain('ip proto 47');
  });

  it('give no device a name that is longer than the kernel takes', () => {
    expect(targetLines({ ...target, tunnel: 'geneve', key: 16_777_215 })[2]?.split(' ')[5]?.length).toBeLessThanOrEqual(
      15,
    );
  });

  it('are made of names and addresses only', () => {
    expect(['eth0', 'ens5.100', 'br-lan'].map(isCard)).toEqual([true, true, true]);
    expect(['eth0; reboot', '', '-x', 'a name', 'sixteen-letters-x'].map(isCard)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(['192.0.2.1', '2001:db8::1', '$(id)', 'host'].map(isAddress)).toEqual([true, true, false, false]);
  });
});
