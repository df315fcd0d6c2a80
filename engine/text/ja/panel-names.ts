/** The panel "Resolved names", in Japanese. */

import type { panelNamesEn } from '../en/panel-names.ts';
import type { Translation } from '../message.ts';

export const panelNamesJa: Translation<typeof panelNamesEn> = {
  'panel.names': '名前解決',
  'explain.names':
    '名前は、自分で付けたもの（ラベル、hosts ファイル）と、キャプチャから分かるもの（ファイルの名前解決情報、TLS クライアント (SNI) と HTTP クライアント (Host) がサーバーに指定した名前、DNS、mDNS、LLMNR の応答で問い合わせた名前）です。ネットワークへの問い合わせは行いません。1 つのアドレスに複数の名前があるとき、ほかのパネルではラベル、hosts ファイル、ファイル、TLS、HTTP、DNS の順に優先します。',
  'figure.names.addresses': '名前のあるアドレス',
  'figure.names.names': '名前',
  'table.names': '名前',
  'column.name': '名前',
  'column.nameSource': '情報源',
  'value.name.dns': 'DNS 応答',
  'value.name.tls': 'TLS クライアント (SNI)',
  'value.name.http': 'HTTP クライアント (Host)',
  'value.name.file': 'ファイル',
  'value.name.label': '自分のラベル',
  'value.name.hosts': 'hosts ファイル',
};
