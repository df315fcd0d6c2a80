/** QQ (OICQ) and early ICQ, over UDP: a number for the version, then a command and who sends it. */

import { u16le } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const COMMANDS: Readonly<Record<number, string>> = {
  1: 'Log out',
  2: 'Heart Message',
  4: 'Update User information',
  5: 'Search user',
  6: 'Get User informationBroadcast',
  9: 'Add friend no auth',
  10: 'Delete user',
  11: 'Add friend by auth',
  13: 'Set status',
  18: 'Confirmation of receiving message from server',
  22: 'Send message',
  23: 'Receive message',
  24: 'Retrieve information',
  26: 'Reserved ',
  28: 'Delete Me',
  29: 'Request KEY',
  33: 'Cell Phone',
  34: 'Log in',
  38: 'Get friend list',
  39: 'Get friend online',
  41: 'Cell PHONE',
  48: 'Operation on group',
  49: 'Log in test',
  60: 'Group name operation',
  61: 'Upload group friend',
  62: 'MEMO Operation',
  88: 'Download group friend',
  92: 'Get level',
  98: 'Request login',
  101: 'Request extra information',
  103: 'Signature operation',
  128: 'Receive system message',
  129: 'Get status of friend',
  181: "Get friend's status of group",
  1015: 'Withdraw message',
};
const CLIENT_CMDS: Readonly<Record<number, string>> = {
  10: 'CMD_ACK',
  270: 'CMD_SEND_MESSAGE',
  1000: 'CMD_LOGIN',
  1020: 'CMD_REG_NEW_USER',
  1030: 'CMD_CONTACT_LIST',
  1050: 'CMD_SEARCH_UIN',
  1060: 'CMD_SEARCH_USER',
  1070: 'CMD_KEEP_ALIVE',
  1080: 'CMD_SEND_TEXT_CODE',
  1090: 'CMD_ACK_MESSAGES',
  1100: 'CMD_LOGIN_1',
  1110: 'CMD_MSG_TO_NEW_USER',
  1120: 'CMD_INFO_REQ',
  1130: 'CMD_EXT_INFO_REQ',
  1180: 'CMD_CHANGE_PW',
  1190: 'CMD_NEW_USER_INFO',
  1200: 'CMD_UPDATE_EXT_INFO',
  1210: 'CMD_QUERY_SERVERS',
  1220: 'CMD_QUERY_ADDONS',
  1240: 'CMD_STATUS_CHANGE',
  1260: 'CMD_NEW_USER_1',
  1290: 'CMD_UPDATE_INFO',
  1300: 'CMD_AUTH_UPDATE',
  1310: 'CMD_KEEP_ALIVE2',
  1320: 'CMD_LOGIN_2',
  1340: 'CMD_ADD_TO_LIST',
  1380: 'CMD_RAND_SET',
  1390: 'CMD_RAND_SEARCH',
  1610: 'CMD_META_USER',
  1700: 'CMD_INVIS_LIST',
  1710: 'CMD_VIS_LIST',
  1720: 'CMD_UPDATE_LIST',
};
const SERVER_CMDS: Readonly<Record<number, string>> = {
  10: 'SRV_ACK',
  30: 'SRV_SILENT_TOO_LONG',
  40: 'SRV_GO_AWAY',
  70: 'SRV_NEW_UIN',
  90: 'SRV_LOGIN_REPLY',
  100: 'SRV_BAD_PASS',
  110: 'SRV_USER_ONLINE',
  120: 'SRV_USER_OFFLINE',
  130: 'SRV_QUERY',
  140: 'SRV_USER_FOUND',
  160: 'SRV_END_OF_SEARCH',
  180: 'SRV_NEW_USER',
  200: 'SRV_UPDATE_EXT',
  220: 'SRV_RECV_MESSAGE',
  230: 'SRV_END_OFFLINE_MESSAGES',
  240: 'SRV_NOT_CONNECTED',
  250: 'SRV_TRY_AGAIN',
  260: 'SRV_SYS_DELIVERED_MESS',
  280: 'SRV_INFO_REPLY',
  290: 'SRV_EXT_INFO_REPLY',
  420: 'SRV_STATUS_UPDATE',
  450: 'SRV_SYSTEM_MESSAGE',
  480: 'SRV_UPDATE_SUCCESS',
  490: 'SRV_UPDATE_FAIL',
  500: 'SRV_AUTH_UPDATE',
  530: 'SRV_MULTI_PACKET',
  540: 'SRV_END_CONTACTLIST_STATUS',
  590: 'SRV_RAND_USER',
  990: 'SRV_META_USER',
};
/** First byte of QQ's datagrams. */
const OICQ = 2;

