/** Where files were captured, as the user has said, among the settings. */

import type { KeptSide, Side } from '../contract/preferences.ts';

interface SaidSide {
  /** null: of all connections that nothing is said of. */
  readonly stream: number | null;
  readonly side: Side;
}

/** What is kept once the user has said something of these files; nothing is kept of a file that tells by itself again. */
export function withSide(
  kept: readonly KeptSide[],
  files: readonly { readonly path: string; readonly size: number }[],
  { stream, side }: SaidSide,
): KeptSide[] {
  const isOf = (one: KeptSide): boolean => files.some(({ path }) => path === one.path);
  const changed = files.map(({ path, size }): KeptSide => {
    const before = kept.find((one) => one.path === path && one.size === size);
    const others = (before?.streams ?? []).filter((one) => one.stream !== stream);
    const streams = stream === null || side === 'auto' ? others : [...others, { stream, side }];
    return { path, size, side: stream === null ? side : (before?.side ?? 'auto'), streams };
  });
  return [
    ...changed.filter((one) => one.side !== 'auto' || one.streams.length > 0),
    ...kept.filter((one) => !isOf(one)),
  ];
}
