/** Layers that few networks have: every cut of every golden frame of theirs reads alike in both passes, and what tunnels carry is found. */

import { describe, expect, it } from 'vitest';
import { readU32 } from '../../../../support/build-bytes.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText } from '../../../../support/dissect-packet.ts';
import type { GoldenCapture, GoldenGroup } from '../../../../support/golden-captures/capture.ts';
import { moreLayersGroup } from '../../../../support/golden-captures/more-layers/index.ts';
import { moreLinksGroup } from '../../../../support/golden-captures/more-links/index.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const LINK_TYPE = 20;
/** These have a header that the reader takes away; the dissector does not see it. */
const WITHOUT_READER: readonly string[] = ['sunatm', 'named-i2c'];

/** Link type and frames of a capture that the tests made: big or little endian as the builder writes it. */
function framesOf({ bytes }: GoldenCapture): { linkType: number; frames: readonly Uint8Array[] } {
  const isLittle = bytes[0] === 0xd4 || bytes[0] === 0x4d;
  const number = (at: number): number =>
    isLittle ? readU32(bytes.slice(at, at + 4).reverse(), 0) : readU32(bytes, at);
  const frames: Uint8Array[] = [];
  for (let at = FILE_HEADER; at + RECORD_HEADER <= bytes.length; ) {
    const length = number(at + 8);
    frames.push(bytes.slice(at + RECORD_HEADER, at + RECORD_HEADER + length));
    at += RECORD_HEADER + length;
  }
  return { linkType: number(LINK_TYPE), frames };
}

const capturesOf = ({ captures }: GoldenGroup): readonly [string, GoldenCapture][] =>
  Object.entries(captures).filter(([name]) => !WITHOUT_READER.includes(name));

describe.each([
  ['layers', moreLayersGroup],
  ['links', moreLinksGroup],
] as const)('more %s', (_, group) => {
  it.each(capturesOf(group))('%s: each cut of each frame', (_name, capture) => {
    const { linkType, frames } = framesOf(capture);
    expect(frames.length).toBeGreaterThan(0);
    for (const frame of frames) checkPacket(frame, linkType);
  });
});

describe('what they carry', () => {
  it.each([
    ['etag', 'eth:ethertype:etag:ethertype:ip:udp:data'],
    ['trill', 'eth:ethertype:trill:eth:ethertype:ip:udp:data'],
    ['nsh', 'eth:ethertype:nsh:eth:ethertype:ip:udp:data'],
    ['hsr', 'eth:ethertype:hsr:ip:udp:data'],
    ['etherip', 'eth:ethertype:ip:etherip:eth:ethertype:ip:udp:data'],
  ])('%s', (name, layers) => {
    const capture = moreLayersGroup.captures[name] ?? expect.fail(name);
    const { frames } = framesOf(capture);
    expect(stackText(checkPacket(frames[0] ?? expect.fail('no frame')))).toBe(layers);
  });

  it.each([
    ['juniper-ethernet', 'juniper:eth:ethertype:ip:udp:data'],
    ['juniper-atm2', 'juniper:ip:udp:data'],
    ['enc', 'enc:ip:udp:data'],
    ['pflog', 'pflog:ip:udp:data'],
    ['tzsp', 'tzsp:eth:ethertype:ip:udp:data'],
    ['infiniband-ip', 'ipoib:ip:udp:data'],
  ])('link type of %s', (name, layers) => {
    const capture = moreLinksGroup.captures[name] ?? expect.fail(name);
    const { linkType, frames } = framesOf(capture);
    expect(stackText(checkPacket(frames[0] ?? expect.fail('no frame'), linkType))).toBe(layers);
  });
});
