/** SMB 1: commands, chains, files by the way they were opened, transactions, pipes; broken lengths. */

import { describe, expect, it } from 'vitest';
import { hex, join, latin1, u16le, u32le, u64le, zeros } from '../../../../support/build-bytes.ts';
import { LAST, smb, text, transact, transacted, wide } from '../../../../support/build-smb1.ts';
import { checkApplication, frameOf } from '../../../../support/check-application.ts';
import { dissectPacket, stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const create = smb({
  command: 0xa2,
  isUnicode: true,
  words: join(
    LAST,
    [0],
    u16le(12),
    u32le(0x16),
    u32le(0),
    u32le(0x0012_019f),
    u64le(0n),
    u32le(0x80),
    u32le(7),
    u32le(1),
    u32le(0x40),
    u32le(2),
    [3],
  ),
  bytes: join([0], wide('\\a.txt')),
});
const created = smb({
  command: 0xa2,
  isReply: true,
  isUnicode: true,
  words: join(LAST, [0], u16le(0x4001), u32le(1), zeros(32), u32le(0x80), zeros(16), u16le(0), u16le(0), [0]),
});

/** Dissects messages in order, as one conversation. */
function inOrder(...messages: readonly Uint8Array[]): ReturnType<typeof dissectPacket>[] {
  const memory = { objects: new Map<string, unknown>() };
  return messages.map((message, i) => dissectPacket(frameOf('tcp', message), 1, 'smb', { memory, number: i + 1 }));
}

describe('SMB 1', () => {
  it('says which file is opened, and how, wherever its number comes again', () => {
    const close = smb({ command: 4, mid: 2, words: join(u16le(0x4001), u32le(0)) });
    const frames = inOrder(create, created, close);
    expect(frames.map((frame) => frame.info)).toEqual([
      'NT Create AndX Request, Path: \\a.txt',
      'NT Create AndX Response, FID: 0x4001',
      'Close Request, FID: 0x4001',
    ]);
    const root = frames[2]?.root ?? [];
    expect(valuesOf(root, 'smb.file')).toEqual(['\\a.txt']);
    expect(valuesOf(root, 'smb.fid.opened_in')).toEqual(['2']);
    expect(valuesOf(root, 'smb.access_mask')).toEqual(['0x0012019f']);
    expect(valuesOf(root, 'smb.fid.closed_in')).toEqual(['3']);
  });

  it('names the share of a tree id from its connection on', () => {
    const connect = smb({
      command: 0x75,
      tid: 0,
      words: join(LAST, u16le(0), u16le(1)),
      bytes: join([0], text('\\\\FILES\\DOCS'), text('?????')),
    });
    const answer = smb({ command: 0x75, isReply: true, tid: 7, words: join(LAST, u16le(1)), bytes: text('A:') });
    const later = smb({ command: 0x10, tid: 7, mid: 2, bytes: join([4], text('\\x')) });
    const frames = inOrder(connect, answer, later);
    expect(frames[0]?.info).toBe('Tree Connect AndX Request, Path: \\\\FILES\\DOCS');
    expect(valuesOf(frames[2]?.root ?? [], 'smb.path')).toEqual(['\\\\FILES\\DOCS']);
    expect(valuesOf(frames[2]?.root ?? [], 'smb.fid.mapped_in')).toEqual(['2']);
  });

  it('follows a chain of commands forwards only', () => {
    const setup = join(u16le(4356), u16le(50), u16le(0), u32le(0), u16le(0), u32le(0));
    const names = join(text('bob'), text('EXAMPLE'), text('DOS'), text('LANMAN'));
    const next = 32 + 1 + 20 + 2 + names.length;
    const tree = join(LAST, u16le(0), u16le(1));
    const path = join([0], text('\\\\F\\D'), text('A:'));
    const chain = (at: number): Uint8Array =>
      join(
        smb({ command: 0x73, words: join([0x75, 0], u16le(at), setup), bytes: names }),
        [tree.length / 2],
        tree,
        u16le(path.length),
        path,
      );
    expect(checkApplication('smb', 'tcp', chain(next)).info).toBe(
      'Session Setup AndX Request, User: EXAMPLE\\bob; Tree Connect AndX, Path: \\\\F\\D',
    );
    expect(checkApplication('smb', 'tcp', chain(32)).info).toBe('Session Setup AndX Request, User: EXAMPLE\\bob');
  });

  it('names errors of both kinds', () => {
    const dos = smb({ command: 0x10, isReply: true, isDos: true, status: 0x0003_0001 });
    expect(checkApplication('smb', 'tcp', dos).info).toBe('Check Directory Response, Error: Path not found');
    const nt = smb({ command: 0x10, isReply: true, status: 0xc000_0022 });
    expect(checkApplication('smb', 'tcp', nt).info).toBe('Check Directory Response, Error: STATUS_ACCESS_DENIED');
  });

  it('lists what a search finds by the level that was asked for', () => {
    const parameters = join(u16le(0x16), u16le(10), u16le(2), u16le(0x103), u32le(0), wide('*'));
    const entry = join(u32le(0), u32le(0), u32le(10), wide('d.txt').subarray(0, 10));
    const first = join(u16le(1), u16le(1), u16le(1), u16le(0), u16le(0));
    const frames = inOrder(
      smb({ command: 0x32, isUnicode: true, ...transact({ setup: u16le(1), parameters }) }),
      smb({ command: 0x32, isUnicode: true, isReply: true, ...transacted({ parameters: first, data: entry }) }),
    );
    expect(frames[0]?.info).toBe('Trans2 Request, FIND_FIRST2, Pattern: *');
    expect(frames[1]?.info).toBe('Trans2 Response, FIND_FIRST2, Files: d.txt');
  });

  it('finds remote procedure calls in what goes through a pipe', () => {
    const bind = hex('05000b03 10000000 1c00 0000 02000000 b810b810 00000000 00000000');
    const whole = checkApplication(
      'smb',
      'tcp',
      smb({
        command: 0x25,
        ...transact({ setup: join(u16le(0x26), u16le(0x4001)), name: text('\\PIPE\\'), data: bind }),
      }),
    );
    expect(stackText(whole)).toBe('eth:ethertype:ip:tcp:smb:dcerpc');
    expect(whole.info).toBe('Bind: call_id: 2, Fragment: Single, 0 context items:');
    expect(valuesOf(whole.root, 'smb_pipe.function')).toEqual(['0x0026']);
  });

  it('reads no further than a message goes, whatever its counts say', () => {
    const many = transact({ setup: u16le(1), parameters: latin1('x'.repeat(40)), data: latin1('y') });
    expect(checkApplication('smb', 'tcp', smb({ command: 0x32, isUnicode: true, ...many })).malformed).toBe(false);
    expect(checkApplication('smb', 'tcp', created).malformed).toBe(false);
    const words = join(LAST, u16le(0x4001), [0x10, 0], u32le(0), u16le(0xffff), u16le(0xffff));
    const locks = smb({ command: 0x24, words, bytes: zeros(25) });
    expect(checkApplication('smb', 'tcp', locks).info).toBe('Locking AndX Request, FID: 0x4001');
  });
});
