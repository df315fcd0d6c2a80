/** Live capture: what is missing for it, what went wrong, and what the command line says, in English. */

export const captureEn = {
  'captureNeed.not-offered': 'Live capture is not offered here: start it with "nagare serve --capture".',
} as const;
