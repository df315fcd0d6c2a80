/** What is worth knowing of a capture without being asked: a filter each, with the weight that Wireshark gives it. */

export const SEVERITIES = ['error', 'warning', 'note', 'chat'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** By what it is about. */
export type ExpertGroup = 'malformed' | 'checksum' | 'sequence' | 'response' | 'security' | 'protocol';

export interface ExpertRule {
  readonly id: string;
  readonly severity: Severity;
  readonly group: ExpertGroup;
  readonly filter: string;
  /** Only messages have its fields. */
  readonly isOfMessages?: true;
}

export const EXPERT_RULES: readonly ExpertRule[] = [
  { id: 'malformed', severity: 'error', group: 'malformed', filter: 'nagare.malformed' },
  { id: 'ipChecksum', severity: 'error', group: 'checksum', filter: 'ip.checksum.status == "Bad"' },
  { id: 'lostSegment', severity: 'warning', group: 'sequence', filter: 'tcp.analysis.lost_segment' },
  { id: 'ackLost', severity: 'warning', group: 'sequence', filter: 'tcp.analysis.ack_lost_segment' },
  { id: 'zeroWindow', severity: 'warning', group: 'sequence', filter: 'tcp.analysis.zero_window' },
  { id: 'windowFull', severity: 'warning', group: 'sequence', filter: 'tcp.analysis.window_full' },
  { id: 'outOfOrder', severity: 'warning', group: 'sequence', filter: 'tcp.analysis.out_of_order' },
  { id: 'reset', severity: 'warning', group: 'sequence', filter: 'tcp.flags.reset == 1' },
  { id: 'retransmission', severity: 'note', group: 'sequence', filter: 'tcp.analysis.retransmission' },
  { id: 'fastRetransmission', severity: 'note', group: 'sequence', filter: 'tcp.analysis.fast_retransmission' },
  { id: 'spurious', severity: 'note', group: 'sequence', filter: 'tcp.analysis.spurious_retransmission' },
  { id: 'duplicateAck', severity: 'note', group: 'sequence', filter: 'tcp.analysis.duplicate_ack' },
  { id: 'keepAlive', severity: 'note', group: 'sequence', filter: 'tcp.analysis.keep_alive' },
  { id: 'keepAliveAck', severity: 'note', group: 'sequence', filter: 'tcp.analysis.keep_alive_ack' },
  { id: 'portReused', severity: 'note', group: 'sequence', filter: 'tcp.analysis.reused_ports' },
  { id: 'windowProbe', severity: 'note', group: 'sequence', filter: 'tcp.analysis.zero_window_probe' },
  { id: 'windowUpdate', severity: 'chat', group: 'sequence', filter: 'tcp.analysis.window_update' },
  { id: 'offload', severity: 'chat', group: 'checksum', filter: 'nagare.offload.large' },
  { id: 'syn', severity: 'chat', group: 'sequence', filter: 'tcp.flags.syn == 1 and tcp.flags.ack == 0' },
  { id: 'fin', severity: 'chat', group: 'sequence', filter: 'tcp.flags.fin == 1' },
  { id: 'unreachable', severity: 'warning', group: 'response', filter: 'icmp.type == 3 or icmpv6.type == 1' },
  {
    id: 'tooBig',
    severity: 'warning',
    group: 'response',
    filter: '(icmp.type == 3 and icmp.code == 4) or icmpv6.type == 2',
  },
  { id: 'timeExceeded', severity: 'note', group: 'response', filter: 'icmp.type == 11 or icmpv6.type == 3' },
  { id: 'dnsError', severity: 'note', group: 'response', filter: 'dns.flags.rcode > 0', isOfMessages: true },
  {
    id: 'httpClientError',
    severity: 'note',
    group: 'response',
    filter: 'http.response.code >= 400 and http.response.code < 500',
    isOfMessages: true,
  },
  {
    id: 'httpServerError',
    severity: 'warning',
    group: 'response',
    filter: 'http.response.code >= 500',
    isOfMessages: true,
  },
  { id: 'smbError', severity: 'note', group: 'response', filter: 'smb2.nt_status > 0xc0000000', isOfMessages: true },
  { id: 'tlsAlert', severity: 'warning', group: 'security', filter: 'tls.alert_message', isOfMessages: true },
  {
    id: 'clearText',
    severity: 'warning',
    group: 'security',
    filter: 'telnet or ftp.request.command == "PASS" or http.authbasic',
    isOfMessages: true,
  },
];
