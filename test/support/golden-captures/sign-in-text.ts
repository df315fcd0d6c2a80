/** Tokens of NTLM and Kerberos where protocols of text carry them: HTTP, SMTP, IMAP and POP. */

import { type BytesLike, latin1 } from '../build-bytes.ts';
import { httpRequest, httpResponse } from '../build-http.ts';
import type { Turn } from '../build-tcp.ts';
import { conversations, type GoldenCapture, type GoldenGroup } from './capture.ts';
import {
  acceptedToken,
  authenticateMessage,
  challengeMessage,
  kerberosToken,
  negotiateMessage,
  over,
} from './sign-in.ts';

const base64 = (bytes: BytesLike): string => btoa(String.fromCharCode(...bytes));
const NEGOTIATE = base64(negotiateMessage);
const CHALLENGE = base64(challengeMessage);
const AUTHENTICATE = base64(authenticateMessage);
const KERBEROS = base64(kerberosToken);

/** Lines of both sides, in turn; the server begins where the first side is `S`. */
function lines(port: number, ...list: readonly string[]): GoldenCapture {
  return conversations(
    over(
      port,
      list.map(
        (line): Turn => ({
          from: line.startsWith('S: ') ? 'server' : 'client',
          data: latin1(`${line.slice(3)}\r\n`),
          thinkNs: 1_000_000,
        }),
      ),
    ),
  );
}

const ask = (headers: Readonly<Record<string, string>>): Turn => ({
  from: 'client',
  data: httpRequest({ host: 'www.example.com', headers }),
});
const answer = (status: number, headers: Readonly<Record<string, string>>, body = ''): Turn => ({
  from: 'server',
  data: httpResponse({ status, headers, body: latin1(body) }),
  thinkNs: 1_000_000,
});

export const signInTextGroup: GoldenGroup = {
  name: 'sign-in-text',
  captures: {
    'http-ntlm': conversations(
      over(80, [
        ask({}),
        answer(401, { 'WWW-Authenticate': 'NTLM', 'Content-Type': 'text/html' }, '<p>Sign in</p>'),
        ask({ Authorization: `NTLM ${NEGOTIATE}` }),
        answer(401, { 'WWW-Authenticate': `NTLM ${CHALLENGE}`, 'Content-Type': 'text/html' }, '<p>Sign in</p>'),
        ask({ Authorization: `NTLM ${AUTHENTICATE}` }),
        answer(200, { 'Content-Type': 'text/html' }, '<p>Welcome</p>'),
      ]),
    ),
    'http-negotiate': conversations(
      over(80, [
        ask({ Authorization: `Negotiate ${KERBEROS}` }),
        answer(
          200,
          { 'WWW-Authenticate': `Negotiate ${base64(acceptedToken)}`, 'Content-Type': 'text/html' },
          '<p>Hello</p>',
        ),
      ]),
    ),
    'http-bad-token': conversations(
      over(80, [
        ask({ Authorization: `NTLM ${NEGOTIATE.slice(0, 20)}` }),
        answer(401, { 'WWW-Authenticate': 'Negotiate YIIB////', 'Content-Type': 'text/html' }, '<p>No</p>'),
      ]),
    ),
    'smtp-ntlm': lines(
      25,
      'S: 220 mail.example.com ready',
      'C: EHLO client.example.com',
      'S: 250 AUTH NTLM GSSAPI',
      'C: AUTH NTLM',
      'S: 334 NTLM supported',
      `C: ${NEGOTIATE}`,
      `S: 334 ${CHALLENGE}`,
      `C: ${AUTHENTICATE}`,
      'S: 235 OK',
    ),
    'imap-ntlm': lines(
      143,
      'S: * OK ready',
      'C: a1 AUTHENTICATE NTLM',
      'S: +',
      `C: ${NEGOTIATE}`,
      `S: + ${CHALLENGE}`,
      `C: ${AUTHENTICATE}`,
      'S: a1 OK done',
      `C: a2 AUTHENTICATE GSSAPI ${KERBEROS}`,
    ),
    'pop-ntlm': lines(
      110,
      'S: +OK ready',
      'C: AUTH NTLM',
      'S: +',
      `C: ${NEGOTIATE}`,
      `S: + ${CHALLENGE}`,
      `C: ${AUTHENTICATE}`,
      'S: +OK done',
    ),
  },
};
