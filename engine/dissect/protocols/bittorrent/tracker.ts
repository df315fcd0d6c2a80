/** BitTorrent trackers over UDP (BEP 15): connect, announce, scrape. Found by the connect request's magic number. */

import { u32 } from '../../../base/bytes.ts';
import { announceTracker } from '../../announcing/peers.ts';
import { defineProtocol } from '../../protocol.ts';
import { isFromServer } from '../../text-lines.ts';
import type { TreeBuilder } from '../../tree.ts';

const MAGIC = [0x417, 0x27101980] as const;
const ACTION = { connect: 0, announce: 1, scrape: 2, error: 3 } as const;
const ACTIONS: Readonly<Record<number, string>> = { 0: 'Connect', 1: 'Announce', 2: 'Scrape', 3: 'Error' };
const EVENTS: Readonly<Record<number, string>> = { 0: 'None', 1: 'Completed', 2: 'Started', 3: 'Stopped' };
const HASH = 20;

export const btTracker = defineProtocol({
  name: 'bt-tracker',
  title: 'BitTorrent Tracker',
  short: 'BT-Tracker',
  header: 8,
  announces: announceTracker,
  fields: {
    protocol_id: { type: 'u64', label: 'Protocol ID', show: 'hex' },
    connection_id: { type: 'u64', label: 'Connection ID', show: 'hex' },
    action: { type: 'u32', label: 'Action', names: ACTIONS },
    transaction_id: { type: 'u32', label: 'Transaction ID', show: 'hex' },
    info_hash: { type: 'bytes', label: 'Info Hash', length: HASH, many: true },
    peer_id: { type: 'bytes', label: 'Peer ID', length: HASH },
    downloaded: { type: 'u64', label: 'Downloaded' },
    left: { type: 'u64', label: 'Left' },
    uploaded: { type: 'u64', label: 'Uploaded' },
    event: { type: 'u32', label: 'Event', names: EVENTS },
    ip_address: { type: 'ipv4', label: 'IP Address' },
    key: { type: 'u32', label: 'Key', show: 'hex' },
    num_want: { type: 'i32', label: 'Number of Wanted Peers' },
    port: { type: 'u16', label: 'Port' },
    interval: { type: 'u32', label: 'Interval' },
    leechers: { type: 'u32', label: 'Leechers', many: true },
    seeders: { type: 'u32', label: 'Seeders', many: true },
    completed: { type: 'u32', label: 'Completed', many: true },
    'tr.ip': { type: 'ipv4', label: 'IP Address', many: true },
    'tr.port': { type: 'u16', label: 'Port', many: true },
    error_msg: { type: 'string', label: 'Error Message' },
  },
  recogniseOn: ['udp'],
  recognise: (bytes, at, end) =>
    end - at >= 16 &&
    u32(bytes, at) === MAGIC[0] &&
    u32(bytes, at + 4) === MAGIC[1] &&
    u32(bytes, at + 8) === ACTION.connect,
  tree(t) {
    if (isRequest(t)) request(t);
    else response(t);
  },
});

/** The first side to speak asks; its messages have the action behind a connection id. */
function isRequest(t: TreeBuilder): boolean {
  return !isFromServer(t, []) && t.has(t.at, 16);
}

function request(t: TreeBuilder): void {
  const { at } = t;
  const action = t.u32(at + 8);
  t.add(action === ACTION.connect ? 'protocol_id' : 'connection_id', at);
  t.add('action', at + 8);
  t.add('transaction_id', at + 12);
  t.info(`${ACTIONS[action] ?? 'Unknown'} Request`);
  if (action === ACTION.announce) {
    t.add('info_hash', at + 16);
    t.add('peer_id', at + 36);
    t.add('downloaded', at + 56);
    t.add('left', at + 64);
    t.add('uploaded', at + 72);
    t.add('event', at + 80);
    t.add('ip_address', at + 84);
    t.add('key', at + 88);
    t.add('num_want', at + 92);
    t.add('port', at + 96);
  } else if (action === ACTION.scrape) {
    for (let from = at + 16; from + HASH <= t.end; from += HASH) t.add('info_hash', from);
  }
}

function response(t: TreeBuilder): void {
  const { at } = t;
  const action = t.u32(at);
  t.add('action', at);
  t.add('transaction_id', at + 4);
  t.info(`${ACTIONS[action] ?? 'Unknown'} Response`);
  if (action === ACTION.connect) t.add('connection_id', at + 8);
  else if (action === ACTION.announce) {
    t.add('interval', at + 8);
    t.add('leechers', at + 12);
    t.add('seeders', at + 16);
    for (let from = at + 20; from + 6 <= t.end; from += 6) {
      t.add('tr.ip', from);
      t.add('tr.port', from + 4);
    }
  } else if (action === ACTION.scrape) {
    for (let from = at + 8; from + 12 <= t.end; from += 12) {
      t.add('seeders', from);
      t.add('completed', from + 4);
      t.add('leechers', from + 8);
    }
  } else if (action === ACTION.error && t.end > at + 8) {
    t.add('error_msg', at + 8, t.end - at - 8);
  }
}
