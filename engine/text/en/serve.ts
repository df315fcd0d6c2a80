/** What `nagare serve` and `nagare open` say in the terminal, and the browser's plain answers, in English. */

export const serveEn = {
  'serve.at': 'Nagare is at {url}',
  'serve.once': 'The address works once, within a minute, in one browser.',
  'serve.enter': 'Press Enter for a new address, Ctrl+C to end.',
  'serve.end': 'Press Ctrl+C to end.',
  'serve.folders': 'Files can be opened below {folders}.',
  'serve.ssh':
    'This machine has no display. Run this line on your own machine, and open the address in a browser there:',
  'serve.wrongHost': 'Nagare answers at 127.0.0.1 and localhost, at its own port and to its own page only.',
  'serve.noCookie': 'Open the address that nagare serve has printed in its terminal; press Enter there for a new one.',
  'serve.codeUsed':
    'This address has been used or is older than a minute. Press Enter in the terminal of nagare serve for a new one.',
  'serve.noDownload': 'This download is gone: each can be fetched once.',

  'serve.noFile': '{path} does not exist.',
  'serve.badPort': 'A port is a number from 1 to 65535 (or 0: any), not {port}.',
  'serve.badSize': 'A size is a number with K, M, G or T behind it (4G), not {size}.',
  'serve.noPage': 'The window is not built: run npm run build.',

  'start.opening': 'Opening Nagare…',
  'start.noElectron': 'Electron is not installed here ({reason}); opening the same window in a browser.',
  'start.noElectronPackage': 'its package is missing',
  'start.fetching': 'Fetching Electron {version}, once…',
  'start.fetchSilent': 'fetching it gave nothing for {seconds} seconds',
  'start.fetchFailed': 'fetching it failed: {reason}',
  'start.fetchedToday': 'fetching it failed less than a day ago; nagare open --fetch tries again',
  'start.electronFailed': 'Electron ended with code {code}; opening the same window in a browser.',
  'start.noBrowser': 'No browser could be started; open the address in one.',

  'cli.open.summary': 'Open captures in a window; without a file, the sample at the first start',
  'cli.open.browser': 'in a browser, also where Electron is installed',
  'cli.open.fetch': 'fetch Electron, although that failed less than a day ago',
  'cli.open.note':
    'Where Electron is not installed, the same window opens in a browser. Files may be opened below your home folder,\nthe current folder and the folders of the files named.',
  'cli.serve.summary': 'Serve the window to a browser, on this machine’s loopback address',
  'cli.serve.port': 'the port; any that is free without it',
  'cli.serve.root': 'a folder that files may be opened from',
  'cli.serve.upload-limit': 'largest file that may be dropped into the window (4G)',
  'cli.serve.capture': 'offer live capture: whoever has the address can capture what this machine sees',
  'cli.serve.no-open': 'print the address only, open no browser',
  'cli.serve.note':
    'Files may be opened below the folders of the files named and below each --root; where neither is given, below the\ncurrent folder. To look at it from another machine, use the ssh line that is printed there.',
} as const;
