/** High throughput (IEEE 802.11 9.4.2.55, 9.4.2.56): what a station can do, and how a network works. */

import type { FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

/** Bits of a word: key, highest bit, lowest bit, label. A single bit is yes or no unless its label says that it is reserved. */
type Bits = readonly (readonly [key: string, high: number, low: number, label: string])[];

interface Word {
  readonly key: string;
  readonly label: string;
  readonly type: 'u8' | 'u16' | 'u32';
  /** Bytes from the start of the element. */
  readonly offset: number;
  readonly bits: Bits;
}

const CAPABILITIES: readonly Word[] = [
  {
    key: 'ht.capabilities',
    label: 'HT Capabilities Info',
    type: 'u16',
    offset: 0,
    bits: [
      ['ht.capabilities.ldpccoding', 0, 0, 'HT LDPC coding capability'],
      ['ht.capabilities.width', 1, 1, 'HT Support channel width'],
      ['ht.capabilities.sm', 3, 2, 'HT SM Power Save'],
      ['ht.capabilities.green', 4, 4, 'HT Green Field'],
      ['ht.capabilities.short20', 5, 5, 'HT Short GI for 20MHz'],
      ['ht.capabilities.short40', 6, 6, 'HT Short GI for 40MHz'],
      ['ht.capabilities.txstbc', 7, 7, 'HT Tx STBC'],
      ['ht.capabilities.rxstbc', 9, 8, 'HT Rx STBC'],
      ['ht.capabilities.delayedblockack', 10, 10, 'HT Delayed Block ACK'],
      ['ht.capabilities.amsdu', 11, 11, 'HT Max A-MSDU length'],
      ['ht.capabilities.dsscck', 12, 12, 'HT DSSS/CCK mode in 40MHz'],
      ['ht.capabilities.psmp', 13, 13, 'HT PSMP Support'],
      ['ht.capabilities.40mhzintolerant', 14, 14, 'HT Forty MHz Intolerant'],
      ['ht.capabilities.lsig', 15, 15, 'HT L-SIG TXOP Protection support'],
    ],
  },
  {
    key: 'ht.ampduparam',
    label: 'A-MPDU Parameters',
    type: 'u8',
    offset: 2,
    bits: [
      ['ht.ampduparam.maxlength', 1, 0, 'Maximum Rx A-MPDU Length'],
      ['ht.ampduparam.mpdudensity', 4, 2, 'MPDU Density'],
      ['ht.ampduparam.reserved', 7, 5, 'Reserved'],
    ],
  },
];
const MORE_CAPABILITIES: readonly Word[] = [
  {
    key: 'htex.capabilities',
    label: 'HT Extended Capabilities',
    type: 'u16',
    offset: 19,
    bits: [
      ['htex.capabilities.pco', 0, 0, 'Transmitter supports PCO'],
      ['htex.capabilities.transtime', 2, 1, 'Time needed to transition between 20MHz and 40MHz'],
      ['htex.capabilities.mcs', 9, 8, 'MCS Feedback capability'],
      ['htex.capabilities.htc', 10, 10, 'High Throughput'],
      ['htex.capabilities.rdresponder', 11, 11, 'Reverse Direction Responder'],
    ],
  },
  {
    key: 'txbf',
    label: 'Transmit Beam Forming (TxBF) Capabilities',
    type: 'u32',
    offset: 21,
    bits: [
      ['txbf.txbf', 0, 0, 'Transmit Beamforming'],
      ['txbf.rxss', 1, 1, 'Receive Staggered Sounding'],
      ['txbf.txss', 2, 2, 'Transmit Staggered Sounding'],
      ['txbf.rxndp', 3, 3, 'Receive Null Data packet (NDP)'],
      ['txbf.txndp', 4, 4, 'Transmit Null Data packet (NDP)'],
      ['txbf.impltxbf', 5, 5, 'Implicit TxBF capable'],
      ['txbf.calibration', 7, 6, 'Calibration'],
      ['txbf.csi', 8, 8, 'STA can apply TxBF using CSI explicit feedback'],
      ['txbf.fm.uncompressed.tbf', 9, 9, 'STA can apply TxBF using uncompressed beamforming feedback matrix'],
      ['txbf.fm.compressed.tbf', 10, 10, 'STA can apply TxBF using compressed beamforming feedback matrix'],
      ['txbf.rcsi', 12, 11, 'Receiver can return explicit CSI feedback'],
      ['txbf.fm.uncompressed.rbf', 14, 13, 'Receiver can return explicit uncompressed Beamforming Feedback Matrix'],
      ['txbf.fm.compressed.bf', 16, 15, 'STA can compress and use compressed Beamforming Feedback Matrix'],
      ['txbf.mingroup', 18, 17, 'Minimal grouping used for explicit feedback reports'],
      ['txbf.csinumant', 20, 19, 'Max antennae STA can support when CSI feedback required'],
      [
        'txbf.fm.uncompressed.maxant',
        22,
        21,
        'Max antennae STA can support when uncompressed Beamforming feedback required',
      ],
      [
        'txbf.fm.compressed.maxant',
        24,
        23,
        'Max antennae STA can support when compressed Beamforming feedback required',
      ],
      ['txbf.csi.maxrows', 26, 25, 'Maximum number of rows of CSI explicit feedback'],
      [
        'txbf.channelest',
        28,
        27,
        'Maximum number of space time streams for which channel dimensions can be simultaneously estimated',
      ],
      ['txbf.reserved', 31, 29, 'Reserved'],
    ],
  },
  {
    key: 'asel',
    label: 'Antenna Selection (ASEL) Capabilities',
    type: 'u8',
    offset: 25,
    bits: [
      ['asel.capable', 0, 0, 'Antenna Selection Capable'],
      ['asel.txcsi', 1, 1, 'Explicit CSI Feedback Based Tx ASEL'],
      ['asel.txif', 2, 2, 'Antenna Indices Feedback Based Tx ASEL'],
      ['asel.csi', 3, 3, 'Explicit CSI Feedback'],
      ['asel.if', 4, 4, 'Antenna Indices Feedback'],
      ['asel.rx', 5, 5, 'Rx ASEL'],
      ['asel.sppdu', 6, 6, 'Tx Sounding PPDUs'],
      ['asel.reserved', 7, 7, 'Reserved'],
    ],
  },
];
const OPERATION: readonly Word[] = [
  {
    key: 'ht.info.delim1',
    label: 'HT Information Subset (1 of 3)',
    type: 'u8',
    offset: 1,
    bits: [
      ['ht.info.secchanoffset', 1, 0, 'Secondary channel offset'],
      ['ht.info.chanwidth', 2, 2, 'Supported channel width'],
      ['ht.info.rifs', 3, 3, 'Reduced Interframe Spacing (RIFS)'],
      ['ht.info.reserved_b4_b7', 7, 4, 'Reserved'],
    ],
  },
  {
    key: 'ht.info.delim2',
    label: 'HT Information Subset (2 of 3)',
    type: 'u16',
    offset: 2,
    bits: [
      ['ht.info.ht_protection', 1, 0, 'HT Protection'],
      ['ht.info.greenfield', 2, 2, 'Non-greenfield STAs present'],
      ['ht.info.reserved_b11', 3, 3, 'Reserved'],
      ['ht.info.obssnonht', 4, 4, 'OBSS non-HT STAs present'],
      ['ht.info.chan_center_freq_seg_2', 12, 5, 'Channel Center Frequency Segment 2'],
      ['ht.info.reserved_b21_b23', 15, 13, 'Reserved'],
    ],
  },
  {
    key: 'ht.info.delim3',
    label: 'HT Information Subset (3 of 3)',
    type: 'u16',
    offset: 4,
    bits: [
      ['ht.info.reserved_b24_b29', 5, 0, 'Reserved'],
      ['ht.info.dualbeacon', 6, 6, 'Dual beacon'],
      ['ht.info.dualcts', 7, 7, 'Dual Clear To Send (CTS) protection'],
      ['ht.info.secondarybeacon', 8, 8, 'Beacon ID'],
      ['ht.info.lsigprotsupport', 9, 9, 'L-SIG TXOP Protection Full Support'],
      ['ht.info.pco.active', 10, 10, 'Phased Coexistence Operation (PCO)'],
      ['ht.info.pco.phase', 11, 11, 'Phased Coexistence Operation (PCO) Phase'],
      ['ht.info.reserved_b36_b39', 15, 12, 'Reserved'],
    ],
  },
];
/** Modulations that can be received: bits of three words of 32. */
const MODULATIONS: readonly (readonly [key: string, offset: number, high: number, low: number, label: string])[] = [
  ['ht.mcsset.rxbitmask.0to7', 0, 7, 0, 'Rx Bitmask Bits 0-7'],
  ['ht.mcsset.rxbitmask.8to15', 0, 15, 8, 'Rx Bitmask Bits 8-15'],
  ['ht.mcsset.rxbitmask.16to23', 0, 23, 16, 'Rx Bitmask Bits 16-23'],
  ['ht.mcsset.rxbitmask.24to31', 0, 31, 24, 'Rx Bitmask Bits 24-31'],
  ['ht.mcsset.rxbitmask.32', 4, 0, 0, 'Rx Bitmask Bit 32'],
  ['ht.mcsset.rxbitmask.33to38', 4, 6, 1, 'Rx Bitmask Bits 33-38'],
  ['ht.mcsset.rxbitmask.39to52', 4, 20, 7, 'Rx Bitmask Bits 39-52'],
  ['ht.mcsset.rxbitmask.53to76', 6, 28, 5, 'Rx Bitmask Bits 53-76'],
];
const RATES: Bits = [
  ['ht.mcsset.txsetdefined', 0, 0, 'Tx Supported MCS Set'],
  ['ht.mcsset.txrxmcsnotequal', 1, 1, 'Tx and Rx MCS Set'],
  ['ht.mcsset.txmaxss', 3, 2, 'Maximum Number of Tx Spatial Streams Supported'],
  ['ht.mcsset.txunequalmod', 4, 4, 'Unequal Modulation'],
];

function bitFields(type: Word['type'], list: Bits): [string, FieldSpec][] {
  return list.map(([key, high, low, label]) => [
    key,
    high === low && !label.startsWith('Reserved')
      ? { type: 'bool', of: type, little: true, bits: [high, low], label, many: true }
      : { type, little: true, bits: [high, low], show: 'hex', label, many: true },
  ]);
}

function wordFields(words: readonly Word[]): [string, FieldSpec][] {
  return words.flatMap(({ key, label, type, bits }): [string, FieldSpec][] => [
    [key, { type, little: true, show: 'hex', label, many: true }],
    ...bitFields(type, bits),
  ]);
}

export const highThroughputFields: Record<string, FieldSpec> = Object.fromEntries([
  ...wordFields([...CAPABILITIES, ...MORE_CAPABILITIES, ...OPERATION]),
  ...MODULATIONS.map(([key, , high, low, label]): [string, FieldSpec] => [
    key,
    { type: 'u32', little: true, bits: [high, low], show: 'hex', label, many: true },
  ]),
  ...bitFields('u16', RATES),
  ['ht.mcsset', { type: 'none', label: 'Rx Supported Modulation and Coding Scheme Set', many: true }],
  ['ht.mcsset.rxbitmask', { type: 'none', label: 'Rx Modulation and Coding Scheme', many: true }],
  [
    'ht.mcsset.highestdatarate',
    { type: 'u16', little: true, bits: [9, 0], show: 'hex', label: 'Highest Supported Data Rate', many: true },
  ],
  ['ht.info.primarychannel', { type: 'u8', label: 'Primary Channel', many: true }],
]);

const CAPABILITIES_LENGTH = 26;
/** The modulations: where they are in both elements, then places in them. */
const SET = { at: 3, operation: 6, mask: 10, rate: 10, transmit: 12, length: 16 } as const;
const OPERATION_LENGTH = 22;

function addWords(t: TreeBuilder, words: readonly Word[], at: number): void {
  for (const { key, offset, bits } of words) {
    t.add(key, at + offset);
    t.nest(t.last());
    for (const [bit] of bits) t.add(bit, at + offset);
    t.close();
  }
}

/** What can be received, then what can be sent. */
function addModulations(t: TreeBuilder, at: number): void {
  t.nest(t.put('ht.mcsset', t.slice(at, SET.length), at, SET.length));
  t.nest(t.put('ht.mcsset.rxbitmask', t.slice(at, SET.mask), at, SET.mask));
  for (const [key, offset] of MODULATIONS) t.add(key, at + offset);
  t.close();
  t.add('ht.mcsset.highestdatarate', at + SET.rate);
  for (const [key] of RATES) t.add(key, at + SET.transmit);
  t.close();
}

export function addHighThroughputCapabilities(t: TreeBuilder, at: number, length: number): void {
  if (length < CAPABILITIES_LENGTH) return;
  addWords(t, CAPABILITIES, at);
  addModulations(t, at + SET.at);
  addWords(t, MORE_CAPABILITIES, at);
}

export function addHighThroughputOperation(t: TreeBuilder, at: number, length: number): void {
  if (length < OPERATION_LENGTH) return;
  t.add('ht.info.primarychannel', at);
  addWords(t, OPERATION, at);
  addModulations(t, at + SET.operation);
}
