/** The panel "Response times", in English. */

export const panelResponseEn = {
  'panel.response': 'Response times',
  'explain.response':
    'A response time is the time from a request to its answer, as seen at the capture point. DNS and HTTP: the packets that complete the two messages. TLS: ClientHello to ServerHello. SMB2: the answer with the same message number, an interim “pending” does not count. MySQL, PostgreSQL and TDS: the request to the first packet of the answer; commands that nobody answers are left out. Both packets must be among those shown. The network is the median of SYN to SYN/ACK of connections to the same server, which waits for no program; without a handshake it is that of data and its acknowledgement, empty where neither is in this capture. A service that takes five round trips and 20 ms in the median counts as slow. Percentiles are nearest-rank.',
  'figure.response.median': 'Median',
  'figure.response.p95': '95th percentile',
  'figure.response.requests': 'Requests',
  'figure.response.unanswered': 'Unanswered',
  'chart.response.time': 'Response times over time, median',
  'table.response.operations': 'Operations',
  'table.response.servers': 'Servers',
  'table.response.status': 'HTTP by status',
  'column.statusClass': 'Status',
  'column.answers': 'Answers',
  'table.response.slowest': 'Slowest requests',
  'column.operation': 'Operation',
  'column.unanswered': 'Unanswered',
  'column.errors': 'Errors',
  'column.network': 'Network',
  'column.responseTime': 'Response time',
  'column.request': 'Request',
  'column.answer': 'Answer',
  'finding.response.slowService':
    '{service} on {server} is slow, not the network: half of its answers take longer than {median}, a round trip takes {network}; the server thinks for {thinks}.',
} as const;
