/** The capture helper's JSON lines (native/README.md), checked: what is not as described there is left alone. */

import * as v from 'valibot';

const number = v.nullable(v.number());
const text = v.nullable(v.string());
const problem = v.object({ code: v.string(), message: v.string() });

const line = v.variant('event', [
  v.object({
    event: v.literal('interfaces'),
    library: v.string(),
    interfaces: v.array(
      v.object({
        name: v.string(),
        friendlyName: text,
        description: text,
        addresses: v.array(v.object({ address: v.string(), prefix: number })),
        linkTypes: v.array(v.object({ name: v.string() })),
        up: v.boolean(),
        loopback: v.boolean(),
        wireless: v.boolean(),
        error: v.nullable(problem),
      }),
    ),
  }),
  v.object({
    event: v.literal('interface-counts'),
    timeMs: v.number(),
    interfaces: v.array(
      v.object({
        name: v.string(),
        receivedPackets: v.number(),
        receivedBytes: v.number(),
        sentPackets: v.number(),
        sentBytes: v.number(),
      }),
    ),
  }),
  v.object({
    event: v.literal('filter'),
    ok: v.boolean(),
    message: v.optional(v.string()),
    at: v.optional(number),
  }),
  v.object({ event: v.literal('started') }),
  v.object({
    event: v.literal('file'),
    action: v.picklist(['opened', 'closed', 'removed']),
    path: v.string(),
  }),
  v.object({
    event: v.picklist(['counts', 'stopped']),
    captured: v.number(),
    received: number,
    droppedByKernel: number,
    droppedByInterface: number,
    bytes: v.number(),
  }),
  v.object({ event: v.literal('warning'), code: v.string(), message: v.string(), interface: v.optional(text) }),
  v.object({
    event: v.literal('error'),
    code: v.string(),
    message: v.string(),
    fatal: v.optional(v.boolean()),
    interface: v.optional(text),
    path: v.optional(text),
    at: v.optional(number),
  }),
]);

export type HelperLine = v.InferOutput<typeof line>;

/** null: not one of its lines. */
export function parseHelperLine(text: string): HelperLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const checked = v.safeParse(line, value);
  return checked.success ? checked.output : null;
}
