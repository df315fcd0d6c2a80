import { describe, expect, it } from 'vitest';
import type { HostClient } from '../../../../engine/contract/api.ts';
import {
  fittingValues,
  makeValueLists,
  type OfferedValues,
} from '../../../../renderer/views/filter-bar/value-options.ts';

const ANSWER: OfferedValues = {
  values: [
    { text: '1', name: 'A', count: 17 },
    { text: '28', name: 'AAAA', count: 4 },
    { text: '"www.example.com"', name: '', count: 2 },
  ],
  looked: 23,
  candidates: 23,
};

function client(): {
  readonly client: HostClient;
  readonly asked: { field: string; signal: AbortSignal | undefined }[];
} {
  const asked: { field: string; signal: AbortSignal | undefined }[] = [];
  const request = (
    _method: string,
    input: { field: string },
    options?: { signal?: AbortSignal },
  ): Promise<OfferedValues> => {
    asked.push({ field: input.field, signal: options?.signal });
    return Promise.resolve(ANSWER);
  };
  return { client: { request, on: () => () => undefined } as unknown as HostClient, asked };
}

describe('values for completion', () => {
  it('are asked for once, until the capture changes', async () => {
    const host = client();
    const lists = makeValueLists(host.client);
    await lists.of('dns.qry.type', 1, '0');
    await lists.of('dns.qry.type', 1, '0');
    expect(host.asked).toHaveLength(1);
    await lists.of('dns.qry.type', 1, '1');
    expect(host.asked).toHaveLength(2);
  });

  it('of a field that nobody waits for any more are cancelled', async () => {
    const host = client();
    const lists = makeValueLists(host.client);
    const first = lists.of('dns.qry.type', 1, '0');
    await Promise.all([first, lists.of('dns.qry.name', 1, '0')]);
    expect(host.asked[0]?.signal?.aborted).toBe(true);
    expect(host.asked[1]?.signal?.aborted).toBe(false);
  });

  it('are nothing where the host fails', async () => {
    const failing = {
      request: () => Promise.reject(new Error('gone')),
      on: () => () => undefined,
    } as unknown as HostClient;
    expect(await makeValueLists(failing).of('dns.qry.type', 1, '0')).toBeNull();
  });

  it('fit by text and by name', () => {
    const texts = (typed: string): string[] => fittingValues(ANSWER.values, typed).map(({ text }) => text);
    expect(texts('')).toHaveLength(3);
    expect(texts('aaa')).toEqual(['28']);
    expect(texts('"www')).toEqual(['"www.example.com"']);
    expect(texts('9')).toEqual([]);
  });
});
