/**
 * The few globals that Node, its workers and browsers all have (WHATWG Encoding, DOM abort signals).
 * The engine compiles without Node's and the DOM's own types, so what it may use of them stands here.
 */

/** Bytes to text: WHATWG Encoding. UTF-8 is always there; other labels need a full-ICU build, as Node's own is. */
declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  readonly encoding: string;
  decode(input?: ArrayBufferView | ArrayBufferLike, options?: { readonly stream?: boolean }): string;
}

/** Text to UTF-8 bytes: WHATWG Encoding. */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, target: Uint8Array): { readonly read: number; readonly written: number };
}

/** Told when a job is no longer wanted: WHATWG DOM 3.2. */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Ends a job: WHATWG DOM 3.1. */
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/** A deep copy of plain values and typed arrays; throws for what cannot be copied: HTML 2.7.10. */
declare function structuredClone<T>(value: T): T;

declare function queueMicrotask(callback: () => void): void;
