/** Live capture: what is missing for it, what went wrong, and what the command line says, in English. */

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
  'captureNeed.helper-refused':
    '{tool} captures here. With Nagare’s own helper, drops are counted while capturing; "nagare setup-capture" shows what it lacks.',
  'captureNeed.not-in-group':
    'The capture helper is installed ({path}), for members of the group {group} only. {user} is none of them, or was not yet at the last login: "sudo usermod -aG {group} {user}", then log in again.',
  'captureNeed.not-exact':
    '{tool} captures here: times are taken outside the kernel, and packets that were dropped are not counted. Nagare’s own helper or tcpdump is better.',
  'captureNeed.not-live': '{tool} captures here: packets are shown when the capture has ended.',
  'captureNeed.no-device': 'There is no interface {interface} ({reason}).',
  'captureNeed.interface-down': '{interface} is down ({reason}).',
  'captureNeed.filter': 'The capture filter is wrong: {reason}',
  'captureNeed.option-unsupported': '{interface} cannot do what was asked: {reason}',
  'captureNeed.one-interface': 'This tool captures on one interface at a time; {interface} are several.',
  'captureNeed.no-ring': 'This tool knows no ring of files, so that the last minutes alone cannot be kept.',
  'captureNeed.no-filter':
    '{reason} cannot filter like this: leave the capture filter empty, or use hosts, ports and protocols joined by and / or.',
  'captureNeed.write-failed': '{path} cannot be written: {reason}',
  'captureNeed.disk-full': 'The disk is full. The capture has ended; {path} is whole up to its last packet.',
  'captureNeed.device-gone': '{interface} has gone or was shut down. What was captured until then is whole.',
  'captureNeed.tool-ended': 'The capture tool ended unexpectedly ({reason}). What it had written is there.',
  'captureNeed.warning': '{interface}: {reason}',
  'captureNeed.failed': 'Capturing failed: {reason}',
  'captureNeed.save-failed': 'The last minutes could not be saved: {reason}',
  'captureNeed.remote-unreachable': 'The other machine cannot be reached over SSH: {reason}',
  'captureNeed.remote-login':
    'The other machine did not let us in: {reason}. No password is asked for here: log in with a key that ssh finds by itself (ssh-agent, or IdentityFile in the ssh configuration), as the right user.',
  'captureNeed.remote-host-key':
    'The other machine’s key is not known here, or is another one than before ({reason}). Connect once with ssh in a terminal and compare the key.',
  'captureNeed.remote-tool-missing': 'The other machine lacks the capture tool, or it is not in its path: {reason}',
  'captureNeed.remote-permission':
    'The right to capture is missing on the other machine ({reason}). Allow sudo without a password for the tool there, or log in as another user.',
  'captureNeed.no-ssh': 'The program ssh is missing on this machine.',

  'cli.interfaces.summary': 'Lists the interfaces that can be captured on',
  'cli.interfaces.down': 'down',
  'cli.interfaces.loopback': 'loopback',
  'cli.interfaces.wireless': 'wireless',

  'cli.capture.summary': 'Captures packets into a file, or prints them as they come',
  'cli.capture.interface': 'interface, as "nagare interfaces" names it; may be repeated',
  'cli.capture.filter': 'capture filter, as tcpdump has it (pcap-filter); words without an option are one too',
  'cli.capture.output': 'file to write, replaced if it exists; -: standard output',
  'cli.capture.stop': 'end when this is reached; may be repeated, see below',
  'cli.capture.ring': 'go on in the next file when this is reached; may be repeated, see below',
  'cli.capture.count': 'end after so many packets',
  'cli.capture.snap-length': 'bytes kept of each packet; all of it without this option',
  'cli.capture.not-promiscuous': 'only packets that this machine would get anyway',
  'cli.capture.monitor': 'monitor mode of a wireless interface',
  'cli.capture.buffer': 'kernel buffer in MiB',
  'cli.capture.link-type': 'link type, such as EN10MB',
  'cli.capture.direction': 'only packets that come in, or go out',
  'cli.capture.timestamp-type': 'where times come from: host, adapter ...',
  'cli.capture.nano': 'times in nanoseconds',
  'cli.capture.remote': 'capture on another machine, over ssh',
  'cli.capture.remote-port': 'port of its ssh server',
  'cli.capture.remote-tool': 'what captures there (tcpdump)',
  'cli.capture.sudo': 'with --remote: run it there through sudo, without a password',
  'cli.capture.print': 'print a line for each packet',
  'cli.capture.quiet': 'do not say that it has begun',
  'cli.capture.conditions':
    'Conditions of -a and -b: packets:N, filesize:KB (1,000 bytes), duration:SECONDS, files:N. With -b the files are\nnumbered, files:N keeps the newest N of them, and interval:SECONDS begins the next one when the clock is at a multiple\nof so many seconds; with -a, files:N ends after N files.',
  'cli.capture.note':
    'Ctrl+C ends the capture; the file is whole then. With -Y only packets that pass the display filter are written.',
  'cli.capture.no-interface': 'an interface is missing: -i IF; "nagare interfaces" lists them',
  'cli.capture.no-output': 'the file to write is missing: -w OUT; or --print',
  'cli.capture.terminal':
    'packets are not written to a terminal: send -w - into a program or a file; --print prints packets',
  'cli.capture.print-and-pipe': '--print does not go with -w -: both write to standard output',
  'cli.capture.ring-and-pipe': '-b does not go with -w -: standard output is one file',
  'cli.capture.ring-size':
    '-b needs packets:N, filesize:KB, duration:SECONDS or interval:SECONDS: when the next file begins',
  'cli.capture.ring-and-filter': '-b does not go with -Y: what passes a display filter is written to one file',
  'cli.capture.bad-condition':
    '{option} {condition} is no condition: packets:N, filesize:KB, duration:SECONDS or files:N (-b: interval:SECONDS too)',
  'cli.capture.wrong': '{option}: {value} cannot be used',
  'cli.capture.started': 'Capturing on {interfaces} with {tool}; Ctrl+C ends it.',
  'cli.capture.captured': { one: '{count} packet captured', other: '{count} packets captured' },
  'cli.capture.received': {
    one: '{count} packet received by the filter',
    other: '{count} packets received by the filter',
  },
  'cli.capture.received-unknown': 'packets received by the filter: not known with {tool}',
  'cli.capture.dropped': {
    one: '{count} packet dropped by the kernel',
    other: '{count} packets dropped by the kernel',
  },
  'cli.capture.dropped-unknown': 'packets dropped by the kernel: not known with {tool}',
  'cli.capture.dropped-by-interface': {
    one: '{count} packet dropped by the interface',
    other: '{count} packets dropped by the interface',
  },
  'cli.capture.passed': {
    one: '{count} packet passed the display filter',
    other: '{count} packets passed the display filter',
  },

  'cli.setup.summary': 'Shows what capturing needs on this system, and sets it up where asked',
  'cli.setup.install': 'do it (Linux), as root or through sudo',
  'cli.setup.uninstall': 'take the installed copy and its group away again',
  'cli.setup.user': 'who is to capture; you, unless told',
  'cli.setup.group': 'the group that may capture (nagare-capture)',
  'cli.setup.tool': 'Captures here: {tool}, {version}',
  'cli.setup.no-tool': 'Nothing can capture here yet.',
  'cli.setup.nothing-missing': 'Nothing is missing for capturing.',
  'cli.setup.not-built': 'The capture helper is not built: run "npm run build" where a C compiler is installed.',
  'cli.setup.linux':
    'To capture without being root: a copy of the capture helper with just the rights for it, {target}, which only root\nand the group {group} can run. Run these lines, or this command with --install:',
  'cli.setup.linux-again':
    'A new group counts from the next login on. After an update of Nagare, run it again: the copy does not change by itself.',
  'cli.setup.done': 'Installed. Members of the group {group} can capture, from their next login on.',
  'cli.setup.uninstalled': 'Removed: nobody but root can capture with the helper now.',
  'cli.setup.not-installed': 'Nothing is installed: there is no {target}.',
  'cli.setup.one-of-both': '--install and --uninstall do not go together',
  'cli.setup.failed': 'This failed, nothing after it was done: {command}',
  'cli.setup.fault': 'The installed copy is not as it should be: {fault}',
  'cli.setup.not-here': '--install and --uninstall are for Linux; see below what to do on this system',
  'cli.setup.bad-name': '"{name}" is no name of a user or group',
  'cli.setup.macos':
    'Capturing reads the devices /dev/bpf*, which belong to root. Either install ChmodBPF, which comes with Wireshark and\nopens them to a group at every start; or open them to administrators until the next start:\n\n  sudo chgrp admin /dev/bpf* && sudo chmod g+rw /dev/bpf*',
  'cli.setup.npcap-found':
    'Npcap is installed. If capturing is refused, it was installed for administrators only: install it again without that option.',
  'cli.setup.npcap-missing': 'Npcap is not installed: it is at npcap.com.',
  'cli.setup.windows':
    'Npcap’s free licence covers five computers and does not allow passing it on; for more, its makers sell licences. Without\nNpcap, Nagare drives Windows’ own capture (pktmon, netsh trace); Windows asks for an administrator each time.',
} as const;
