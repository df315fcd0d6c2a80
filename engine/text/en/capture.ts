/** Live capture: what is missing for it, and what went wrong, in English. */

export const captureEn = {
  'captureNeed.not-offered': 'Live capture is not offered here: start it with "nagare serve --capture".',
  'captureNeed.no-tool':
    'Nothing that captures was found. Run "npm run build" where a C compiler is installed, or install tcpdump or Wireshark.',
  'captureNeed.libpcap-missing':
    'The library libpcap is missing. Install it: "apt install libpcap0.8" on Debian and Ubuntu, "dnf install libpcap" on Fedora and RHEL.',
  'captureNeed.npcap-missing':
    'Npcap is not installed. Get it from npcap.com; its free licence covers five computers and does not allow passing it on. Without it, Windows’ own packet capture is used.',
  'captureNeed.permission-linux':
    'The right to capture is missing ({reason}). "nagare setup-capture" shows what to do; the window itself is never run as root.',
  'captureNeed.permission-macos':
    'The right to read the BPF devices is missing ({reason}). "nagare setup-capture" shows what to do.',
  'captureNeed.permission-windows':
    'The right to capture is missing ({reason}). Npcap was installed for administrators only: install it again without that option.',
  'captureNeed.helper-missing':
    '{tool} captures here. Nagare’s own helper is not built: with it, drops are counted while capturing.',
  'captureNeed.not-exact':
    '{tool} captures here: times are taken outside the kernel, and packets that were dropped are not counted. Nagare’s own helper or tcpdump is better.',
  'captureNeed.not-live': '{tool} captures here: packets are shown when the capture has ended.',
  'captureNeed.no-device': 'There is no interface {interface} ({reason}).',
  'captureNeed.interface-down': '{interface} is down ({reason}).',
  'captureNeed.filter': 'The capture filter is wrong: {reason}',
  'captureNeed.option-unsupported': '{interface} cannot do what was asked: {reason}',
  'captureNeed.one-interface': 'This tool captures on one interface at a time; {interface} are several.',
  'captureNeed.no-ring': 'This tool knows no ring of files, so that the last minutes alone cannot be kept.',
  'captureNeed.write-failed': '{path} cannot be written: {reason}',
  'captureNeed.disk-full': 'The disk is full. The capture has ended; {path} is whole up to its last packet.',
  'captureNeed.device-gone': '{interface} has gone or was shut down. What was captured until then is whole.',
  'captureNeed.tool-ended': 'The capture tool ended unexpectedly ({reason}). What it had written is there.',
  'captureNeed.warning': '{interface}: {reason}',
  'captureNeed.failed': 'Capturing failed: {reason}',
  'captureNeed.save-failed': 'The last minutes could not be saved: {reason}',
  'captureNeed.remote-unreachable': 'The other machine cannot be reached over SSH: {reason}',
  'captureNeed.remote-tool-missing': 'The other machine lacks the capture tool, or it is not in its path: {reason}',
  'captureNeed.remote-permission':
    'The right to capture is missing on the other machine ({reason}). Allow sudo without a password for the tool there, or log in as another user.',
  'captureNeed.no-ssh': 'The program ssh is missing on this machine.',
} as const;
