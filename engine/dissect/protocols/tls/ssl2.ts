/** SSL 2.0 (the draft of 1995; its Client Hello in RFC 5246 appendix E.2): records without types, hellos in clear. */

import type { TreeBuilder } from '../../tree.ts';
import { SSL2_HEADER } from './framing.ts';
import { SSL2_TYPES, VERSION, versionName } from './names.ts';
import { say } from './say.ts';
import type { State } from './state.ts';

/** Records of SSL 2.0: two or three bytes of length, then a message, encrypted after the handshake. */
export function ssl2(t: TreeBuilder, state: State, index: number): State {
  const { at } = t;
  const isShort = (t.u8(at) & 0x80) !== 0;
  const header = isShort ? SSL2_HEADER : SSL2_HEADER + 1;
  const length = isShort ? t.u16(at) & 0x7fff : t.u16(at) & 0x3fff;
  const body = at + header;
  const type = t.u8(body);
  const isHello = type === 1 || type === 4;
  const name =
    isHello ||
    (!state.sides[t.packet.direction].isEncrypted && SSL2_TYPES[type] !== undefined && state.connection.suite < 0)
      ? SSL2_TYPES[type]
      : 'Encrypted Data';
  t.nest(t.put('record', new Uint8Array(0), at, header + length, `SSLv2 Record Layer: ${name}`));
  t.put('record.length', length, at, header);
  say(t, index === 0, name);
  t.column('SSLv2');
  let { version } = state.connection;
  if (type === 1) {
    ssl2ClientHello(t, body);
  } else if (type === 4) {
    version = VERSION.ssl2;
    t.put('handshake.type', type, body, 1, `Handshake Message Type: ${name} (${type})`);
    t.put('handshake.session_id_hit', t.u8(body + 1), body + 1, 1);
    t.put(
      'handshake.version',
      t.u16(body + 3),
      body + 3,
      2,
      `Version: ${versionName(t.u16(body + 3)) ?? ''} (0x${t
        .u16(body + 3)
        .toString(16)
        .padStart(4, '0')})`,
    );
  }
  t.close();
  return { ...state, connection: { ...state.connection, version } };
}

function ssl2ClientHello(t: TreeBuilder, at: number): void {
  t.put('handshake.type', 1, at, 1);
  t.add('handshake.version', at + 1);
  const specs = t.u16(at + 3);
  const id = t.u16(at + 5);
  const challenge = t.u16(at + 7);
  t.add('handshake.cipher_spec_len', at + 3);
  t.put('handshake.session_id_length', id, at + 5, 2);
  t.add('handshake.challenge_length', at + 7);
  let next = at + 9;
  t.nest(t.text(`Cipher Specs (${Math.floor(specs / 3)} specs)`, next, specs));
  for (let i = 0; i + 3 <= specs; i += 3) t.add('handshake.cipherspec', next + i);
  t.close();
  next += specs;
  if (id > 0) t.add('handshake.session_id', next, id);
  next += id;
  if (challenge > 0) t.put('handshake.challenge', t.slice(next, challenge), next, challenge);
}
