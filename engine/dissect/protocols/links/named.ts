/** Link types whose packets are named and no more: buses, radio links and monitors that carry no internet protocol. */

import { defineProtocol, type ProtocolSpec } from '../../protocol.ts';

function named(link: readonly number[], name: string, title: string, short: string, hasData = false): ProtocolSpec {
  return defineProtocol({
    name,
    title,
    short,
    on: { link },
    fields: {},
    scan(p) {
      if (hasData) p.rest();
    },
    tree(t) {
      t.info('');
      if (!hasData) return;
      t.headerEnd(t.at);
      t.upper(t.at);
    },
  });
}

export const docsis = named([143], 'docsis', 'DOCSIS', 'DOCSIS');
export const mstp = named([165], 'mstp', 'BACnet MS/TP', 'BACnet', true);
export const gprsLlc = named([169], 'llcgprs', 'Logical Link Control GPRS', 'GPRS-LLC');
export const gfp = named([170, 171], 'gfp', 'Generic Framing Procedure', 'GFP', true);
export const sita = named([196], 'sita', 'Societe Internationale de Telecommunications Aeronautiques', 'UNKNOWN', true);
export const i2c = named([199, 209], 'i2c', 'Inter-Integrated Circuit', 'I2C', true);
export const flexray = named([210], 'flexray', 'FlexRay Protocol', 'FLEXRAY');
export const lin = named([212], 'lin', 'LIN Protocol', 'LIN');
export const nonAsk = named([215], 'wpan-nonask-phy', 'IEEE 802.15.4 non-ASK PHY', 'IEEE 802.15.4');
export const dbus = named([231], 'dbus', 'D-Bus', 'D-Bus');
export const dvbCi = named([235], 'dvb-ci', 'DVB Common Interface', 'DVB-CI');
export const mux27010 = named([236], 'mux27010', 'MUX27010 Protocol', 'MUX27010');
export const rtacSerial = named([250], 'rtacser', 'RTAC Serial', 'RTAC Serial', true);
export const bluetoothRadio = named([255], 'btbredr_rf', 'Bluetooth Pseudoheader for BR/EDR', 'BT BR/EDR RF');
export const ipmiTrace = named([260], 'ipmi.trace', 'IPMI Trace Data Collection', 'n/a', true);
export const iso14443 = named([264], 'iso14443', 'ISO/IEC 14443', 'ISO 14443');
export const xra = named([273], 'xra', 'Excentis XRA Header', 'XRA');
export const displayPortAux = named([275], 'dpauxmon', 'DisplayPort AUX channel monitor', 'DPAUXMON');
export const ebhscr = named([279], 'ebhscr', 'EBHSCR Protocol', 'EBHSCR', true);
export const vppDispatch = named([280], 'vpp', 'VPP Dispatch Trace', 'VPP');
export const usbLinkLayer = named([288, 293, 294, 295], 'usbll', 'USB Link Layer', 'USBLL');
export const zboss = named([292], 'zbncp', 'ZBOSS Network Coprocessor product', 'ZB NCP');
