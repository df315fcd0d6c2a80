/** NTLM where other protocols carry it: credentials of HTTP, logins of TDS. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16, u16le, u32le, utf8, zeros } from '../../../../support/build-bytes.ts';
import { checkApplication } from '../../../../support/check-application.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const wide = (value: string): Uint8Array => join(...Array.from(value, (c) => u16le(c.charCodeAt(0))));
const HEADER = 64;

/** An AUTHENTICATE message ([MS-NLMP] 2.2.1.3) without version and MIC. */
function authenticate(domain: string, user: string, host: string): Uint8Array {
  const parts = [zeros(24), hex('11'.repeat(24)), wide(domain), wide(user), wide(host), zeros(0)];
  let offset = HEADER;
  const places = parts.map((part) => {
    const place = join(u16le(part.length), u16le(part.length), u32le(offset));
    offset += part.length;
    return place;
  });
  return join(latin1('NTLMSSP\0'), u32le(3), ...places, u32le(0x0000_8201), ...parts);
}

const message = authenticate('EXAMPLE', 'alice', 'HOST4');

describe('NTLM in other protocols', () => {
  it('says in HTTP who signs in', () => {
    const token = btoa(String.fromCharCode(...message));
    const whole = checkApplication('http', 'tcp', utf8(`GET / HTTP/1.1\r\nAuthorization: NTLM ${token}\r\n\r\n`));
    expect(whole.info).toContain(', NTLMSSP_AUTH, User: EXAMPLE\\alice');
    expect(valuesOf(whole.root, 'ntlmssp.auth.username')).toEqual(['alice']);
    expect(valuesOf(whole.root, 'ntlmssp.auth.domain')).toEqual(['EXAMPLE']);
    expect(valuesOf(whole.root, 'ntlmssp.auth.hostname')).toEqual(['HOST4']);
    const challenge = checkApplication(
      'http',
      'tcp',
      utf8('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM AAAA\r\n\r\n'),
    );
    expect(valuesOf(challenge.root, 'ntlmssp.messagetype')).toEqual([]);
  });

  it('is a layer of its own in mail, where a line or its last word is a message', () => {
    const token = btoa(String.fromCharCode(...message));
    for (const [protocol, line] of [
      ['smtp', `AUTH NTLM ${token}`],
      ['imap', token],
      ['pop', token],
    ] as const) {
      const whole = checkApplication(protocol, 'tcp', utf8(`${line}\r\n`));
      expect(stackText(whole)).toBe(`eth:ethertype:ip:tcp:${protocol}:ntlmssp`);
      expect(whole.protocolColumn).toBe(protocol.toUpperCase());
      expect(whole.info).toContain(', NTLMSSP_AUTH, User: EXAMPLE\\alice');
      expect(valuesOf(whole.root, 'ntlmssp.auth.username')).toEqual(['alice']);
    }
  });

  it('is nothing that a line of Base64 may be by chance', () => {
    for (const line of ['YIIBIQ==AAAAAAAAAAAA', btoa('`\x10some other bytes'), btoa('x'.repeat(57))]) {
      const whole = checkApplication('imap', 'tcp', utf8(`${line}\r\n`));
      expect(stackText(whole)).toBe('eth:ethertype:ip:tcp:imap');
    }
  });

  it('is a layer of its own in TDS', () => {
    const whole = checkApplication('tds', 'tcp', join([17, 1], u16(8 + message.length), zeros(4), message));
    expect(stackText(whole)).toBe('eth:ethertype:ip:tcp:tds:ntlmssp');
    expect(whole.protocolColumn).toBe('TDS');
    expect(valuesOf(whole.root, 'ntlmssp.auth.username')).toEqual(['alice']);
    expect(valuesOf(whole.root, 'ntlmssp.ntlmclientchallenge')).toEqual(['0000000000000000']);
  });

  it('is found in a login, where the offsets say', () => {
    const body = join(zeros(78), u16le(94), u16le(message.length), zeros(12), message);
    const whole = checkApplication('tds', 'tcp', join([16, 1], u16(8 + body.length), zeros(4), body));
    expect(stackText(whole)).toBe('eth:ethertype:ip:tcp:tds:ntlmssp');
    expect(valuesOf(whole.root, 'ntlmssp.auth.domain')).toEqual(['EXAMPLE']);
  });
});
