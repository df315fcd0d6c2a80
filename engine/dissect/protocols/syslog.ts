/** Syslog (RFC 3164, RFC 5424): a priority in angle brackets, then a message with or without a header. */

import { defineProtocol, type Framing, MORE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const FACILITIES: Readonly<Record<number, string>> = {
  0: 'KERN - kernel messages',
  1: 'USER - random user-level messages',
  2: 'MAIL - mail system',
  3: 'DAEMON - system daemons',
  4: 'AUTH - security/authorization messages',
  5: 'SYSLOG - messages generated internally by syslogd',
  6: 'LPR - line printer subsystem',
  7: 'NEWS - network news subsystem',
  8: 'UUCP - UUCP subsystem',
  9: 'CRON - clock daemon',
  10: 'AUTHPRIV - security/authorization messages (private)',
  11: 'FTP - ftp daemon',
  12: 'NTP - ntp subsystem',
  13: 'LOGAUDIT - log audit',
  14: 'LOGALERT - log alert',
  15: 'CRON - clock daemon',
  16: 'LOCAL0 - reserved for local use',
  17: 'LOCAL1 - reserved for local use',
  18: 'LOCAL2 - reserved for local use',
  19: 'LOCAL3 - reserved for local use',
  20: 'LOCAL4 - reserved for local use',
  21: 'LOCAL5 - reserved for local use',
  22: 'LOCAL6 - reserved for local use',
  23: 'LOCAL7 - reserved for local use',
};
const LEVELS: Readonly<Record<number, string>> = {
  0: 'EMERG - system is unusable',
  1: 'ALERT - action must be taken immediately',
  2: 'CRIT - critical conditions',
  3: 'ERR - error conditions',
  4: 'WARNING - warning conditions',
  5: 'NOTICE - normal but significant condition',
  6: 'INFO - informational',
  7: 'DEBUG - debug-level messages',
};
const PRIORITY = /^<(\d{1,3})>/;
/** RFC 3164 4.1.2: `Jan 15 09:00:00`. */
const OLD_TIME = /^[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} /;
const OLD_TIME_LENGTH = 15;
const LF = 10;
const MAX_LINE = 65_536;

/** Over TCP a line each, or a length in digits first (RFC 6587). */
function frame(f: Framing): number {
  let count = 0;
  let at = f.at;
  while (at < f.end && at < f.at + 5 && f.bytes[at] >= 0x30 && f.bytes[at] <= 0x39)
    count = count * 10 + f.bytes[at++] - 0x30;
  if (at > f.at && at < f.end && f.bytes[at] === 32) return at + 1 - f.at + count;
  const stop = f.bytes.subarray(f.at, f.end).indexOf(LF);
  if (stop >= 0) return stop + 1;
  return f.end - f.at > MAX_LINE ? f.end - f.at : MORE;
}

export const syslog = defineProtocol({
  name: 'syslog',
  title: 'Syslog message',
  short: 'Syslog',
  on: { 'udp.port': [514], 'tcp.port': [1468] },
  fields: {
    facility: { type: 'u8', label: 'Facility', names: FACILITIES },
    level: { type: 'u8', label: 'Level', names: LEVELS },
    msg: { type: 'string', label: 'Message' },
    version: { type: 'string', label: 'Syslog version' },
    timestamp_rfc3164: { type: 'string', label: 'Syslog timestamp (RFC3164)' },
    timestamp: { type: 'time', label: 'Syslog timestamp' },
    hostname: { type: 'string', label: 'Syslog hostname' },
    appname: { type: 'string', label: 'Syslog app name' },
    procid: { type: 'string', label: 'Syslog process id' },
    msgid: { type: 'string', label: 'Syslog message id' },
  },
  frame,
  tree(t) {
    let at = t.at;
    const found = PRIORITY.exec(t.string(at, Math.min(5, t.end - at)));
    let names = '';
    if (found !== null) {
      const priority = Number(found[1]);
      const facility = priority >>> 3;
      const level = priority & 7;
      const width = found[0].length;
      t.put('facility', facility, at, width);
      t.put('level', level, at, width);
      names = `${shortName(FACILITIES[facility])}.${shortName(LEVELS[level])}: `;
      at += width;
      t.label(`Syslog message: ${names}`);
    }
    const text = t.string(at, t.end - at);
    t.label(`Syslog message: ${names}${text}`);
    t.info(`${names}${text}`);
    t.nest(t.put('msg', text, at, t.end - at));
    header(t, text, at);
    t.close();
  },
});

function shortName(name: string | undefined): string {
  return name?.split(' ')[0] ?? 'UNKNOWN';
}

function header(t: TreeBuilder, text: string, at: number): void {
  if (OLD_TIME.test(text)) {
    t.put('timestamp_rfc3164', text.slice(0, OLD_TIME_LENGTH), at, OLD_TIME_LENGTH);
    const host = text.indexOf(' ', OLD_TIME_LENGTH + 1);
    if (host > 0)
      t.put('hostname', text.slice(OLD_TIME_LENGTH + 1, host), at + OLD_TIME_LENGTH + 1, host - OLD_TIME_LENGTH - 1);
    const process = /^([^\s[:]+)(?:\[([^\]]*)\])?:/.exec(text.slice(host + 1));
    if (host > 0 && process !== null) {
      t.put('appname', process[1] ?? '', at + host + 1, (process[1] ?? '').length);
      if (process[2] !== undefined)
        t.put('procid', process[2], at + host + 2 + (process[1] ?? '').length, process[2].length);
    }
    return;
  }
  if (!text.startsWith('1 ')) return;
  t.put('version', '1', at, 1);
  const keys = ['timestamp', 'hostname', 'appname', 'procid', 'msgid'];
  let from = 2;
  for (const key of keys) {
    const stop = text.indexOf(' ', from);
    if (stop < 0) return;
    const word = text.slice(from, stop);
    if (key === 'timestamp') {
      const time = nanoseconds(word);
      if (time !== null) t.put('timestamp', time, at + from, word.length);
    } else if (word !== '-') {
      t.put(key, word, at + from, word.length);
    }
    from = stop + 1;
  }
}

/** RFC 3339 with up to nine digits of a second. */
function nanoseconds(text: string): bigint | null {
  const found = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (found === null) return null;
  const seconds = Date.parse(`${found[1]}${found[3]}`);
  return Number.isNaN(seconds) ? null : BigInt(seconds) * 1_000_000n + BigInt((found[2] ?? '').padEnd(9, '0'));
}
