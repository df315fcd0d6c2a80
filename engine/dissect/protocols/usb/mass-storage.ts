/** Mass storage on USB (Bulk-Only Transport 1.0): the wrappers around SCSI's commands, and the commands by name (SPC-4, SBC-3). */

import { defineProtocol } from '../../protocol.ts';

/** The first bytes of a command and of its status: `USBC`, `USBS`. */
export const WRAPPER = { command: 0x43425355, status: 0x53425355 } as const;
const OPERATIONS: Readonly<Record<number, string>> = {
  0x00: 'Test Unit Ready',
  0x03: 'Request Sense',
  0x12: 'Inquiry',
  0x1a: 'Mode Sense(6)',
  0x1b: 'Start Stop Unit',
  0x1e: 'Prevent/Allow Medium Removal',
  0x23: 'Read Format Capacities',
  0x25: 'Read Capacity(10)',
  0x28: 'Read(10)',
  0x2a: 'Write(10)',
  0x35: 'Synchronize Cache(10)',
  0x5a: 'Mode Sense(10)',
};
const COMMAND = { tag: 4, length: 8, flags: 12, status: 12, lun: 13, cdbLength: 14, cdb: 15 } as const;
const READ = 0x28;
const WRITE = 0x2a;

export const usbMassStorage = defineProtocol({
  name: 'usbms',
  title: 'USB Mass Storage',
  opens: ['scsi'],
  fields: {
    dCBWSignature: { type: 'u32', little: true, show: 'hex', label: 'Signature' },
    dCBWTag: { type: 'u32', little: true, show: 'hex', label: 'Tag' },
    dCBWDataTransferLength: { type: 'u32', little: true, label: 'DataTransferLength' },
    dCBWFlags: { type: 'u8', show: 'hex', label: 'Flags' },
    dCBWCBLength: { type: 'u8', bits: [4, 0], show: 'hex', label: 'CDB Length' },
    dCBWLUN: { type: 'u8', bits: [3, 0], show: 'hex', label: 'LUN' },
    dCSWSignature: { type: 'u32', little: true, show: 'hex', label: 'Signature' },
    dCSWStatus: {
      type: 'u8',
      show: 'hex',
      label: 'Status',
      names: { 0: 'Command Passed', 1: 'Command Failed', 2: 'Phase Error' },
    },
  },
  tree(t) {
    const { at } = t;
    t.info('');
    const first = t.has(at, 4) ? t.u32le(at) : 0;
    if (first === WRAPPER.status) {
      t.add('dCSWSignature', at);
      t.add('dCBWTag', at + COMMAND.tag);
      t.add('dCSWStatus', at + COMMAND.status);
      t.info(`SCSI: Response (${t.nameOf('dCSWStatus', t.u8(at + COMMAND.status)) ?? 'Unknown'})`);
      return;
    }
    if (first !== WRAPPER.command) {
      // Between a command and its status its data come bare.
      t.info('SCSI: Data');
      t.payload(at);
      t.column('USBMS');
      return;
    }
    t.add('dCBWSignature', at);
    t.add('dCBWTag', at + COMMAND.tag);
    t.add('dCBWDataTransferLength', at + COMMAND.length);
    t.add('dCBWFlags', at + COMMAND.flags);
    t.add('dCBWLUN', at + COMMAND.lun);
    t.add('dCBWCBLength', at + COMMAND.cdbLength);
    t.headerEnd(at + COMMAND.cdb);
    const length = t.u8(at + COMMAND.cdbLength) & 31;
    t.dissectUnlisted('scsi', at + COMMAND.cdb, Math.min(t.end, at + COMMAND.cdb + length));
  },
});

/** The command inside the wrapper: Wireshark lists it as a row of the tree only. */
export const scsi = defineProtocol({
  name: 'scsi',
  title: 'SCSI CDB',
  short: '',
  unlisted: true,
  fields: {
    lun: { type: 'u16', show: 'hex', label: 'LUN' },
    opcode: { type: 'u8', show: 'hex', label: 'Opcode', names: OPERATIONS, abbrev: 'scsi_sbc.opcode' },
    lba: { type: 'u32', label: 'Logical Block Address (LBA)', abbrev: 'scsi_sbc.rdwr10.lba' },
    blocks: { type: 'u16', label: 'Transfer Length', abbrev: 'scsi_sbc.rdwr10.xferlen' },
  },
  tree(t) {
    const { at } = t;
    const lun = t.bytes[at - COMMAND.cdb + COMMAND.lun] & 15;
    t.generated('lun', lun);
    const operation = t.u8(at);
    const name = OPERATIONS[operation] ?? `Unknown (0x${operation.toString(16)})`;
    t.label(`SCSI CDB ${name}`);
    t.info(`SCSI: ${name} LUN: 0x${lun.toString(16).padStart(2, '0')} `);
    t.add('opcode', at);
    if (operation !== READ && operation !== WRITE) return;
    t.addInfo(
      `(LBA: 0x${t
        .u32(at + 2)
        .toString(16)
        .padStart(8, '0')}, Len: ${t.u16(at + 7)})`,
    );
    t.add('lba', at + 2);
    t.add('blocks', at + 7);
  },
});
