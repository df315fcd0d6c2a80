/** A short conversation of a service, and what its packets say. */

import type { Side } from './build-tcp.ts';

export type Message = readonly [Side, Uint8Array];

export interface Conversation {
  readonly name: string;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  /** The layer that it is about. */
  readonly layer: string;
  readonly messages: readonly Message[];
  /** Its messages may come in any pieces. */
  readonly framed: boolean;
  /** `layers above the transport | Protocol | Info`, as tshark 4.0 has them unless a comment says otherwise. */
  readonly says: readonly string[];
}
