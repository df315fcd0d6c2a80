/** Multipath TCP as a layer of its own: TCP lists it once for each of the options, and describes the option itself. */

import { defineProtocol } from '../protocol.ts';

export const mptcp = defineProtocol({
  name: 'mptcp',
  title: 'Multipath Transmission Control Protocol',
  on: { 'tcp.option': [30] },
  fields: {},
});
