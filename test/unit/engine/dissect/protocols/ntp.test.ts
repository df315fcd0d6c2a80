/** NTP: time messages with their stamps, control and private messages. */

import { describe, expect, it } from 'vitest';
import { hex, join, patched, seededRandom, utf8 } from '../../../../support/build-bytes.ts';
import { ntp } from '../../../../support/build-services.ts';
import { treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { dissectConversation, type SentMessage } from '../../../../support/frame-stream.ts';

const TIME = 1_768_467_600_500_000_000n; // Jan 15, 2026 09:00:00.5

function all(...messages: SentMessage[]) {
  return dissectConversation('udp', 'ntp', messages);
}

describe('NTP', () => {
  const request = ntp({ mode: 3, transmitTime: TIME });
  const answer = ntp({
    mode: 4,
    stratum: 2,
    reference: '192.0.2.1',
    originTime: TIME,
    receiveTime: TIME,
    transmitTime: TIME,
  });

  it('says version and mode in Info', () => {
    const [first, second] = all({ direction: 0, bytes: request }, { direction: 1, bytes: answer });
    expect(first?.info).toBe('NTP Version 4, client');
    expect(second?.info).toBe('NTP Version 4, server');
  });

  it('shows times as others do, and none as NULL', () => {
    const [first] = all({ direction: 0, bytes: request });
    expect(valuesOf(first?.root ?? [], 'ntp.xmt')).toEqual(['Jan 15, 2026 09:00:00.500000000 UTC']);
    expect(valuesOf(first?.root ?? [], 'ntp.org')).toEqual(['NULL']);
  });

  it('names the request that an answer belongs to', () => {
    const [, second, other] = all(
      { direction: 0, bytes: request },
      { direction: 1, bytes: answer },
      { direction: 1, bytes: ntp({ mode: 4, originTime: 5n }) },
    );
    expect(valuesOf(second?.root ?? [], 'ntp.request_in')).toEqual(['1']);
    expect(valuesOf(second?.root ?? [], 'ntp.delta_time')).toEqual(['0.010000000']);
    expect(valuesOf(other?.root ?? [], 'ntp.request_in')).toEqual([]);
  });

  it('reads a key and its digest behind the times', () => {
    const [only] = all({ direction: 0, bytes: join(request, hex('00000007'), new Uint8Array(16).fill(0xab)) });
    expect(valuesOf(only?.root ?? [], 'ntp.keyid')).toEqual(['00000007']);
    expect(valuesOf(only?.root ?? [], 'ntp.mac')).toEqual(['ab'.repeat(16)]);
  });

  it('names control and private messages', () => {
    const text = utf8('version="ntpd", stratum=2');
    const control = join(hex('16 82 0001 0000 0000 0000'), [0, text.length], text);
    const [first, second] = all(
      { direction: 1, bytes: control },
      { direction: 0, bytes: hex('17 00 03 2a 0000 0000') },
    );
    expect(first?.info).toBe('NTP Version 2, control, Response: read variables');
    expect(treeText(first?.root ?? [])).toContain('stratum=2');
    expect(second?.info).toBe('NTP Version 2, private, Request, MON_GETLIST_1');
  });

  it('never throws on damaged messages', () => {
    const random = seededRandom(1);
    const good = join(answer, hex('0104 0010 000102030405060708090a0b'), new Uint8Array(20));
    for (let i = 0; i < 300; i++) {
      let bytes: Uint8Array = good.slice(0, 1 + random.int(good.length));
      for (let n = random.int(8); n > 0; n--) bytes = patched(bytes, random.int(bytes.length), [random.int(256)]);
      for (const d of all({ direction: 0, bytes })) expect(treeText(d.root)).toContain('\n');
    }
  });
});
