/** A file that a protocol carried: what is known of it, and its bytes when they are asked for. */

import type { CarriedObject, ObjectKind } from '../../contract/follow.ts';
import type { Capture } from '../capture.ts';
import type { Dissector } from '../dissector.ts';
import type { Job } from '../turns.ts';

export interface StoredObject extends CarriedObject {
  /** Its bytes in order, some at a time; zeros where they are missing inside. */
  parts(): Iterable<Uint8Array>;
}

export interface ObjectSearch {
  readonly capture: Capture;
  readonly dissector: Dissector;
  readonly job: Job;
}

/** Looks through a capture for the files of one protocol: only at the packets that have it. */
export interface ObjectFinder {
  readonly kind: ObjectKind;
  find(search: ObjectSearch): Promise<readonly StoredObject[]>;
}

/** Files of a capture at most: past them hostile captures would fill the memory. */
export const MAX_OBJECTS = 100_000;
