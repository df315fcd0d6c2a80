/** The filters that are measured, by what decides them. */

export interface MeasuredFilter {
  readonly text: string;
  /** What it stands for, in the table. */
  readonly kind: string;
}

/** Decided by what is in memory: columns, header chains, protocol stacks. */
export const INDEXED_FILTERS: readonly MeasuredFilter[] = [
  { kind: 'frame time', text: 'frame.time_relative < 5' },
  { kind: 'frame time', text: 'frame.time_delta > 0.01' },
  { kind: 'frame length', text: 'frame.len == 1514' },
  { kind: 'stack', text: 'tls' },
  { kind: 'stack', text: 'not tcp' },
  { kind: 'path', text: 'tcp.port == 111' },
  { kind: 'path', text: 'ip.addr == 10.0.0.0/8' },
  { kind: 'path', text: 'tcp.stream == 5' },
  { kind: 'TCP column', text: 'tcp.flags.syn == 1' },
  { kind: 'TCP column', text: 'tcp.seq_raw > 4000000000' },
  { kind: 'TCP column', text: 'tcp.len > 1000' },
  { kind: 'analysis', text: 'tcp.analysis.retransmission' },
  { kind: 'analysis', text: 'tcp.analysis.flags' },
];

/** Read from the packets' headers. */
export const HEADER_FILTERS: readonly MeasuredFilter[] = [
  { kind: 'header', text: 'ip.ttl == 64' },
  { kind: 'header', text: 'ip.id < 256' },
  { kind: 'header', text: 'tcp.checksum < 256' },
  { kind: 'header', text: 'tcp.options.mss_val == 1460' },
  { kind: 'header', text: 'eth.type == 0x86dd' },
  { kind: 'header', text: 'ipv6.hlim < 64 and tcp.port == 443' },
  { kind: 'TCP figure', text: 'tcp.seq == 1' },
  { kind: 'TCP figure', text: 'tcp.window_size > 100000' },
  { kind: 'TCP figure', text: 'tcp.time_delta > 0.1' },
  { kind: 'TCP figure', text: 'tcp.analysis.ack_rtt > 0.05' },
  { kind: 'TCP figure', text: 'tcp.analysis.initial_rtt > 0.02' },
];

/** Decided by dissecting the messages that transports carry. */
export const DEEP_FILTERS: readonly MeasuredFilter[] = [
  { kind: 'message', text: 'dns.qry.name contains "example"' },
  { kind: 'message', text: 'tls.handshake.type == 1' },
  { kind: 'message', text: 'tls.handshake.extensions_server_name contains "x"' },
  { kind: 'message', text: 'http.request.method == "GET"' },
];
