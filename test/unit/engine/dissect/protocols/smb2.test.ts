/** SMB 2: commands by name, files by the handle they were opened with, compounds, pipes, broken lengths. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16le, u32le, u64le, zeros } from '../../../../support/build-bytes.ts';
import { checkApplication } from '../../../../support/check-application.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const utf16 = (text: string): Uint8Array => join(...Array.from(text, (c) => u16le(c.charCodeAt(0))));

function header(
  command: number,
  fields: { readonly response?: boolean; readonly status?: number; readonly next?: number } = {},
): Uint8Array {
  return join(
    hex('fe534d42 4000 0100'),
    u32le(fields.status ?? 0),
    u16le(command),
    u16le(1),
    u32le(fields.response === true ? 1 : 0),
    u32le(fields.next ?? 0),
    u64le(7n),
    u32le(0xfeff),
    u32le(1),
    u64le(0x1122n),
    zeros(16),
  );
}

const tree = join(header(3), u16le(9), u16le(0), u16le(72), u16le(2 * 12), utf16('\\\\srv\\share$'));
const create = (name: string): Uint8Array =>
  join(header(5), u16le(57), zeros(42), u16le(120), u16le(2 * name.length), zeros(8), utf16(name));

describe('SMB 2', () => {
  it('says which share a tree connect is for', () => {
    const whole = checkApplication('smb2', 'tcp', tree);
    expect(whole.info).toBe('Tree Connect Request Tree: \\\\srv\\share$');
    expect(valuesOf(whole.root, 'smb2.cmd')).toEqual(['3']);
  });

  it('says which file a create is for', () => {
    const whole = checkApplication('smb2', 'tcp', create('a.txt'));
    expect(whole.info).toBe('Create Request File: a.txt');
    expect(valuesOf(whole.root, 'smb2.filename')).toEqual(['a.txt']);
  });

  it('lists the requests of a compound', () => {
    const first = join(create('a'), zeros(6));
    const compound = join(
      header(5, { next: first.length }),
      first.slice(64),
      header(6),
      u16le(24),
      zeros(6),
      zeros(16),
    );
    expect(checkApplication('smb2', 'tcp', compound).info).toBe('Create Request File: a;Close Request');
  });

  it('names errors, and does not read a body that is not there', () => {
    const whole = checkApplication(
      'smb2',
      'tcp',
      join(header(5, { response: true, status: 0xc0000034 }), u16le(9), zeros(7)),
    );
    expect(whole.info).toBe('Create Response, Error: STATUS_OBJECT_NAME_NOT_FOUND');
  });

  it('finds remote procedure calls in what is written to a pipe', () => {
    const bind = hex('05000b03 10000000 1c00 0000 02000000 b810b810 00000000 00000000');
    const write = join(header(9), u16le(49), u16le(112), u32le(bind.length), zeros(8), zeros(16), zeros(16), bind);
    const whole = checkApplication('smb2', 'tcp', write);
    expect(stackText(whole)).toBe('eth:ethertype:ip:tcp:smb2:dcerpc');
    expect(whole.info).toContain('Bind: call_id: 2, Fragment: Single, 0 context items');
  });

  it('leaves encrypted messages closed', () => {
    expect(checkApplication('smb2', 'tcp', join(hex('fd534d42'), zeros(48), latin1('sealed'))).info).toBe(
      'Encrypted SMB3',
    );
  });
});
