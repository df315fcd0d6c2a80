/** Messages of WebSocket connections, whole or with holes. */

import { flowEnds } from '../panels/flow-ends.ts';
import { pushesOf, webSocketFlows } from '../websocket-pushes.ts';
import { MAX_OBJECTS, type ObjectFinder, type StoredObject } from './object.ts';

export const webSocketObjects: ObjectFinder = {
  kind: 'websocket',
  async find({ capture, dissector, job }) {
    const found: StoredObject[] = [];
    for (const flow of webSocketFlows(capture)) {
      const { server } = flowEnds(capture.pass, flow);
      for (const push of await pushesOf(capture, dissector, flow, job)) {
        if (found.length >= MAX_OBJECTS) return found;
        found.push({
          kind: 'websocket',
          row: push.lastRow,
          host: server,
          type: typeOf(push),
          name: '',
          size: push.size - push.missing,
          whole: push.size,
          missing: push.missing,
          parts: () => push.parts(),
        });
      }
    }
    return found;
  },
};

/** Compressed messages are saved as they were sent. */
function typeOf({ isText, isCompressed }: { readonly isText: boolean; readonly isCompressed: boolean }): string {
  if (isCompressed) return 'application/octet-stream; permessage-deflate';
  return isText ? 'text/plain' : 'application/octet-stream';
}
