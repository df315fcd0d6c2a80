/** IGMP: the three versions and what their Info says. */

import { describe, expect, it } from 'vitest';
import { internetChecksum, ipv4Address, join, u16, zeros } from '../../../../support/build-bytes.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { ipv4, ipv4Option, makeLayer } from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';
import { walkPacket } from '../../../../support/walk-packet.ts';

const GROUP = ipv4Address('239.1.2.3');

function frame(...parts: (number[] | Uint8Array)[]): Uint8Array {
  const body = makeLayer('igmp', () => {
    const bytes = join(...parts);
    bytes.set(u16(internetChecksum(bytes)), 2);
    return bytes;
  });
  const network = { src: '192.0.2.1', dst: '224.0.0.1', ttl: 1, options: ipv4Option.routerAlert() };
  return ethernet({ src: '02:00:00:00:00:01', dst: '01:00:5e:00:00:01' }, ipv4(network, body)).bytes();
}

describe('IGMP', () => {
  it.each([
    ['a general query of version 1', [0x11, 0, 0, 0], zeros(4), 'IGMPv1', 'Membership Query'],
    ['a general query of version 2', [0x11, 100, 0, 0], zeros(4), 'IGMPv2', 'Membership Query, general'],
    ['a query for a group', [0x11, 100, 0, 0], GROUP, 'IGMPv2', 'Membership Query, specific for group 239.1.2.3'],
    ['a report of version 1', [0x12, 0, 0, 0], GROUP, 'IGMPv1', 'Membership Report'],
    ['a report of version 2', [0x16, 0, 0, 0], GROUP, 'IGMPv2', 'Membership Report group 239.1.2.3'],
    ['a leave', [0x17, 0, 0, 0], GROUP, 'IGMPv2', 'Leave Group 239.1.2.3'],
  ])('describes %s', (_, head, group, protocol, info) => {
    const whole = checkPacket(frame(head, group));
    expect([whole.protocolColumn, whole.info]).toEqual([protocol, info]);
    expect(valuesOf(whole.root, 'igmp.checksum.status')).toEqual(['1']);
    expect(stackText(whole)).toBe('eth:ethertype:ip:igmp:igmp');
  });

  it('reads times that are floating point', () => {
    const { root, info } = checkPacket(frame([0x11, 0x9a, 0, 0], GROUP, [0x0a, 125], u16(1), ipv4Address('192.0.2.7')));
    expect(valuesOf(root, 'igmp.max_resp')).toEqual(['416']);
    expect(valuesOf(root, 'igmp.s')).toEqual(['1']);
    expect(info).toBe('Membership Query, specific for group 239.1.2.3, source {192.0.2.7}');
  });

  it('says what the records of version 3 mean', () => {
    const records = join(
      [4, 0],
      u16(0),
      GROUP,
      [3, 0],
      u16(1),
      GROUP,
      ipv4Address('192.0.2.9'),
      [6, 1],
      u16(0),
      GROUP,
      zeros(4),
    );
    const { root, info } = checkPacket(frame([0x22, 0, 0, 0], join(u16(0), u16(3)), records));
    expect(info).toBe(
      'Membership Report / Join group 239.1.2.3 for any sources / Join group 239.1.2.3 for source {192.0.2.9}' +
        ' / Group 239.1.2.3, BLOCK_OLD_SOURCES but no source specified (?)',
    );
    expect(valuesOf(root, 'igmp.record_type')).toEqual(['4', '3', '6']);
  });

  it('names what it does not know and ends the path', () => {
    const bytes = frame([0x99, 0, 0, 0], zeros(4));
    expect(checkPacket(bytes).info).toBe('Unknown Type:0x99');
    expect(walkPacket(bytes).portless).toEqual([2]);
  });
});
