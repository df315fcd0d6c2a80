/** Functions of TRANSACTION on named pipes ([MS-CIFS] 2.2.2.2). */

export const FUNCTION = {
  setState: 0x01,
  rawRead: 0x11,
  queryState: 0x21,
  queryInfo: 0x22,
  peek: 0x23,
  transact: 0x26,
  rawWrite: 0x31,
  read: 0x36,
  write: 0x37,
  wait: 0x53,
  call: 0x54,
} as const;

export const FUNCTIONS: Readonly<Record<number, string>> = {
  0x01: 'SetNmPHandState',
  0x11: 'RawReadNmPipe',
  0x21: 'QNmPHandState',
  0x22: 'QNmPipeInfo',
  0x23: 'PeekNamedPipe',
  0x26: 'TransactNmPipe',
  0x31: 'RawWriteNmPipe',
  0x36: 'ReadNmPipe',
  0x37: 'WriteNmPipe',
  0x53: 'WaitNamedPipe',
  0x54: 'CallNamedPipe',
};
