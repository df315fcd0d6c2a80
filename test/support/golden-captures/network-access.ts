/** Golden captures of signing on to a network: EAP in 802.1X frames. Documentation addresses and names only. */

import { type BytesLike, join, latin1, u8, u16, u24, u32, utf8, zeros } from '../build-bytes.ts';
import { ethernet } from '../build-link.ts';
import type { Layer } from '../build-packet.ts';
import { ethernetFrames, type GoldenGroup, MAC } from './capture.ts';

const EAPOL = 0x888e;
const CODE = { request: 1, response: 2, success: 3, failure: 4 } as const;

/** `method`: its type and its bytes; success and failure have none. */
function eap(code: number, id: number, ...method: readonly BytesLike[]): Layer {
  const body = join(...method);
  const message = join(u8(code), u8(id), u16(4 + body.length), body);
  const frame = join(u8(2), u8(0), u16(message.length), message);
  const isRequest = code !== CODE.response;
  return ethernet(
    { src: isRequest ? MAC.gateway : MAC.host, dst: isRequest ? MAC.host : MAC.gateway, type: EAPOL },
    frame,
  );
}

/** An alert of TLS 1.2: a record that is whole. */
const alert = join(u8(21), u16(0x0303), u16(2), u8(2), u8(48));
/** The beginning of a handshake record that is longer than a packet. */
const firstPiece = join(u8(22), u16(0x0303), u16(900), u8(11), u24(896), zeros(40));

export const networkAccessGroup: GoldenGroup = {
  name: 'network-access',
  captures: {
    'eap-methods': ethernetFrames(
      eap(CODE.request, 1, u8(1)),
      eap(CODE.response, 1, u8(1), utf8('user@example.com')),
      eap(CODE.request, 2, u8(2), utf8('Password expires soon')),
      eap(CODE.request, 3, u8(4), u8(16), zeros(16), latin1('radius.example.com')),
      eap(CODE.response, 3, u8(3), u8(25), u8(13)),
      eap(CODE.request, 4, u8(25), u8(0x21)),
      eap(CODE.request, 5, u8(26), u8(1), u8(5), u16(9), u8(4), zeros(4)),
      eap(CODE.response, 5, u8(26), u8(3)),
      eap(CODE.request, 6, u8(254), u24(311), u32(1), zeros(3)),
      eap(CODE.success, 7),
      eap(CODE.failure, 8),
    ),
    'eap-tls': ethernetFrames(
      eap(CODE.request, 1, u8(13), u8(0x20)),
      eap(CODE.request, 2, u8(13), u8(0xc0), u32(905), firstPiece),
      eap(CODE.response, 2, u8(13), u8(0)),
      eap(CODE.request, 3, u8(13), u8(0), zeros(60)),
      eap(CODE.response, 3, u8(13), u8(0x80), u32(alert.length), alert),
      eap(CODE.response, 4, u8(55), u8(0x91), u32(alert.length), u32(0), alert),
    ),
    'eap-malformed': ethernetFrames(
      eap(CODE.request, 1, u8(4), u8(200), zeros(3)),
      eap(CODE.request, 2, u8(13), u8(0x80), u8(0)),
      eap(CODE.request, 3, u8(254), u8(0)),
      eap(CODE.request, 4, u8(26), u8(1), u8(5), u8(0), u8(9)),
    ),
  },
};
