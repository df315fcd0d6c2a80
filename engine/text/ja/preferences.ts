/** Protocols that should not be there, and names that the user gives, in Japanese. */

import type { preferencesEn } from '../en/preferences.ts';
import type { Translation } from '../message.ts';

export const preferencesJa: Translation<typeof preferencesEn> = {
  'cli.option.hosts': 'アドレスの名前（/etc/hosts の形式、複数指定可）',
  'cli.hosts-empty': '{name} にはアドレスと名前の行がありません。',
  'command.unwanted': '望ましくないプロトコル…',
  'unwanted.title': '望ましくないプロトコル',
  'unwanted.about':
    'ネットワーク上にあるべきでない通信の一覧です。各フィルターに合うパケットは、このファイルでも今後開くファイルでも、プロトコル階層に印が付き、概要に示されます。',
  'unwanted.edit': '一覧を編集…',
  'unwanted.rules': '望ましくないプロトコルの一覧',
  'unwanted.none': '一覧は空です。印は付きません。',
  'unwanted.on': '検出する',
  'unwanted.kind': '種類',
  'unwanted.name': '名前',
  'unwanted.filter': '表示フィルター',
  'unwanted.noFilter': '表示フィルターを入力してください。',
  'unwanted.add': '追加',
  'unwanted.remove': '一覧から削除',
  'unwanted.restore': '既定の一覧に戻す',
  'unwanted.badge': { other: 'このキャプチャには望ましくないプロトコルが {count} 種類あります' },
  'unwanted.kind.peerToPeer': 'P2P',
  'unwanted.kind.mining': 'マイニング',
  'unwanted.kind.tunnel': 'プロキシ・Tor',
  'unwanted.kind.clearText': '平文ログイン',
  'unwanted.kind.other': '望ましくない通信',
  'hierarchy.unwantedHint': { other: '{kind}: {title}、{count} パケット（クリックで表示）' },
  'hierarchy.gathering': 'メッセージを読み取り中です。望ましくないプロトコルがさらに見つかることがあります。',
};
