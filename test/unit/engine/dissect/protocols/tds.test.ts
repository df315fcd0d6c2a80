import { describe, expect, it } from 'vitest';
import type { TreeNode } from '../../../../../engine/dissect/node.ts';
import { allProtocols, catalog } from '../../../../../engine/dissect/registry.ts';
import { hex, join, u16, u16le, u32, u32le, u64le, zeros } from '../../../../support/build-bytes.ts';
import { utf16 } from '../../../../support/build-smb2.ts';
import { dissectStream, type Said } from '../../../../support/dissect-conversation.ts';
import { treeText, valuesOf } from '../../../../support/dissect-packet.ts';

const packet = (type: number, body: Uint8Array, isLast = true): Uint8Array =>
  join([type, isLast ? 1 : 0], u16(8 + body.length), u16(0), [1, 0], body);
const text8 = (value: string): Uint8Array => join([value.length], utf16(value));
const text16 = (value: string): Uint8Array => join(u16le(value.length), utf16(value));
const collation = hex('0904d00034');
const headers = join(u32le(22), u32le(18), u16le(2), u64le(0n), u32le(1));

/** Type in a parameter or a column, and a value of it. */
const TYPES: readonly (readonly [string, Uint8Array, Uint8Array, string])[] = [
  ['intN', hex('2604'), join([4], u32le(7)), 'Value (7)'],
  ['bigint', hex('2608'), join([8], u64le(7n)), 'Value (7)'],
  ['null', hex('2604'), hex('00'), 'Value (NULL)'],
  ['bit', hex('6801'), hex('0101'), 'Value (True)'],
  ['float', hex('6d08'), hex('08000000000000f83f'), 'Value (1.5)'],
  ['guid', hex('2410'), hex('10000102030405060708090a0b0c0d0e0f'), 'Value (03020100-0504-0706-0809-0a0b0c0d0e0f)'],
  ['nvarchar', join([0xe7], u16le(20), collation), join(u16le(4), utf16('ab')), 'Value (ab)'],
  ['varchar', join([0xa7], u16le(20), collation), join(u16le(2), hex('6162')), 'Value (ab)'],
  [
    'long nvarchar',
    join([0xe7], u16le(0xffff), collation),
    join(u64le(4n), u32le(4), utf16('ab'), u32le(0)),
    'Value (ab)',
  ],
  ['no pieces', join([0xe7], u16le(0xffff), collation), hex('ffffffffffffffff'), 'Value (NULL)'],
  ['decimal', hex('6a050502'), join([5, 1], u32le(12345)), 'Value (123.45)'],
  ['datetime', hex('6f08'), join([8], u32le(46_000), u32le(300)), 'Value ()'],
  ['date', hex('28'), hex('03010203'), 'Value (010203)'],
  ['time', hex('2903'), hex('0401020304'), 'Value (01020304)'],
  ['binary', join([0xad], u16le(4)), join(u16le(2), hex('beef')), 'Value (beef)'],
  ['text', join([0x23], u32le(100), collation), join([16], zeros(16), zeros(8), u32le(2), hex('6162')), 'Value (ab)'],
  ['variant', join([0x62], u32le(100)), join(u32le(2), hex('beef')), 'Value (beef)'],
  ['xml', hex('f100'), join(u64le(4n), u32le(4), utf16('<a'), u32le(0)), 'Value (<a)'],
];
const call = (type: Uint8Array, value: Uint8Array): Uint8Array =>
  packet(3, join(headers, u16le(0xffff), u16le(10), u16le(2), text8('@p'), [1], type, value));

const column = (type: Uint8Array, name: string, table: Uint8Array = new Uint8Array(0)): Uint8Array =>
  join(u32le(0), u16le(9), type, table, text8(name));
const tableName = join([1], text16('dbo'));
const done = (token: number, status: number, rows: bigint): Uint8Array =>
  join([token], u16le(status), u16le(0xc1), u64le(rows));
