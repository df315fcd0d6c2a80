/** The differing values themselves, for `--detail FIELD` and for the list of what disagrees most. */

export interface Difference {
  readonly capture: string;
  readonly frame: number;
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

interface Kind {
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
  readonly example: Difference;
  count: number;
  readonly captures: Set<string>;
}

/** Kinds of difference kept: beyond them only known ones are counted. */
const MAX_KINDS = 50_000;

export class Details {
  private readonly kinds = new Map<string, Kind>();
  private readonly wanted: string | null;
  private readonly print: (line: string) => void;

  /** Every difference of the field `wanted` is printed when it is found. */
  constructor(wanted: string | null, print: (line: string) => void) {
    this.wanted = wanted;
    this.print = print;
  }

  add(difference: Difference): void {
    const { capture, frame, field, ours, theirs } = difference;
    if (field === this.wanted) this.print(`${capture}\t${frame}\tours ${ours}\ttheirs ${theirs}`);
    const key = `${field}\t${ours}\t${theirs}`;
    const known = this.kinds.get(key);
    if (known !== undefined) {
      known.count++;
      known.captures.add(capture);
    } else if (this.kinds.size < MAX_KINDS) {
      this.kinds.set(key, { field, ours, theirs, example: difference, count: 1, captures: new Set([capture]) });
    }
  }

  /** The most frequent ones of a field. */
  most(field: string, limit: number): readonly Kind[] {
    return [...this.kinds.values()]
      .filter((kind) => kind.field === field)
      .sort((a, b) => b.count - a.count)
      .slice(0, limit);
  }
}