export const oicq = defineProtocol({
  name: 'oicq',
  title: 'OICQ - IM software, popular in China',
  on: { 'udp.port': [8000] },
  header: 11,
  fields: {
    flag: { at: 0, type: 'u8', label: 'Flag', show: 'hex', names: { 0x2: 'Oicq packet' } },
    version: { at: 1, type: 'u16', label: 'Version', show: 'hex' },
    command: { at: 3, type: 'u16', label: 'Command', names: COMMANDS },
    seq: { at: 5, type: 'u16', label: 'Sequence' },
    qqid: { at: 7, type: 'u32', label: 'Data(OICQ Number,if sender is client)' },
    data: { type: 'string', label: 'Data' },
  },
  accepts: (bytes, at) => bytes[at] === OICQ,
  tree(t) {
    const next = t.header();
    t.info('OICQ Protocol ');
    if (next < t.end) t.put('data', t.string(next, t.end - next, 'latin1'), next, t.end - next);
  },
});

const VERSIONS = [2, 3, 4, 5];
const V5 = 5;
const SERVER_V5 = { session: 3, command: 7, sequence1: 9, sequence2: 11, uin: 13, check: 17 } as const;

/** The version that both sides begin with; 5 is scrambled from the client's session on. */
export const icq = defineProtocol({
  name: 'icq',
  title: 'ICQ Protocol',
  on: { 'udp.port': [4000] },
  header: 4,
  fields: {
    version: { type: 'u16', label: 'Version', little: true },
    client: { type: 'bool', label: 'Client/Server', flag: ['Client', 'Server'] },
    uin: { type: 'u32', label: 'UIN', little: true },
    sessionid: { type: 'u32', label: 'Session ID', show: 'hex', little: true },
    client_cmd: { type: 'u16', label: 'Client command', little: true, names: CLIENT_CMDS },
    server_cmd: { type: 'u16', label: 'Server command', little: true, names: SERVER_CMDS },
    seqnum1: { type: 'u16', label: 'Seq Number 1', show: 'hex', little: true },
    seqnum2: { type: 'u16', label: 'Seq Number 2', show: 'hex', little: true },
    checkcode: { type: 'u32', label: 'Checkcode', show: 'hex', little: true },
  },
  accepts: (bytes, at, end) =>
    end - at >= 4 && VERSIONS.includes(u16le(bytes, at)) && (u16le(bytes, at) !== V5 || end - at >= 20),
  tree(t) {
    const { at } = t;
    const version = t.u16le(at);
    const isServer = t.ports[0] === 4000;
    t.column(`ICQv${version}`);
    t.info(`ICQv${version}`);
    t.generated('client', isServer ? 0 : 1);
    t.add('version', at);
    if (version === V5 && isServer) serverV5(t, at);
    else if (version === V5) t.add('uin', at + 6);
    else if (version === 2) versionTwo(t, at, isServer);
  },
});

function serverV5(t: TreeBuilder, at: number): void {
  const command = t.u16le(at + SERVER_V5.command);
  t.add('sessionid', at + SERVER_V5.session);
  t.add('server_cmd', at + SERVER_V5.command);
  t.addInfo(` ${t.nameOf('server_cmd', command) ?? 'Unknown'}`);
  t.add('seqnum1', at + SERVER_V5.sequence1);
  t.add('seqnum2', at + SERVER_V5.sequence2);
  t.add('uin', at + SERVER_V5.uin);
  t.add('checkcode', at + SERVER_V5.check);
}

function versionTwo(t: TreeBuilder, at: number, isServer: boolean): void {
  const key = isServer ? 'server_cmd' : 'client_cmd';
  t.add(key, at + 2);
  t.addInfo(` ${t.nameOf(key, t.u16le(at + 2)) ?? 'Unknown'}`);
  t.add('seqnum1', at + 4);
  t.add('uin', at + 6);
}