const message = (token: number): Uint8Array => {
  const body = join(u32le(208), [1, 16], text16('no such thing'), text8('SRV'), text8('proc'), u32le(3));
  return join([token], u16le(body.length), body);
};
const change = (type: number, body: Uint8Array): Uint8Array => join([0xe3], u16le(1 + body.length), [type], body);
const loginAck = ((): Uint8Array => {
  const body = join([1], u32(0x74000004), text8('Server'), u32(0x0f0007d0));
  return join([0xad], u16le(body.length), body);
})();
const answer = join(
  [0x81],
  u16le(3),
  column(hex('2604'), 'id'),
  column(join([0xe7], u16le(20), collation), 'name'),
  column(join([0x23], u32le(100), collation), 'note', tableName),
  [0xd1, 4],
  u32le(7),
  join(u16le(4), utf16('ab')),
  join([16], zeros(24), u32le(1), [0x78]),
  [0xd2, 0b110, 4],
  u32le(8),
  [0xa9],
  u16le(2),
  u16le(1),
  [0x79],
  u32le(0),
  done(0xff, 0x11, 1n),
  done(0xfe, 0x80, 0n),
  done(0xfd, 0, 0n),
);
const greeting = join(
  change(1, join(text8('master'), text8('tempdb'))),
  change(7, join([5], collation, [0])),
  change(8, join([8], zeros(8), [0])),
  message(0xab),
  loginAck,
  join([0xae, 1], u32le(1), [0], [0xff]),
  join([0xe4], u32le(9), u32le(1), [1], [4, 2], hex('0102')),
  join([0xed], u16le(2), hex('0102')),
  done(0xfd, 0, 0n),
);
const prelogin = ((): Uint8Array => {
  const values = [
    hex('0f0007d00001'),
    hex('01'),
    hex('4d5353514c00'),
    hex('00000102'),
    hex('00'),
    zeros(36),
    hex('01'),
    zeros(32),
  ];
  let offset = 5 * values.length + 1;
  const list = values.map((value, i) => {
    const option = join([i], u16(offset), u16(value.length));
    offset += value.length;
    return option;
  });
  return packet(18, join(...list, [0xff], ...values));
})();
const login = ((): Uint8Array => {
  const texts = ['HOST', 'alice', 'pw', 'app', 'server', '', 'library', 'en', 'db'].map(utf16);
  const password = utf16('pw').map((byte) => (((byte << 4) | (byte >> 4)) & 0xff) ^ 0xa5);
  texts[2] = password;
  let offset = 94;
  const places = texts.map((text) => {
    const place = join(u16le(offset), u16le(text.length / 2));
    offset += text.length;
    return place;
  });
  return packet(16, join(u32le(offset), zeros(32), ...places, zeros(94 - 36 - 36), ...texts));
})();
const all: Said[] = [
  ['client', prelogin],
  ['client', login],
  ['server', packet(4, greeting)],
  ['client', packet(1, join(headers, utf16('select 1')))],
  ['server', packet(4, answer)],
  ['server', packet(4, join(message(0xaa), done(0xfd, 2, 0n)))],
  [
    'server',
    packet(
      4,
      join(
        [0xfd],
        u16le(0),
        u16le(0),
        u32le(3),
        [0xfe],
        u16le(0),
        u16le(0),
        u32le(3),
        [0xff],
        u16le(0),
        u16le(0),
        u32le(3),
      ),
    ),
  ],
  ['server', packet(4, hex('33'))],
  ['server', packet(4, join([0x81], u16le(1), column(hex('6a050502'), 'price'), change(9, join([0], [8], zeros(8)))))],
  ['client', packet(14, join(headers, u16le(5), zeros(2)))],
  ['client', packet(3, join(headers, text16('proc'), u16le(0), [0xff], text16('other'), u16le(0)))],
  ...TYPES.map(([, type, value]): Said => ['client', call(type, value)]),
];
const dissected = (...messages: Said[]) =>
  dissectStream(1433, messages).filter(({ protocolColumn }) => protocolColumn === 'TDS');

describe('TDS', () => {
  it.each(TYPES)('reads a value of %s', (_name, type, value, shown) => {
    const [frame] = dissected(['client', call(type, value)]);
    expect(treeText(frame?.root ?? [])).toContain(shown);
    expect(frame?.malformed).toBe(false);
  });

  it('reads rows by the columns before them', () => {
    const [frame] = dissected(['server', packet(4, answer)]);
    expect(valuesOf(frame?.root ?? [], 'tds.colmetadata.colname')).toEqual(['id', 'name', 'note']);
    expect(treeText(frame?.root ?? [])).toContain('Field 2 (ab)');
    expect(valuesOf(frame?.root ?? [], 'tds.doneinproc.donerowcount64')).toEqual(['1']);
    expect(valuesOf(frame?.root ?? [], 'tds.unknown_tds_token')).toEqual([]);
  });

  it('joins a message of several packets', () => {
    const cut = 20;
    const [frame] = dissected(['server', join(packet(4, answer.slice(0, cut), false), packet(4, answer.slice(cut)))]);
    expect(valuesOf(frame?.root ?? [], 'tds.colmetadata.colname')).toEqual(['id', 'name', 'note']);
    expect(valuesOf(frame?.root ?? [], 'tds.length')).toHaveLength(2);
  });

  it('shows logins, with the password as it is typed', () => {
    const [frame] = dissected(['client', login]);
    expect(valuesOf(frame?.root ?? [], 'tds.7login.username')).toEqual(['alice']);
    expect(valuesOf(frame?.root ?? [], 'tds.7login.password')).toEqual(['pw']);
    const [first] = dissected(['client', prelogin]);
    expect(valuesOf(first?.root ?? [], 'tds.prelogin.option.encryption')).toEqual(['1']);
  });

  it('shows errors and changes', () => {
    const [frame] = dissected(['server', packet(4, join(message(0xaa), greeting))]);
    expect(valuesOf(frame?.root ?? [], 'tds.error.msgtext')).toEqual(['no such thing']);
    expect(valuesOf(frame?.root ?? [], 'tds.envchange.newvalue_string')).toEqual(['master']);
    expect(valuesOf(frame?.root ?? [], 'tds.loginack.progname')).toEqual(['Server']);
  });

  it('has no field that none of these messages shows', () => {
    const seen = new Set<string>();
    const collect = (nodes: readonly TreeNode[]): void => {
      for (const { field, children } of nodes) {
        if (field !== null) seen.add(field.abbrev);
        collect(children ?? []);
      }
    };
    for (const { root } of dissectStream(1433, all)) collect(root);
    const index = allProtocols.find(({ name }) => name === 'tds')?.index;
    const missing = catalog.fields.filter(({ protocol, abbrev }) => protocol === index && !seen.has(abbrev));
    expect(missing.map(({ abbrev }) => abbrev)).toEqual([]);
  });

  it('survives every message cut anywhere', () => {
    const cuts = all.flatMap(([from, bytes]): Said[] => {
      const step = Math.max(1, Math.floor(bytes.length / 40));
      return Array.from({ length: Math.floor((bytes.length - 9) / step) }, (_, i): Said => {
        const cut = bytes.slice(0, 9 + i * step);
        cut.set(u16(cut.length), 2);
        return [from, cut];
      });
    });
    expect(dissected(...cuts).length).toBeGreaterThan(cuts.length / 4);
  });
});
