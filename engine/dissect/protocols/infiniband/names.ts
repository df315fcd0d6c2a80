/** InfiniBand's transport opcodes: three bits of service, five of operation (InfiniBand Architecture Specification 1, 9.2). */

const SERVICES: readonly (readonly [code: number, short: string, name: string])[] = [
  [0x00, 'RC', 'Reliable Connection (RC)'],
  [0x20, 'UC', 'Unreliable Connection (UC)'],
  [0x40, 'RD', 'Reliable Datagram (RD)'],
  [0x60, 'UD', 'Unreliable Datagram (UD)'],
  [0xa0, 'XRC', 'Extended Reliable Connection (XRC)'],
];
const OPERATIONS: Readonly<Record<number, string>> = {
  0: 'SEND First',
  1: 'SEND Middle',
  2: 'SEND Last',
  3: 'SEND Last with Immediate',
  4: 'SEND Only',
  5: 'SEND Only with Immediate',
  6: 'RDMA WRITE First',
  7: 'RDMA WRITE Middle',
  8: 'RDMA WRITE Last',
  9: 'RDMA WRITE Last with Immediate',
  10: 'RDMA WRITE Only',
  11: 'RDMA WRITE Only with Immediate',
  12: 'RDMA READ Request',
  13: 'RDMA READ response First',
  14: 'RDMA READ response Middle',
  15: 'RDMA READ response Last',
  16: 'RDMA READ response Only',
  17: 'Acknowledge',
  18: 'ATOMIC Acknowledge',
  19: 'CmpSwap',
  20: 'FetchAdd',
  21: 'RESYNC',
  22: 'SEND Last with Invalidate',
  23: 'SEND Only with Invalidate',
};
const CONGESTION = 0x81;

export function opcodeName(opcode: number): string | undefined {
  if (opcode === CONGESTION) return 'CNP';
  const service = serviceOf(opcode);
  const operation = OPERATIONS[opcode & 31];
  return service === undefined || operation === undefined ? undefined : `${service[2]} - ${operation}`;
}

/** As the Info column writes it: `UD Send Only`, `RC Acknowledge`. */
export function shortOpcodeName(opcode: number): string {
  if (opcode === CONGESTION) return 'CNP';
  const service = serviceOf(opcode);
  const operation = OPERATIONS[opcode & 31];
  if (service === undefined || operation === undefined) return `Unknown opcode ${opcode}`;
  return `${service[1]} ${operation.replace('SEND', 'Send').replace('RDMA WRITE', 'RDMA Write').replace('RDMA READ', 'RDMA Read').replace(' with ', ' ')}`;
}

function serviceOf(opcode: number): (typeof SERVICES)[number] | undefined {
  return SERVICES.find(([code]) => (opcode & 0xe0) === code);
}

export const METHODS: Readonly<Record<number, string>> = {
  0x01: 'Get()',
  0x02: 'Set()',
  0x03: 'Send()',
  0x05: 'Trap()',
  0x06: 'Report()',
  0x07: 'TrapRepress()',
  0x12: 'GetTable()',
  0x13: 'GetTraceTable()',
  0x14: 'GetMulti()',
  0x15: 'Delete()',
  0x81: 'GetResp()',
  0x86: 'ReportResp()',
  0x92: 'GetTableResp()',
  0x94: 'GetMultiResp()',
  0x95: 'DeleteResp()',
};

/** Management classes: what their datagrams are called in the Info column. */
export const CLASS = {
  lid: 0x01,
  directed: 0x81,
  administration: 0x03,
  performance: 0x04,
  communication: 0x07,
} as const;

export const SUBNET_ATTRIBUTES: Readonly<Record<number, string>> = {
  0x0002: 'Notice',
  0x0010: 'NodeDescription',
  0x0011: 'NodeInfo',
  0x0012: 'SwitchInfo',
  0x0014: 'GUIDInfo',
  0x0015: 'PortInfo',
  0x0016: 'P_KeyTable',
  0x0017: 'SLtoVLMappingTable',
  0x0018: 'VLArbitrationTable',
  0x0019: 'LinearForwardingTable',
  0x001a: 'RandomForwardingTable',
  0x001b: 'MulticastForwardingTable',
  0x0020: 'SMInfo',
  0x0030: 'VendorDiag',
  0x0031: 'LedInfo',
};

export const ADMINISTRATION_ATTRIBUTES: Readonly<Record<number, string>> = {
  0x0001: 'ClassPortInfo',
  0x0002: 'Notice',
  0x0003: 'InformInfo',
  0x0011: 'NodeRecord',
  0x0012: 'PortInfoRecord',
  0x0020: 'LinkRecord',
  0x0031: 'ServiceRecord',
  0x0035: 'PathRecord',
  0x0038: 'MCMemberRecord',
  0x0039: 'TraceRecord',
  0x003a: 'MultiPathRecord',
};

export const COMMUNICATION_ATTRIBUTES: Readonly<Record<number, string>> = {
  0x0010: 'ConnectRequest',
  0x0011: 'MsgRcptAck',
  0x0012: 'ConnectReject',
  0x0013: 'ConnectReply',
  0x0014: 'ReadyToUse',
  0x0015: 'DisconnectRequest',
  0x0016: 'DisconnectReply',
  0x0017: 'ServiceIDResReq',
  0x0018: 'ServiceIDResReqResp',
  0x0019: 'LoadAlternatePath',
  0x001a: 'AlternatePathResponse',
};

export const PERFORMANCE_ATTRIBUTES: Readonly<Record<number, string>> = {
  0x0001: 'ClassPortInfo',
  0x0010: 'PortSamplesControl',
  0x0011: 'PortSamplesResult',
  0x0012: 'PortCounters',
  0x001d: 'PortCountersExtended',
};
