/** Live capture: what is missing for it, what went wrong, and what the command line says, in Japanese. */

import type { captureEn } from '../en/capture.ts';
import type { Translation } from '../message.ts';

export const captureJa: Translation<typeof captureEn> = {
  'captureNeed.not-offered': 'ここではライブキャプチャを使えません。"nagare serve --capture" で起動してください。',
};
