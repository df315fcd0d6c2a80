/** SCCP, the protocol of Cisco's telephones ("Skinny"): little-endian messages behind their length. */

import { u32le } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';

const AT = { length: 0, version: 4, id: 8, body: 12 } as const;
/** The length counts from the message's number on. */
const BEFORE = 8;
const MAX_LENGTH = 4096;
const VERSIONS: Readonly<Record<number, string>> = {
  0: 'Basic',
  10: 'CM7 type A',
  16: 'CM7 type D',
  17: 'CM7 type A',
  18: 'CM7 type B',
  19: 'CM7 type C',
  20: 'CM7 type D',
  22: 'CM7 type E',
};
const MESSAGES: Readonly<Record<number, string>> = {
  0: 'KeepAliveReq',
  1: 'RegisterReq',
  2: 'IpPort',
  3: 'KeypadButton',
  4: 'EnblocCall',
  5: 'Stimulus',
  6: 'OffHook',
  7: 'OnHook',
  8: 'HookFlash',
  9: 'ForwardStatReq',
  10: 'SpeedDialStatReq',
  11: 'LineStatReq',
  12: 'ConfigStatReq',
  13: 'TimeDateReq',
  14: 'ButtonTemplateReq',
  15: 'VersionReq',
  16: 'CapabilitiesRes',
  18: 'ServerReq',
  32: 'Alarm',
  33: 'MulticastMediaReceptionAck',
  34: 'OpenReceiveChannelAck',
  35: 'ConnectionStatisticsRes',
  36: 'OffHookWithCallingPartyNumber',
  37: 'SoftKeySetReq',
  38: 'SoftKeyEvent',
  39: 'UnregisterReq',
  40: 'SoftKeyTemplateReq',
  41: 'RegisterTokenReq',
  42: 'MediaTransmissionFailure',
  43: 'HeadsetStatus',
  44: 'MediaResourceNotification',
  45: 'RegisterAvailableLines',
  46: 'DeviceToUserData',
  47: 'DeviceToUserDataResponse',
  48: 'UpdateCapabilities',
  49: 'OpenMultiMediaReceiveChannelAck',
  50: 'ClearConference',
  51: 'ServiceURLStatReq',
  52: 'FeatureStatReq',
  53: 'CreateConferenceRes',
  54: 'DeleteConferenceRes',
  55: 'ModifyConferenceRes',
  56: 'AddParticipantRes',
  57: 'AuditConferenceRes',
  64: 'AuditParticipantRes',
  65: 'DeviceToUserDataVersion1',
  66: 'DeviceToUserDataResponseVersion1',
  67: 'CapabilitiesV2Res',
  68: 'CapabilitiesV3Res',
  69: 'PortRes',
  70: 'QoSResvNotify',
  71: 'QoSErrorNotify',
  72: 'SubscriptionStatReq',
  73: 'MediaPathEvent',
  74: 'MediaPathCapability',
  76: 'MwiNotification',
  129: 'RegisterAck',
  130: 'StartTone',
  131: 'StopTone',
  133: 'SetRinger',
  134: 'SetLamp',
  135: 'SetHookFlashDetect',
  136: 'SetSpeakerMode',
  137: 'SetMicroMode',
  138: 'StartMediaTransmission',
  139: 'StopMediaTransmission',
  143: 'CallInfo',
  144: 'ForwardStatRes',
  145: 'SpeedDialStatRes',
  146: 'LineStatRes',
  147: 'ConfigStatRes',
  148: 'TimeDateRes',
  149: 'StartSessionTransmission',
  150: 'StopSessionTransmission',
  151: 'ButtonTemplateRes',
  152: 'VersionRes',
  153: 'DisplayText',
  154: 'ClearDisplay',
  155: 'CapabilitiesReq',
  157: 'RegisterReject',
  158: 'ServerRes',
  159: 'Reset',
  256: 'KeepAliveAck',
  257: 'StartMulticastMediaReception',
  258: 'StartMulticastMediaTransmission',
  259: 'StopMulticastMediaReception',
  260: 'StopMulticastMediaTransmission',
  261: 'OpenReceiveChannel',
  262: 'CloseReceiveChannel',
  263: 'ConnectionStatisticsReq',
  264: 'SoftKeyTemplateRes',
  265: 'SoftKeySetRes',
  272: 'SelectSoftKeys',
  273: 'CallState',
  274: 'DisplayPromptStatus',
  275: 'ClearPromptStatus',
  276: 'DisplayNotify',
  277: 'ClearNotify',
  278: 'ActivateCallPlane',
  279: 'DeactivateCallPlane',
  280: 'UnregisterAck',
  281: 'BackSpaceRes',
  282: 'RegisterTokenAck',
  283: 'RegisterTokenReject',
  284: 'StartMediaFailureDetection',
  285: 'DialedNumber',
  286: 'UserToDeviceData',
  287: 'FeatureStatRes',
  288: 'DisplayPriNotify',
  289: 'ClearPriNotify',
  290: 'StartAnnouncement',
  291: 'StopAnnouncement',
  292: 'AnnouncementFinish',
  295: 'NotifyDtmfTone',
  296: 'SendDtmfTone',
  297: 'SubscribeDtmfPayloadReq',
  298: 'SubscribeDtmfPayloadRes',
  299: 'SubscribeDtmfPayloadErr',
  300: 'UnSubscribeDtmfPayloadReq',
  301: 'UnSubscribeDtmfPayloadRes',
  302: 'UnSubscribeDtmfPayloadErr',
  303: 'ServiceURLStatRes',
  304: 'CallSelectStatRes',
  305: 'OpenMultiMediaReceiveChannel',
  306: 'StartMultiMediaTransmission',
  307: 'StopMultiMediaTransmission',
  308: 'MiscellaneousCommand',
  309: 'FlowControlCommand',
  310: 'CloseMultiMediaReceiveChannel',
  311: 'CreateConferenceReq',
  312: 'DeleteConferenceReq',
  313: 'ModifyConferenceReq',
  314: 'AddParticipantReq',
  315: 'DropParticipantReq',
  316: 'AuditConferenceReq',
  317: 'AuditParticipantReq',
  318: 'ChangeParticipantReq',
  319: 'UserToDeviceDataVersion1',
  320: 'VideoDisplayCommand',
  321: 'FlowControlNotify',
  322: 'ConfigStatV2Res',
  323: 'DisplayNotifyV2',
  324: 'DisplayPriNotifyV2',
  325: 'DisplayPromptStatusV2',
  326: 'FeatureStatV2Res',
  327: 'LineStatV2Res',
  328: 'ServiceURLStatV2Res',
  329: 'SpeedDialStatV2Res',
  330: 'CallInfoV2',
  331: 'PortReq',
  332: 'PortClose',
  333: 'QoSListen',
  334: 'QoSPath',
  335: 'QoSTeardown',
  336: 'UpdateDSCP',
  337: 'QoSModify',
  338: 'SubscriptionStatRes',
  339: 'Notification',
  340: 'StartMediaTransmissionAck',
  341: 'StartMultiMediaTransmissionAck',
  342: 'CallHistoryInfo',
  343: 'LocationInfo',
  344: 'MwiRes',
  345: 'AddOnDeviceCapabilities',
  346: 'EnhancedAlarm',
  350: 'CallCountReq',
  351: 'CallCountResp',
  352: 'RecordingStatus',
  32768: 'SPCPRegisterTokenReq',
  33024: 'SPCPRegisterTokenAck',
  33025: 'SPCPRegisterTokenReject',
};
/** Requests and answers: the Protocol column tells them apart. */
const REQUESTS: ReadonlySet<number> = new Set([
  0, 1, 9, 10, 11, 12, 13, 14, 15, 18, 37, 39, 40, 41, 46, 51, 52, 65, 72, 76, 138, 257, 258, 261, 263, 297, 300, 305,
  306, 311, 312, 313, 314, 315, 316, 317, 318, 331, 350, 32768,
]);
const ANSWERS: ReadonlySet<number> = new Set([
  16, 33, 34, 35, 42, 47, 49, 53, 54, 55, 56, 57, 64, 66, 67, 68, 69, 129, 144, 145, 146, 147, 148, 151, 152, 158, 256,
  264, 265, 280, 282, 283, 287, 298, 299, 301, 302, 303, 322, 326, 327, 328, 329, 338, 340, 341, 344, 351, 33024, 33025,
]);
const DEVICE_NAME = 16;
const REGISTER = 1;

