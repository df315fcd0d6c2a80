/** The panel "Overview", in Japanese. */

import type { panelOverviewEn } from '../en/panel-overview.ts';
import type { Translation } from '../message.ts';

export const panelOverviewJa: Translation<typeof panelOverviewEn> = {
  'panel.overview': '概要',
  'explain.overview':
    '各文は表示中のパケットから作られます。合計、最もバイト数の多いアドレスとその主な相手、TCP データの往復時間（「往復時間」を参照）、再送されたセグメント（データを持つものに対する割合）、エキスパート情報と望ましくないプロトコルの一覧で見つかったものです。名前はキャプチャの中からだけ集めます。',
  'finding.overview.what': { other: '{count} パケット、{bytes}、{duration}（平均 {rate}）。' },
  'finding.overview.talker':
    '{address} が全バイト数の {share} に関わっています。最も多い相手は {peer}（{bytes}）です。',
  'finding.overview.rtt': '往復時間の中央値は {median}、95 % は {high} 以下です。',
  'finding.overview.noLoss': '再送された TCP セグメントはありません。',
  'finding.overview.loss': {
    other: '{count} 個の TCP セグメントが再送されました（データを持つものの {share}、{conversations} 接続）。',
  },
  'finding.overview.peerToPeer': { other: 'P2P 通信があります: {title} {count} パケット（{addresses}）。' },
  'finding.overview.mining': { other: 'マイニング通信があります: {title} {count} パケット（{addresses}）。' },
  'finding.overview.tunnel': {
    other: 'プロキシまたは Tor が使われている可能性があります: {title} {count} パケット（{addresses}）。',
  },
  'finding.overview.clearText': {
    other: '平文でのログインがあります: {title} {count} パケット（{addresses}）。',
  },
  'finding.overview.other': { other: '望ましくない通信があります: {title} {count} パケット（{addresses}）。' },
  'finding.overview.expert': { other: '{what}: {count} パケット。' },
  'figure.overview.packets': 'パケット',
  'figure.overview.bytes': 'バイト',
  'figure.overview.duration': '継続時間',
  'figure.overview.addresses': 'IP アドレス',
  'figure.overview.connections': 'TCP 接続',
  'figure.overview.rtt': '往復時間の中央値',
  'chart.overview.traffic': '通信量の推移',
  'chart.overview.protocols': 'プロトコル別バイト数',
  'chart.overview.talkers': 'アドレス別バイト数',
  'series.rate': '速度',
  'series.bytes': 'バイト',
};
