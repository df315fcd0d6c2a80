/** Segments of which the capture kept only the start: what is missing cannot be put together, and is not waited for. */

import { expect, it } from 'vitest';
import { protocolNamed } from '../../../../engine/dissect/registry.ts';
import { SEGMENT, StreamFraming } from '../../../../engine/dissect/stream-framing.ts';
import { FlowStates } from '../../../../engine/table/flow-states.ts';
import { utf8 } from '../../../support/build-bytes.ts';
import { sampleText } from '../../../support/build-http.ts';

const HTTP = protocolNamed('http').index;
const DATA = protocolNamed('data').index;
const LINES = protocolNamed('data-text-lines').index;
const WIRE = 1400;

it('a message ends with the segment that was cut, and the next segment stands alone', () => {
  const states = new FlowStates();
  states.add();
  const framing = new StreamFraming(states);
  const take = (row: number, kept: Uint8Array): { readonly result: number; readonly layers: number[] } => {
    const seq = 1000 + row * WIRE;
    const result = framing.segment(0, 1, row, HTTP, seq, kept, 0, kept.length, WIRE, false);
    return { result, layers: [...framing.layers.items.slice(0, framing.layers.count)] };
  };
  const header = utf8('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html>');
  expect(take(0, header)).toEqual({ result: SEGMENT.complete, layers: [HTTP, LINES] });
  expect(take(1, utf8(sampleText(60)))).toEqual({ result: SEGMENT.complete, layers: [HTTP, DATA] });
  expect(take(2, header.slice(0, 30))).toEqual({ result: SEGMENT.complete, layers: [HTTP] });
});
