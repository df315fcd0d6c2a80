/** Mail behind SMTP: put together from its pieces, header fields with their addresses, the body by its media type. */

import { describe, expect, it } from 'vitest';
import { join, utf8 } from '../../../../support/build-bytes.ts';
import { checkApplication } from '../../../../support/check-application.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';
import { dissectConversation } from '../../../../support/frame-stream.ts';

const mail = utf8(
  [
    'From: "Doe, John" <john@example.org>',
    'To: one@example.org (a, comment), two <two@example.org>',
    'Subject: first',
    ' and second line',
    'X-Other: 1',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Hello.',
    '',
  ].join('\r\n'),
);
const command = utf8('DATA\r\n');
const end = utf8('.\r\n');

describe('imf', () => {
  it('reads header fields, addresses and the body', () => {
    const [, last] = dissectConversation('tcp', 'smtp', [
      { direction: 0, bytes: command },
      { direction: 0, bytes: join(mail, end) },
    ]);
    const root = last?.root ?? [];
    expect(valuesOf(root, 'imf.display_name')).toEqual(['"Doe, John"', 'two']);
    expect(valuesOf(root, 'imf.address')).toEqual([
      'john@example.org',
      'one@example.org (a, comment)',
      'two@example.org',
    ]);
    expect(valuesOf(root, 'imf.subject')).toEqual(['first\\r\\n and second line']);
    expect(valuesOf(root, 'imf.extension.type')).toEqual(['X-Other']);
    expect(valuesOf(root, 'imf.content.type.parameters')).toEqual([' charset=utf-8']);
    expect(last?.info).toBe('from: "Doe, John" <john@example.org>, subject: first and second line,  (text/plain)');
    expect(last?.protocolColumn).toBe('SMTP/IMF');
    expect(stackText(last ?? fail())).toContain('smtp:imf:data-text-lines');
  });

  it('never throws, whatever is cut or damaged', () => {
    checkApplication('imf', 'tcp', mail);
    checkApplication('mime_multipart', 'tcp', mail);
  });
});

function fail(): never {
  throw new Error('nothing dissected');
}
