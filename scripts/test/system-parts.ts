/** The parts of a system that tests need and npm cannot bring: how each is found, and how it is installed where. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findBrowser } from '../../test/support/browser.ts';

export interface SystemPart {
  readonly name: string;
  readonly isThere: () => boolean;
  /** Packages of Debian and Ubuntu; none where apt has nothing that can be used. */
  readonly apt: (system: string) => readonly string[];
  readonly brew: string;
  readonly winget: string;
}

const same =
  (...packages: string[]) =>
  () =>
    packages;

export const SYSTEM_PARTS: readonly SystemPart[] = [
  {
    name: 'a browser (Chrome, Edge or Chromium)',
    isThere: () => findBrowser() !== null,
    // Ubuntu's chromium package is a stub that installs a snap; Playwright's own is fetched there instead.
    apt: (system) => (system === 'ubuntu' ? [] : ['chromium']),
    brew: 'brew install --cask google-chrome',
    winget: 'winget install Google.Chrome',
  },
  {
    name: 'tshark',
    isThere: () => hasProgram('tshark', ['/Applications/Wireshark.app/Contents/MacOS', programFiles('Wireshark')]),
    apt: same('tshark'),
    brew: 'brew install wireshark',
    winget: 'winget install WiresharkFoundation.Wireshark',
  },
  {
    name: 'tcpdump',
    // Windows has none: what needs it there is skipped.
    isThere: () => process.platform === 'win32' || hasProgram('tcpdump', ['/usr/sbin', '/sbin']),
    apt: same('tcpdump'),
    brew: 'brew install tcpdump',
    winget: '',
  },
  {
    name: 'libpcap (on Windows: Npcap)',
    isThere: hasLibpcap,
    apt: same('libpcap0.8'),
    brew: 'brew install libpcap',
    winget: 'install Npcap from https://npcap.com',
  },
  {
    name: 'ip (iproute2)',
    // Networks for live capture are made on Linux only.
    isThere: () => process.platform !== 'linux' || hasProgram('ip', ['/usr/sbin', '/sbin']),
    apt: same('iproute2'),
    brew: '',
    winget: '',
  },
  ...['iptables', 'iperf3'].map(
    (name): SystemPart => ({
      name,
      // For those networks: packets that are lost or translated, and somebody else's count of them.
      isThere: () => process.platform !== 'linux' || hasProgram(name, ['/usr/sbin', '/sbin']),
      apt: same(name),
      brew: '',
      winget: '',
    }),
  ),
  {
    name: 'a C compiler',
    isThere: hasCompiler,
    apt: same('gcc', 'libc6-dev'),
    brew: 'xcode-select --install',
    winget: 'winget install BrechtSanders.WinLibs.POSIX.UCRT',
  },
  {
    name: 'a Japanese font',
    isThere: hasJapaneseFont,
    apt: same('fonts-noto-cjk'),
    brew: '',
    winget: '',
  },
];

/** The `ID` of /etc/os-release, or the platform where there is none. */
export function systemName(): string {
  const file = '/etc/os-release';
  if (!existsSync(file)) return process.platform;
  return /^ID="?([a-z0-9._-]+)"?$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? process.platform;
}

function programFiles(folder: string): string {
  return join(process.env['ProgramFiles'] ?? 'C:\\Program Files', folder);
}

function hasProgram(name: string, moreFolders: readonly string[] = []): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...moreFolders].filter((folder) => folder !== '');
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return folders.some((folder) => {
    try {
      accessSync(join(folder, file), constants.X_OK);
      return true;
    } catch {
      return false; // not in this folder
    }
  });
}

function hasLibpcap(): boolean {
  if (process.platform === 'darwin') return true; // part of the system
  if (process.platform === 'win32')
    return existsSync(join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32/Npcap/wpcap.dll'));
  const isLibrary = (name: string) => name === 'libpcap.so.0.8' || name === 'libpcap.so.1';
  return ['/usr/lib', '/usr/lib64', '/lib', '/usr/local/lib'].filter(existsSync).some((folder) =>
    readdirSync(folder, { withFileTypes: true }).some(
      // Debian keeps libraries in a folder named after the machine, one level down.
      (entry) =>
        isLibrary(entry.name) ||
        (entry.isDirectory() && /-linux-/.test(entry.name) && readdirSync(join(folder, entry.name)).some(isLibrary)),
    ),
  );
}

function hasCompiler(): boolean {
  const names = process.platform === 'win32' ? ['gcc', 'cl', 'clang'] : ['cc', 'gcc', 'clang'];
  if (!names.some((name) => hasProgram(name))) return false;
  return process.platform !== 'linux' || existsSync('/usr/include/stdio.h');
}

function hasJapaneseFont(): boolean {
  if (process.platform === 'win32' || process.platform === 'darwin') return true; // part of the system
  const isFont = (name: string) =>
    /(CJK|ipag|ipam|takao|vl-?gothic|sazanami|mplus)/i.test(name) && /\.(ttc|otf|ttf)$/i.test(name);
  return ['/usr/share/fonts', '/usr/local/share/fonts']
    .filter(existsSync)
    .some((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(isFont));
}
