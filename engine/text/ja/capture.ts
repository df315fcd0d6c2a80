/** Live capture: what is missing for it, and what went wrong, in Japanese. */

import type { captureEn } from '../en/capture.ts';
import type { Translation } from '../message.ts';

export const captureJa: Translation<typeof captureEn> = {
  'captureNeed.not-offered': 'ここではライブキャプチャを使えません。"nagare serve --capture" で起動してください。',
  'captureNeed.no-tool':
    'キャプチャに使えるプログラムが見つかりません。C コンパイラーのある環境で "npm run build" を実行するか、tcpdump または Wireshark をインストールしてください。',
  'captureNeed.libpcap-missing':
    'ライブラリ libpcap がありません。Debian / Ubuntu では "apt install libpcap0.8"、Fedora / RHEL では "dnf install libpcap" でインストールしてください。',
  'captureNeed.npcap-missing':
    'Npcap がインストールされていません。npcap.com から入手できます (無償ライセンスは 5 台まで、再配布不可)。ない場合は Windows 標準のパケットキャプチャを使います。',
  'captureNeed.permission-linux':
    'キャプチャの権限がありません ({reason})。必要な設定は "nagare setup-capture" で表示します。ウィンドウ自体を root で動かすことはありません。',
  'captureNeed.permission-macos':
    'BPF デバイスを読む権限がありません ({reason})。必要な設定は "nagare setup-capture" で表示します。',
  'captureNeed.permission-windows':
    'キャプチャの権限がありません ({reason})。Npcap が管理者専用でインストールされています。その設定を外して入れ直してください。',
  'captureNeed.helper-missing':
    '{tool} でキャプチャします。Nagare のキャプチャヘルパーがビルドされていないため、キャプチャ中はドロップ数が分かりません。',
  'captureNeed.not-exact':
    '{tool} でキャプチャします。時刻はカーネルのものではなく、ドロップ数も分かりません。Nagare のキャプチャヘルパーか tcpdump の使用をお勧めします。',
  'captureNeed.not-live': '{tool} でキャプチャします。パケットはキャプチャの終了後に表示されます。',
  'captureNeed.no-device': 'インターフェイス {interface} がありません ({reason})。',
  'captureNeed.interface-down': '{interface} はダウンしています ({reason})。',
  'captureNeed.filter': 'キャプチャフィルターに誤りがあります: {reason}',
  'captureNeed.option-unsupported': '{interface} では指定した設定を使えません: {reason}',
  'captureNeed.one-interface':
    'このツールで一度にキャプチャできるインターフェイスは 1 つです (指定されたもの: {interface})。',
  'captureNeed.no-ring': 'このツールはリングファイルに対応していないため、直近の数分だけを残すことはできません。',
  'captureNeed.write-failed': '{path} に書き込めません: {reason}',
  'captureNeed.disk-full':
    'ディスクの空き容量がなくなったため、キャプチャを終了しました。{path} は最後のパケットまで正しく保存されています。',
  'captureNeed.device-gone':
    '{interface} が取り外されたか停止しました。それまでにキャプチャした内容は正しく保存されています。',
  'captureNeed.tool-ended': 'キャプチャツールが予期せず終了しました ({reason})。書き込み済みの内容は残っています。',
  'captureNeed.warning': '{interface}: {reason}',
  'captureNeed.failed': 'キャプチャに失敗しました: {reason}',
  'captureNeed.save-failed': '直近のパケットを保存できませんでした: {reason}',
  'captureNeed.remote-unreachable': 'SSH で相手のマシンに接続できません: {reason}',
  'captureNeed.remote-tool-missing': '相手のマシンにキャプチャツールがないか、パスが通っていません: {reason}',
  'captureNeed.remote-permission':
    '相手のマシンでキャプチャする権限がありません ({reason})。そのツールをパスワードなしの sudo で実行できるようにするか、別のユーザーでログインしてください。',
  'captureNeed.no-ssh': 'このマシンに ssh がありません。',
};
