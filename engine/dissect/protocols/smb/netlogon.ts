/** Microsoft Windows logon messages in mailslots ([MS-ADTS] 6.3): named by command. */

import { defineProtocol } from '../../protocol.ts';

const COMMANDS: Readonly<Record<number, string>> = {
  0x0: 'LM1.0/LM2.0 LOGON Request',
  0x1: 'LM1.0 LOGON Response',
  0x2: 'LM1.0 Query - Centralized Initialization',
  0x3: 'LM1.0 Query - Distributed Initialization',
  0x4: 'LM1.0 Response - Centralized Query',
  0x5: 'LM1.0 Response - Distributed Initialization',
  0x6: 'LM2.0 Response to LOGON Request',
  0x7: 'Query for PDC',
  0x8: 'Announce Startup of PDC',
  0x9: 'Announce Failed PDC',
  0xa: 'Announce Change to UAS or SAM',
  0xb: 'Announce no user on machine',
  0xc: 'Response from PDC',
  0xd: 'LM1.0/LM2.0 Response to re-LOGON Request',
  0xe: 'LM1.0/LM2.0 Response to Interrogate Request',
  0xf: 'LM2.0 Response during LOGON pause',
  0x10: 'LM2.0 Response - user unknown',
  0x11: 'LM2.0 Announce account updates',
  0x12: 'SAM LOGON request from client',
  0x13: 'Response to SAM LOGON request',
  0x14: 'SAM Response during LOGON pause',
  0x15: 'SAM Response - user unknown',
  0x16: 'SAM Response to Interrogate Request',
  0x17: 'SAM Active Directory Response - user unknown',
  0x18: 'SAM unknown command 0x18',
  0x19: 'Active Directory Response to SAM LOGON request',
};

export const smbNetlogon = defineProtocol({
  name: 'smb_netlogon',
  title: 'Microsoft Windows Logon Protocol (Old)',
  header: 2,
  fields: {
    command: { type: 'u8', show: 'hex', label: 'Command', at: 0, names: COMMANDS },
  },
  tree(t) {
    t.header();
    const command = t.u8(t.at);
    t.info(COMMANDS[command] ?? 'Unknown Command');
  },
});
