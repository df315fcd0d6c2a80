/** What is wrong with a file that the user gave: a key of the dictionaries (`cloud.problem.KEY`) with its values. */

import { failure, type Result } from '../base/result.ts';

export interface CloudProblem {
  readonly key:
    | 'unknown'
    | 'json'
    | 'column'
    | 'block'
    | 'class'
    | 'date'
    | 'number'
    | 'currency'
    | 'source'
    | 'empty'
    | 'large';
  /** `line`: the line or the entry, from 1; 0: the file as such. `what`: the text that it is about. */
  readonly params: { readonly line: number; readonly what: string };
}

export type CloudResult<Value> = Result<Value, CloudProblem>;

export function wrong(
  key: CloudProblem['key'],
  what = '',
  line = 0,
): { readonly ok: false; readonly error: CloudProblem } {
  return failure({ key, params: { line, what: what.slice(0, 80) } });
}
