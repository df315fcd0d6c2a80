/** Live capture where it is not offered: by a session's worker, and by hosts that were not started for it. */

import { NagareError } from '../../base/errors.ts';
import type { HostMethods } from '../../contract/api.ts';
import type { CaptureAbility, captureMethods } from '../../contract/capture.ts';

export type CaptureAnswers = Pick<HostMethods, keyof typeof captureMethods>;

const NOTHING: CaptureAbility = {
  tool: 'none',
  version: '',
  isExact: false,
  needs: [{ key: 'not-offered', params: {} }],
  interfaces: [],
  folder: '',
  freeBytes: 0,
};

function refuse(): never {
  throw new NagareError('not-allowed', 'Live capture is not offered here.', {
    key: 'captureNeed.not-offered',
    params: {},
  });
}

export const captureRefused: CaptureAnswers = {
  'capture.interfaces': () => NOTHING,
  'capture.watch': refuse,
  'capture.checkFilter': refuse,
  'capture.start': refuse,
  'capture.stop': refuse,
  'capture.restart': refuse,
  'capture.save': refuse,
  'capture.left': () => [],
  'capture.discard': refuse,
};
