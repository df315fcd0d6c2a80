/** Armagetron Advanced: messages with descriptor, number and length in words, and who sent the datagram at its end. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';

const ACK = 1;
const HEADER = 6;
const SENDER = 2;
const DESCRIPTOR_IDS: Readonly<Record<number, string>> = {
  1: 'ack',
  2: 'req_info',
  3: 'login_deny',
  4: 'login_ignore',
  5: 'login_accept',
  6: 'login1',
  7: 'logout',
  8: 'sn_ConsoleOut',
  9: 'client_cen',
  10: 'version',
  11: 'login2',
  20: 'req_id',
  21: 'id_req_handler',
  22: 'net_destroy',
  23: 'net_control',
  24: 'net_sync',
  25: 'ready to get objects',
  26: 'net_clear',
  27: 'sync_ack',
  28: 'sync_msg',
  40: 'password_request',
  41: 'password_answer',
  50: 'small_server',
  51: 'big_server',
  52: 'small_request',
  53: 'big_request',
  54: 'big_server_master',
  55: 'big_request_master',
  60: 'transfer config',
  200: 'Chat',
  201: 'ePlayerNetID',
  202: 'player_removed_from_game',
  203: 'Chat Client',
  210: 'eTimer',
  220: 'eTeam',
  230: 'vote cast',
  231: 'Kick vote',
  232: 'Server controlled vote',
  233: 'Server controlled vote expired',
  300: 'gNetPlayerWall',
  310: 'game',
  311: 'client_gamestate',
  320: 'cycle',
  321: 'destination',
  330: 'gAIPlayer',
  331: 'gAITeam',
  340: 'zone',
};

/** Messages fill the datagram up to the sender's number. */
function fits(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (end - at >= HEADER + SENDER) at += HEADER + 2 * u16(bytes, at + 4);
  return at === end - SENDER && at > from;
}

export const armagetronad = defineProtocol({
  name: 'armagetronad',
  title: 'The Armagetron Advanced OpenGL Tron clone',
  short: 'Armagetronad',
  on: { 'udp.port': [4533, 4534] },
  fields: {
    descriptor_id: { type: 'u16', label: 'Descriptor', names: DESCRIPTOR_IDS, many: true },
    message_id: { type: 'u16', label: 'MessageID', show: 'hex', many: true },
    data_len: { type: 'u16', label: 'DataLen', many: true },
    data: { type: 'bytes', label: 'Data', many: true },
    sender_id: { type: 'u16', label: 'SenderID', show: 'hex' },
  },
  accepts: fits,
  tree(t) {
    t.info('');
    const said: string[] = [];
    let at = t.at;
    while (t.end - at >= HEADER + SENDER) {
      const descriptor = t.u16(at);
      const length = 2 * t.u16(at + 4);
      const name = t.nameOf('descriptor_id', descriptor) ?? 'Unknown';
      if (descriptor !== ACK || !said.includes('ack')) said.push(name);
      t.nest(
        t.text(
          `Message 0x${t
            .u16(at + 2)
            .toString(16)
            .padStart(4, '0')} [${name}]`,
          at,
          HEADER + length,
        ),
      );
      t.add('descriptor_id', at);
      t.add('message_id', at + 2);
      t.add('data_len', at + 4);
      if (length > 0) t.add('data', at + HEADER, length);
      t.close();
      at += HEADER + length;
    }
    const sender = t.u16(at);
    t.add('sender_id', at);
    t.info(`[${said.join(' ')}] from 0x${sender.toString(16).padStart(4, '0')}`);
  },
});
