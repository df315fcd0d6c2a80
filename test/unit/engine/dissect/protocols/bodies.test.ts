/** Bodies shown by media type: JSON, XML, forms, multipart, lines; and what hostile ones may cost. */

import { describe, expect, it } from 'vitest';
import { join, patched, seededRandom, utf8 } from '../../../../support/build-bytes.ts';
import { httpResponse } from '../../../../support/build-http.ts';
import { treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { dissectConversation } from '../../../../support/frame-stream.ts';

function body(type: string, bytes: Uint8Array) {
  const message = httpResponse({ body: bytes, headers: { 'Content-Type': type } });
  const [dissection] = dissectConversation('tcp', 'http', [{ direction: 1, bytes: message }]);
  if (dissection === undefined) throw new Error('nothing dissected');
  return dissection;
}

describe('JSON', () => {
  it('gives keys, paths and values', () => {
    const { root } = body('application/json', utf8('{"user":{"name":"a\\u0062","on":true},"n":[1,2.5e3,null]}'));
    expect(valuesOf(root, 'json.key')).toEqual(['name', 'on', 'user', 'n']);
    expect(valuesOf(root, 'json.value.string')).toEqual(['ab']);
    expect(valuesOf(root, 'json.value.number')).toEqual(['1', '2.5e3']);
    expect(valuesOf(root, 'json.path')).toContain('/user/name');
    expect(valuesOf(root, 'json.path_with_value')).toContain('/user/on:true');
  });

  it('says where it stops being JSON', () => {
    expect(treeText(body('application/json', utf8('{"a":1,oops}')).root)).toContain('Not JSON from here on');
  });

  it('ends on deep nesting and on endless strings', () => {
    expect(body('application/json', utf8('['.repeat(50_000))).malformed).toBe(false);
    expect(body('application/json', utf8(`{"${'a'.repeat(50_000)}`)).malformed).toBe(false);
  });
});

describe('XML', () => {
  it('nests tags and lists attributes', () => {
    const { root } = body('text/xml', utf8('<?xml version="1.0"?><!-- c --><a x="1" y=\'2>3\'><b>t</b><c/></a>'));
    expect(valuesOf(root, 'xml.attribute')).toEqual(['x="1"', "y='2>3'"]);
    expect(valuesOf(root, 'xml.cdata')).toEqual(['t']);
    expect(valuesOf(root, 'xml.comment')).toEqual(['<!-- c -->']);
    expect(treeText(root)).toMatch(/\n {2}<a .*\n(.*\n)*? {4}<b>\n {6}t\n/);
  });

  it('is quick on a tag that never ends', () => {
    const start = Date.now();
    body('text/xml', utf8(`<a ${'b '.repeat(30_000)}`));
    body('text/xml', utf8(`<${'a'.repeat(60_000)}`));
    body('text/xml', utf8('<a>'.repeat(20_000)));
    expect(Date.now() - start).toBeLessThan(5000);
  });
});

describe('multipart', () => {
  const bytes = utf8(
    'preamble\r\n--X\r\nContent-Type: text/plain\r\n\r\nline one\r\n--X\r\nContent-Disposition: form-data; name="file"\r\n\r\nraw\r\n--X--\r\n',
  );

  it('shows each part with its header lines', () => {
    const { root } = body('multipart/form-data; boundary="X"', bytes);
    expect(valuesOf(root, 'mime_multipart.header.content-type')).toEqual(['text/plain']);
    expect(valuesOf(root, 'mime_multipart.header.content-disposition')).toEqual(['form-data; name="file"']);
    expect(valuesOf(root, 'data.data')).toEqual(['726177']);
    expect(treeText(root)).toContain('line one');
  });
});

describe('text', () => {
  it('is shown line by line, and never as control characters', () => {
    const { root, info } = body('text/plain', utf8('one\r\ntwo\u001b[31m\n\u202ethree'));
    expect(treeText(root)).toContain('Line-based text data: text/plain (3 lines)');
    expect(treeText(root)).toContain('two\\033[31m\\n');
    expect(treeText(root)).toContain('\\u202ethree');
    expect(info).toBe('HTTP/1.1 200 OK  (text/plain)');
  });
});

describe('damaged bodies', () => {
  it.each([
    ['application/json', utf8('{"a":[1,{"b":"c"}],"d":"\\u00e9"}')],
    ['text/xml', utf8('<a b="c"><![CDATA[x]]><d/></a><!DOCTYPE e>')],
    ['application/x-www-form-urlencoded', utf8('a=b&c=%41%4&%=+')],
    ['multipart/mixed; boundary=B', utf8('--B\r\nContent-Type: text/html\r\n\r\n<p>\r\n--B--')],
    [
      'image/png',
      join(
        [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13],
        utf8('IHDR'),
        new Uint8Array(17),
        [0, 0, 0, 0],
        utf8('IEND'),
        [1, 2, 3, 4],
      ),
    ],
    ['image/jpeg', join([0xff, 0xd8, 0xff, 0xe0, 0, 16], utf8('JFIF\0'), new Uint8Array(9), [0xff, 0xda, 0, 2, 1, 2])],
    ['image/gif', join(utf8('GIF89a'), new Uint8Array(7))],
  ] as const)('of %s never throw', (type, good) => {
    const random = seededRandom(1);
    for (let i = 0; i < 150; i++) {
      let bytes: Uint8Array = good.slice(0, 1 + random.int(good.length));
      for (let n = random.int(8); n > 0; n--) bytes = patched(bytes, random.int(bytes.length), [random.int(256)]);
      expect(treeText(body(type, bytes).root)).toContain('\n');
    }
  });
});
