/** What `nagare serve` and `nagare open` say in the terminal, and the browser's plain answers, in Japanese. */

import type { serveEn } from '../en/serve.ts';
import type { Translation } from '../message.ts';

export const serveJa: Translation<typeof serveEn> = {
  'serve.at': 'Nagare のアドレス: {url}',
  'serve.once': 'このアドレスは 1 分以内に 1 回だけ、1 つのブラウザーで使えます。',
  'serve.enter': 'Enter で新しいアドレスを表示、Ctrl+C で終了します。',
  'serve.end': 'Ctrl+C で終了します。',
  'serve.folders': '開けるファイルの場所: {folders}',
  'serve.ssh':
    'このマシンには画面がありません。手元のマシンで次の行を実行し、そのブラウザーで上のアドレスを開いてください:',
  'serve.wrongHost': 'Nagare は 127.0.0.1 または localhost の自分のポートで、自分のページにだけ応答します。',
  'serve.noCookie':
    'nagare serve が端末に表示したアドレスを開いてください。端末で Enter を押すと新しいアドレスが表示されます。',
  'serve.codeUsed':
    'このアドレスは使用済みか、1 分を過ぎています。nagare serve の端末で Enter を押すと新しいアドレスが表示されます。',
  'serve.noDownload': 'このダウンロードはもうありません。取得できるのは 1 回だけです。',

  'serve.noFile': '{path} がありません。',
  'serve.badPort': 'ポートは 1 から 65535 の数（0 は任意）です。「{port}」は使えません。',
  'serve.badSize': 'サイズは K、M、G、T を付けた数（例: 4G）です。「{size}」は使えません。',
  'serve.noPage': 'ウィンドウがビルドされていません。npm run build を実行してください。',

  'start.opening': 'Nagare を開いています…',
  'start.noElectron': 'Electron がインストールされていません（{reason}）。同じウィンドウをブラウザーで開きます。',
  'start.noElectronPackage': 'パッケージがありません',
  'start.fetching': 'Electron {version} を取得しています（初回のみ）…',
  'start.fetchSilent': '{seconds} 秒間データが届きませんでした',
  'start.fetchFailed': '取得に失敗しました: {reason}',
  'start.fetchedToday': '直近 24 時間以内に取得に失敗しています。nagare open --fetch で再試行できます',
  'start.electronFailed': 'Electron がコード {code} で終了しました。同じウィンドウをブラウザーで開きます。',
  'start.noBrowser': 'ブラウザーを起動できませんでした。アドレスをブラウザーで開いてください。',

  'cli.open.summary': 'キャプチャをウィンドウで開きます。ファイルがなければ、初回はサンプルを開きます',
  'cli.open.browser': 'Electron があってもブラウザーで開く',
  'cli.open.fetch': '直近 24 時間以内に失敗していても Electron を取得する',
  'cli.open.note':
    'Electron がない場合は、同じウィンドウをブラウザーで開きます。開けるのは、ホーム、現在のフォルダー、\n指定したファイルのフォルダーにあるファイルです。',
  'cli.serve.summary': 'このマシンのループバックアドレスで、ウィンドウをブラウザーに提供します',
  'cli.serve.port': 'ポート。省略時は空いているポート',
  'cli.serve.root': 'ファイルを開けるフォルダー',
  'cli.serve.upload-limit': 'ウィンドウにドロップできるファイルの最大サイズ（4G）',
  'cli.serve.capture': 'ライブキャプチャを使えるようにする (アドレスを知る人はこのマシンの通信をキャプチャできます)',
  'cli.serve.no-open': 'アドレスの表示だけを行い、ブラウザーを開かない',
  'cli.serve.note':
    '開けるのは、指定したファイルのフォルダーと --root のフォルダーにあるファイルです。どちらもなければ現在の\nフォルダーになります。別のマシンから見るには、表示される ssh の行を使ってください。',
};
