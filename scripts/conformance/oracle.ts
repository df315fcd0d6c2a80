/** The reference answers beside the captures: what tshark 4.0.17 said, in its own formats. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface Expectation {
  readonly ok: boolean;
  readonly frames: number;
}

/** Rows of a table by column name. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface HierarchyNode {
  /** `eth/ip/udp`. */
  readonly path: string;
  readonly packets: number;
  readonly bytes: number;
}

export interface OracleFilter {
  readonly capture: string;
  readonly filter: string;
  /** Null: tshark refuses the filter. */
  readonly answer: { readonly frames: number; readonly sha256: string } | null;
}

export class Oracle {
  private readonly folder: string;

  constructor(captures: string) {
    this.folder = join(captures, 'oracle');
  }

  expectation(name: string): Expectation {
    return JSON.parse(this.text(`${name}.expect.json`) ?? '{"ok":false,"frames":0}') as Expectation;
  }

  /** One row a frame, at most 20,000. Null where tshark could not open the file at all. */
  frames(name: string): Table | null {
    const text = this.text(`${name}.frames.tsv`);
    return text === null ? null : tableOf(text);
  }

  hierarchy(name: string): HierarchyNode[] | null {
    const text = this.text(`${name}.phs.txt`);
    return text === null ? null : hierarchyOf(text);
  }

  filters(): OracleFilter[] {
    const lines = (this.text('filters.tsv') ?? '').trimEnd().split('\n').slice(1);
    return lines.map((line) => {
      const [capture = '', filter = '', frames = '', sha256 = ''] = line.split('\t');
      return { capture, filter, answer: frames === 'ERROR' ? null : { frames: Number(frames), sha256 } };
    });
  }

  /** Large texts lie there compressed. */
  text(file: string): string | null {
    const path = join(this.folder, file);
    if (existsSync(path)) return readFileSync(path, 'utf8');
    return existsSync(`${path}.gz`) ? gunzipSync(readFileSync(`${path}.gz`)).toString('utf8') : null;
  }
}

function tableOf(text: string): Table {
  const [head = '', ...lines] = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { columns: head.split('\t'), rows: lines.map((line) => line.split('\t')) };
}

function hierarchyOf(text: string): HierarchyNode[] {
  const above: string[] = [];
  const nodes: HierarchyNode[] = [];
  for (const line of text.split('\n')) {
    const found = /^( *)(\S+) +frames:(\d+) bytes:(\d+)$/.exec(line);
    if (found === null) continue;
    const [, indent = '', protocol = '', packets, bytes] = found;
    above.length = indent.length / 2;
    above.push(protocol);
    nodes.push({ path: above.join('/'), packets: Number(packets), bytes: Number(bytes) });
  }
  return nodes;
}
