/** The log of OpenBSD's packet filter (pflog(4)): which rule did what with a packet, then the packet. */

import { defineProtocol } from '../../protocol.ts';

const AT = { length: 0, family: 1, action: 2, reason: 3, interface: 4, ruleset: 20, rule: 36, subrule: 40 } as const;
const OWNERS = { uid: 44, pid: 48, ruleUid: 52, rulePid: 56, direction: 60 } as const;
const NAME = 16;
const FAMILIES: Readonly<Record<number, string>> = { 2: 'IPv4', 10: 'IPv6', 24: 'IPv6', 28: 'IPv6', 30: 'IPv6' };
const ACTIONS: Readonly<Record<number, string>> = {
  0: 'pass',
  1: 'block',
  2: 'scrub',
  3: 'no scrub',
  4: 'nat',
  5: 'no nat',
  6: 'binat',
  7: 'no binat',
  8: 'rdr',
  9: 'no rdr',
  10: 'synproxy-drop',
};
const REASONS: Readonly<Record<number, string>> = {
  0: 'match',
  1: 'bad-offset',
  2: 'fragment',
  3: 'short',
  4: 'normalize',
  5: 'memory',
  6: 'bad-timestamp',
  7: 'congestion',
  8: 'ip-option',
  9: 'proto-cksum',
  10: 'state-mismatch',
  11: 'state-insert',
  12: 'state-limit',
  13: 'src-limit',
  14: 'synproxy',
};
const DIRECTIONS: Readonly<Record<number, string>> = { 0: 'inout', 1: 'in', 2: 'out' };

export const pflog = defineProtocol({
  name: 'pflog',
  title: 'OpenBSD Packet Filter log file',
  on: { link: [117] },
  chooses: 'null.family',
  header: OWNERS.direction + 1,
  fields: {
    length: { at: AT.length, type: 'u8', label: 'Header Length' },
    af: { at: AT.family, type: 'u8', label: 'Address Family', names: FAMILIES },
    action: { at: AT.action, type: 'u8', label: 'Action', names: ACTIONS },
    reason: { at: AT.reason, type: 'u8', label: 'Reason', names: REASONS },
    ifname: { type: 'string', label: 'Interface' },
    ruleset: { type: 'string', label: 'Ruleset' },
    rulenr: { at: AT.rule, type: 'i32', label: 'Rule Number' },
    subrulenr: { at: AT.subrule, type: 'i32', label: 'Sub Rule Number' },
    uid: { at: OWNERS.uid, type: 'i32', label: 'UID' },
    pid: { at: OWNERS.pid, type: 'i32', label: 'PID' },
    rule_uid: { at: OWNERS.ruleUid, type: 'i32', label: 'Rule UID' },
    rule_pid: { at: OWNERS.rulePid, type: 'i32', label: 'Rule PID' },
    dir: { at: OWNERS.direction, type: 'u8', label: 'Direction', names: DIRECTIONS },
  },
  scan(p) {
    const length = (p.bytes[p.at] + 3) & ~3;
    const family = p.bytes[p.at + AT.family];
    if (!p.has(length)) return;
    p.enter(length);
    p.next(family);
  },
  tree(t) {
    const length = (t.u8(t.at) + 3) & ~3;
    t.info('');
    t.header();
    const name = t.string(t.at + AT.interface, NAME, 'ascii', true);
    t.put('ifname', name, t.at + AT.interface, NAME);
    t.put('ruleset', t.string(t.at + AT.ruleset, NAME, 'ascii', true), t.at + AT.ruleset, NAME);
    const action = ACTIONS[t.u8(t.at + AT.action)] ?? 'unknown';
    const what = `${FAMILIES[t.u8(t.at + AT.family)] ?? 'unknown'}, ${action} on ${name} by rule ${t.u32(t.at + AT.rule)}`;
    t.addLabel(` ${what}`);
    t.info(`${what} `);
    t.need(t.at, length);
    t.headerEnd(t.at + length);
    t.upper(t.at + length);
  },
});
