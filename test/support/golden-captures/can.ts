/** Golden captures of the CAN bus: data frames, what the bus says of errors. */

import { type BytesLike, join, u8, u32, zeros } from '../build-bytes.ts';
import { frames, type GoldenGroup } from './capture.ts';

const LINK_TYPE = 227;
const EXTENDED = 0x80000000;
const REMOTE = 0x40000000;
const ERROR = 0x20000000;

function can(id: number, bytes: BytesLike): Uint8Array {
  const data = join(bytes);
  return join(u32(id), u8(data.length), zeros(3), data);
}

export const canGroup: GoldenGroup = {
  name: 'can',
  captures: {
    frames: frames(
      LINK_TYPE,
      can(0x123, [1, 2, 3, 4]),
      can(EXTENDED + 0x1fffff, [1, 2, 3, 4, 5, 6, 7, 8]),
      can(REMOTE + 5, []),
      join(can(0x7ff, [9]), zeros(7)),
    ),
    errors: frames(
      LINK_TYPE,
      can(ERROR + 0x002, [7, 0, 0, 0, 0, 0, 0, 0]),
      can(ERROR + 0x004, [0, 0x14, 0, 0, 0, 0, 0, 0]),
      can(ERROR + 0x008, [0, 0, 0x85, 8, 0, 0, 0, 0]),
      can(ERROR + 0x050, [0, 0, 0, 0, 0x47, 1, 2, 3]),
      can(ERROR + 0x008, [0, 0, 1]),
    ),
  },
};