function isHeader(bytes: Uint8Array, at: number): boolean {
  const length = u32le(bytes, at);
  return length >= 4 && length <= MAX_LENGTH && VERSIONS[u32le(bytes, at + AT.version)] !== undefined;
}

export const skinny = defineProtocol({
  name: 'skinny',
  title: 'Skinny Client Control Protocol',
  on: { 'tcp.port': [2000] },
  fields: {
    data_length: { type: 'u32', label: 'Data length', little: true, many: true },
    hdr_version: { type: 'u32', show: 'hex', label: 'Header version', little: true, names: VERSIONS, many: true },
    messageId: { type: 'u32', label: 'Message ID', little: true, names: MESSAGES, many: true },
    DeviceName: { type: 'string', label: 'DeviceName', many: true },
  },
  accepts: (bytes, at, end) => end - at >= AT.body && isHeader(bytes, at),
  frame(f: Framing): number {
    if (f.end - f.at < BEFORE) return MORE;
    return isHeader(f.bytes, f.at) ? BEFORE + u32le(f.bytes, f.at) : NOT_MINE;
  },
  tree(t) {
    const { at } = t;
    t.info('');
    if (!t.has(at, AT.body) || !isHeader(t.bytes, at)) {
      t.text('Data', at, t.end - at);
      return;
    }
    const id = t.u32le(at + AT.id);
    if (REQUESTS.has(id)) t.column('SKINNY/REQ');
    else if (ANSWERS.has(id)) t.column('SKINNY/RESP');
    t.info(`${MESSAGES[id] ?? 'Unknown'} `);
    t.add('data_length', at);
    t.add('hdr_version', at + AT.version);
    t.add('messageId', at + AT.id);
    const body = at + AT.body;
    if (id === REGISTER && t.has(body, DEVICE_NAME))
      t.put('DeviceName', t.string(body, DEVICE_NAME, 'ascii', true), body, DEVICE_NAME);
    else if (t.end > body) t.text('Data', body, t.end - body);
  },
});
