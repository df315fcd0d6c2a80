/** What the desktop window's own dialogs say, in English. */

export const desktopEn = {
  'desktop.open': 'Open captures',
  'desktop.save': 'Export packets',
  'desktop.captures': 'Captures',
  'desktop.allFiles': 'All files',
  'desktop.hostGone': 'The part of Nagare that reads captures has stopped.',
  'desktop.hostGoneDetail': 'Open captures are closed; their files are untouched. (Code {code})',
  'desktop.pageGone': 'The window’s page has stopped.',
  'desktop.pageGoneDetail': 'Reason: {reason}',
  'desktop.restart': 'Start it again',
  'desktop.quit': 'Quit Nagare',
} as const;
