import { describe, expect, it } from 'vitest';
import type { TreeNode } from '../../../../../engine/dissect/node.ts';
import { allProtocols, catalog } from '../../../../../engine/dissect/registry.ts';
import { zeros } from '../../../../support/build-bytes.ts';
import * as smb from '../../../../support/build-smb2.ts';
import { dissectStream, type Said } from '../../../../support/dissect-conversation.ts';
import { treeText, valuesOf } from '../../../../support/dissect-packet.ts';

const said = (exchanges: readonly smb.Exchange[]): Said[] =>
  exchanges.flatMap(([request, response]): Said[] => [
    ['client', request],
    ['server', response],
  ]);

function dissected(...exchanges: readonly smb.Exchange[]) {
  return dissectStream(445, said(exchanges)).filter(({ protocolColumn }) => protocolColumn === 'SMB2');
}

const all = (): Said[] => [
  ...said([
    smb.negotiate(),
    smb.sessionSetup(),
    smb.treeConnect(),
    smb.create(),
    smb.createFails(),
    smb.read(),
    smb.write(),
    smb.lock(),
    smb.flush(),
    smb.notify(),
    smb.echo(),
    ...smb.ioctls(),
    ...[1, 2, 3, 12, 37, 38].map(smb.find),
    ...smb.INFORMATION.map(smb.getInfo),
    ...smb.INFORMATION.map(smb.setInfo),
    smb.close(),
  ]),
  ...smb.breaks().map((message, i): Said => [i < 2 ? 'server' : 'client', message]),
  ['server', smb.encrypted()],
  ['client', smb.compressed()],
  ['client', smb.compressed(true)],
  ['server', smb.pending()],
];

describe('SMB 2 and 3', () => {
  it('tells whose session and which tree a message belongs to', () => {
    const frames = dissected(smb.negotiate(), smb.sessionSetup(), smb.treeConnect(), smb.create());
    const { root } = frames.at(-1) ?? { root: [] };
    expect(valuesOf(root, 'smb2.acct')).toEqual(['alice']);
    expect(valuesOf(root, 'smb2.domain')).toEqual(['LAB']);
    expect(valuesOf(root, 'smb2.host')).toEqual(['HOST']);
    expect(valuesOf(root, 'smb2.tree')).toEqual(['\\\\192.0.2.9\\data']);
    expect(valuesOf(root, 'smb2.lease.lease_state.handle_caching')).toEqual(['1']);
    expect(valuesOf(root, 'smb2.tag')).toContain('MxAc');
    expect(frames[2]?.info).toContain('User: LAB\\alice');
  });

  it('names what was negotiated', () => {
    const [request, response] = dissected(smb.negotiate());
    for (const frame of [request, response]) {
      expect(valuesOf(frame?.root ?? [], 'smb2.negotiate_context.cipher_id')).toEqual(['0x0002', '0x0001']);
      expect(valuesOf(frame?.root ?? [], 'smb2.negotiate_context.netname')).toEqual(['server']);
      expect(valuesOf(frame?.root ?? [], 'smb2.negotiate_context.signing_id')).toEqual(['0x0001']);
    }
    expect(valuesOf(request?.root ?? [], 'smb2.dialect')).toEqual(['0x0302', '0x0311']);
  });

  it('lists a folder in every shape', () => {
    for (const level of [1, 2, 3, 12, 37, 38]) {
      const [, response] = dissected(smb.find(level));
      expect(valuesOf(response?.root ?? [], 'smb2.filename'), `level ${level}`).toEqual(['report.txt']);
    }
  });

  it('reads information by the class and level that the request named', () => {
    const level = (kind: number, number: number) =>
      dissected(
        smb.getInfo(smb.INFORMATION.find((one) => one[0] === kind && one[1] === number) ?? [0, 0, zeros(0)]),
      )[1];
    expect(valuesOf(level(1, 18)?.root ?? [], 'smb2.filename')).toEqual(['report.txt']);
    expect(valuesOf(level(1, 5)?.root ?? [], 'smb.end_of_file')).toEqual(['10']);
    expect(valuesOf(level(1, 22)?.root ?? [], 'smb.stream_name')).toEqual(['::$DATA']);
    expect(valuesOf(level(2, 5)?.root ?? [], 'smb.fs_name')).toEqual(['NTFS']);
    expect(valuesOf(level(3, 0)?.root ?? [], 'smb2.class')).toEqual(['0x03']);
  });

  it('shows what control codes carry', () => {
    const trees = smb.ioctls().map((one) =>
      dissected(one)
        .map(({ root }) => treeText(root))
        .join('\n'),
    );
    expect(trees[0]).toContain('2001:db8::1');
    expect(trees[1]).toContain('Dialect: SMB 3.0.2');
    expect(trees[4]).toContain('@GMT-2026.01.15-09.00.00');
    expect(trees[5]).toContain('Target Offset: 8');
  });

  it('names where a link leads instead of a file', () => {
    const [, response] = dissected(smb.createFails());
    expect(valuesOf(response?.root ?? [], 'smb2.symlink.substitute_name')).toEqual(['x']);
  });

  it('has no field that none of these messages shows', () => {
    const seen = new Set<string>();
    const collect = (nodes: readonly TreeNode[]): void => {
      for (const { field, children } of nodes) {
        if (field !== null) seen.add(field.abbrev);
        collect(children ?? []);
      }
    };
    const frames = dissectStream(445, all());
    for (const { root } of frames) collect(root);
    expect(frames.filter(({ malformed }) => malformed)).toEqual([]);
    const index = allProtocols.find(({ name }) => name === 'smb2')?.index;
    const missing = catalog.fields.filter(({ protocol, abbrev }) => protocol === index && !seen.has(abbrev));
    expect(missing.map(({ abbrev }) => abbrev)).toEqual([]);
  });

  it('survives every message cut anywhere', () => {
    const cuts = all().flatMap(([from, message]): Said[] => {
      const step = Math.max(1, Math.floor(message.length / 24));
      return Array.from({ length: Math.floor((message.length - 8) / step) }, (_, i): Said => {
        const length = 8 + i * step;
        const cut = message.slice(0, length);
        cut[2] = (length - 4) >>> 8;
        cut[3] = (length - 4) & 0xff;
        return [from, cut];
      });
    });
    const frames = dissectStream(445, cuts);
    expect(frames.filter(({ layers }) => layers.length > 4).length).toBeGreaterThan(cuts.length / 2);
  });
});
