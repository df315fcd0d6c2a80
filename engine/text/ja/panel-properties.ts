/** The panel "Capture properties", in Japanese. */

import type { panelPropertiesEn } from '../en/panel-properties.ts';
import type { Translation } from '../message.ts';

export const panelPropertiesJa: Translation<typeof panelPropertiesEn> = {
  'panel.properties': 'キャプチャ情報',
  'explain.properties':
    'ファイルに記録された情報と、表示中のパケットの合計です。バイトは回線上の長さで、途中で切られたパケットがあると取り込みバイトは少なくなります。速度は最初のパケットから最後のパケットまでの時間で計算します。',
  'figure.properties.packets': 'パケット',
  'figure.properties.bytes': 'バイト',
  'figure.properties.captured': '取り込みバイト',
  'figure.properties.duration': '継続時間',
  'figure.properties.rate': '平均速度',
  'figure.properties.packetRate': '毎秒パケット数',
  'table.properties.facts': 'ファイル',
  'table.properties.interfaces': 'インターフェース',
  'column.property': '項目',
  'column.propertyValue': '値',
  'column.interfaceId': '番号',
  'column.description': '説明',
  'column.linkType': 'リンクタイプ',
  'column.captureFilter': 'キャプチャフィルター',
  'column.snapLength': '最大取り込み長',
  'column.accepted': 'フィルターを通過',
  'column.dropped': 'インターフェースでの取りこぼし',
  'column.droppedByKernel': 'カーネルでの取りこぼし',
  'value.property.format': '形式',
  'value.property.compression': '圧縮',
  'value.property.first': '最初のパケット',
  'value.property.last': '最後のパケット',
  'value.property.hardware': 'ハードウェア',
  'value.property.os': 'OS',
  'value.property.application': 'アプリケーション',
  'value.property.comment': 'コメント',
  'value.property.warning': '警告',
};
