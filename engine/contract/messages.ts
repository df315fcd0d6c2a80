/** What travels over a transport: calls and their ends one way and the other, and events. Client and server share it. */

export type ClientMessage =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export type ServerMessage =
  | { readonly kind: 'result'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'event'; readonly name: string; readonly value: unknown };

/** A failure as it crosses the boundary: no stack, no class. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The message, or undefined where it is none: the other side may send anything. */
export function asClientMessage(message: unknown): ClientMessage | undefined {
  if (!isObject(message) || !isId(message.id)) return undefined;
  if (message.kind === 'cancel') return { kind: 'cancel', id: message.id };
  if (message.kind !== 'call' || typeof message.method !== 'string') return undefined;
  return { kind: 'call', id: message.id, method: message.method, input: message.input };
}

/** The message, or undefined where it is none. */
export function asServerMessage(message: unknown): ServerMessage | undefined {
  if (!isObject(message)) return undefined;
  if (message.kind === 'event') {
    return typeof message.name === 'string' ? { kind: 'event', name: message.name, value: message.value } : undefined;
  }
  if (!isId(message.id)) return undefined;
  if (message.kind === 'result') return { kind: 'result', id: message.id, output: message.output };
  if (message.kind !== 'error' || !isObject(message.error)) return undefined;
  const { code, message: text, detail } = message.error;
  if (typeof code !== 'string' || typeof text !== 'string') return undefined;
  return { kind: 'error', id: message.id, error: { code, message: text, detail } };
}
