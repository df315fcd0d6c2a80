/** MySQL: flags of both sides, attributes of a connection, columns of a result. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u8, u16le, u24, u32le, zeros } from '../../../../support/build-bytes.ts';
import { checkApplication, frameOf } from '../../../../support/check-application.ts';
import { dissectPacket, valuesOf } from '../../../../support/dissect-packet.ts';

const packet = (number: number, ...body: readonly Uint8Array[]): Uint8Array => {
  const bytes = join(...body);
  return join(u24(bytes.length).reverse(), u8(number), bytes);
};
const counted = (text: string): Uint8Array => join(u8(text.length), latin1(text));
const greeting = packet(
  0,
  u8(10),
  latin1('8.0.28\0'),
  u32le(30),
  latin1('saltsalt\0'),
  u16le(0xffff),
  u8(33),
  u16le(2),
  u16le(0xdfff),
  u8(21),
  zeros(10),
  latin1('saltsaltsalt\0mysql_native_password\0'),
);
const attributes = join(counted('_os'), counted('Linux'), counted('_pid'), counted('7'));
const login = packet(
  1,
  u16le(0xa285),
  u16le(0x0018),
  u32le(1 << 24),
  u8(33),
  zeros(23),
  latin1('bob\0'),
  u8(0),
  latin1('mysql_native_password\0'),
  u8(attributes.length),
  attributes,
);
const column = packet(
  2,
  ...['def', 'db', 'books', 'books', 'title', 'title'].map(counted),
  u8(12),
  u16le(45),
  u32le(255),
  u8(253),
  u16le(0x0021),
  u8(0),
  zeros(2),
);

/** Each message in the order it came, from the side it is from. */
function inOrder(
  ...messages: readonly (readonly ['client' | 'server', Uint8Array])[]
): ReturnType<typeof dissectPacket>[] {
  const memory = { objects: new Map<string, unknown>() };
  return messages.map(([side, message], i) => {
    const frame = frameOf('tcp', message, side === 'client' ? 3306 : 40_000);
    // The builder sends from port 40000: a server's segment has it the other way round.
    if (side === 'server') frame.set([0x0c, 0xea], 34);
    return dissectPacket(frame, 1, 'mysql', { memory, number: i + 1 });
  });
}

describe('MySQL', () => {
  it('shows flags one by one', () => {
    const { root } = checkApplication('mysql', 'tcp', greeting);
    expect(valuesOf(root, 'mysql.packet_number')).toEqual(['0']);
    const [whole] = inOrder(['server', greeting]);
    expect(valuesOf(whole?.root ?? [], 'mysql.caps.cu')).toEqual(['1']);
    expect(valuesOf(whole?.root ?? [], 'mysql.caps.cap_ext')).toEqual(['0']);
    expect(valuesOf(whole?.root ?? [], 'mysql.stat.ac')).toEqual(['1']);
  });

  it('shows what a client says of itself', () => {
    const frames = inOrder(['server', greeting], ['client', login]);
    const root = frames[1]?.root ?? [];
    expect(valuesOf(root, 'mysql.user')).toEqual(['bob']);
    expect(valuesOf(root, 'mysql.connattrs.name')).toEqual(['_os', '_pid']);
    expect(valuesOf(root, 'mysql.connattrs.value')).toEqual(['Linux', '7']);
  });

  it('shows what a column is', () => {
    const frames = inOrder(
      ['server', greeting],
      ['client', login],
      ['server', packet(2, hex('00000002000000'))],
      ['client', packet(0, u8(3), latin1('select title from books'))],
      ['server', packet(1, u8(1))],
      ['server', column],
      ['server', packet(3, hex('fe00000200'))],
    );
    const root = frames[5]?.root ?? [];
    expect(valuesOf(root, 'mysql.field.name')).toEqual(['title']);
    expect(valuesOf(root, 'mysql.field.type')).toEqual(['253']);
    expect(valuesOf(root, 'mysql.field.flags.not_null')).toEqual(['1']);
    expect(valuesOf(root, 'mysql.field.flags.primary_key')).toEqual(['0']);
    expect(valuesOf(frames[6]?.root ?? [], 'mysql.eof')).toEqual(['254']);
  });
});
