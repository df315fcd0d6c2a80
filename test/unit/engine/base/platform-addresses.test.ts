import { describe, expect, it } from 'vitest';
import { platformOfIpv4, platformOfIpv6 } from '../../../../engine/base/platform-addresses.ts';
import { ipAddress, readU32 } from '../../../support/build-bytes.ts';

const v4 = (text: string): string | undefined => platformOfIpv4(readU32(ipAddress(text), 0));
const v6 = (text: string): string | undefined => platformOfIpv6(ipAddress(text));

describe('addresses of cloud platforms', () => {
  it('names what the clouds serve', () => {
    expect(v4('169.254.169.254')).toBe('Instance metadata');
    expect(v4('168.63.129.16')).toBe('Azure platform');
    expect(v4('169.254.169.123')).toBe('AWS time');
    expect(v4('169.254.169.253')).toBe('AWS DNS');
    expect(v4('100.100.2.136')).toBe('Alibaba Cloud DNS');
    expect(v4('100.100.100.200')).toBe('Alibaba Cloud metadata');
    expect(v4('100.100.9.9')).toBe('Alibaba Cloud services');
    expect(v6('fd00:ec2::254')).toBe('AWS instance metadata');
    expect(v6('fd20:ce::254')).toBe('Google Cloud metadata');
  });

  it('says nothing of neighbours', () => {
    expect(v4('169.254.169.252')).toBeUndefined();
    expect(v4('168.63.129.17')).toBeUndefined();
    expect(v4('100.101.2.136')).toBeUndefined();
    expect(v6('fd00:ec2::255')).toBeUndefined();
    expect(v6('fd00:ec2:0:0:1::254')).toBeUndefined();
    expect(v6('fd20:ce::253')).toBeUndefined();
  });
});
