/** Texts of the command line and of exports, in Japanese. */

import type { cliEn } from '../en/cli.ts';
import type { Translation } from '../message.ts';

export const cliJa: Translation<typeof cliEn> = {
  'exportProblem.mixed-link-types':
    'pcap に保存できるリンクタイプは 1 種類だけですが、対象のパケットには {count} 種類 ({types}) あります。pcapng で保存してください',
  'exportProblem.no-link-type': 'パケット {number} は {type} で、pcap には保存できません。pcapng で保存してください',
  'exportProblem.time-range':
    'パケット {number} の時刻は pcap で表せる範囲 (1970 年から 2106 年) の外です。pcapng で保存してください',
  'exportProblem.no-inner':
    '{format} はパケットを保存する形式ではありません。トンネルを外したパケットは pcapng か pcap で書き出してください',
  'exportProblem.no-time': '時刻のないパケットには時刻 0 を付けました: {packets} 個',
  'exportProblem.comments': 'pcap にはコメントを保存できないため、パケットのコメントを省きました: {packets} 個',
  'exportProblem.custom-blocks': 'コピー不可とされているカスタムブロックを省きました: {packets} 個',
  'exportProblem.long-texts': 'pcapng のオプションの上限 (65,535 バイト) を超える文字列を切り詰めました: {texts} 件',
  'exportProblem.same-file': '{file} は読み込み元のファイルです。別の名前を指定してください',
  'exportProblem.folder-missing': '{file} に書き込めません: フォルダーがありません',
  'exportProblem.is-folder': '{file} はファイルではなくフォルダーです',
  'exportProblem.not-allowed': '{file} に書き込む権限がありません',
  'exportProblem.no-space': '{file} に書き込めません: ディスクの空き容量が足りません',
  'exportProblem.not-written': '{file} に書き込めません: {reason}',
  'exportProblem.short-packets': 'ファイルが短くなったため、読み直せなかったパケットがあります: {packets} 個',
  'cli.about': 'クラウド VM を運用・調査する人のためのパケットキャプチャビューアー',
  'cli.commands': 'コマンド:',
  'cli.more-help': '各コマンドの詳しい説明は "nagare コマンド名 --help" で表示します。',
  'cli.internal': 'nagare 自体のエラーです: {reason}',
  'cli.file-problem': '{file}: {at} バイト目: {what}。それより前のパケットは読み込みました',
  'cli.file-oddity': '{file}: {at} バイト目: {what}',
  'cli.file-note': '{file}: {what}',
  'cli.bad-filter': 'フィルターの {place} 文字目に誤りがあります: {message}',
  'cli.bad-filter-hint': 'フィルターの {place} 文字目に誤りがあります: {message} {hint}',
  'cli.unknown-field': 'フィールド "{name}" はありません。一覧は "nagare fields --list" で表示します',
  'cli.unknown-field-near': 'フィールド "{name}" はありません。{near} ではありませんか?',

  'cli.usage.see-help': '{problem} (使い方: nagare {command} --help)',
  'cli.usage.no-command': 'コマンドを指定してください。一覧は "nagare --help" で表示します',
  'cli.usage.unknown-command': 'コマンド "{word}" はありません。一覧は "nagare --help" で表示します',
  'cli.usage.unknown-command-near': 'コマンド "{word}" はありません。{near} ではありませんか?',
  'cli.usage.unknown-option': 'オプション {option} はありません',
  'cli.usage.no-value-wanted': '{option} に値は指定できません',
  'cli.usage.value-missing': '{option} には値 ({value}) が必要です',
  'cli.usage.given-twice': '{option} が 2 回指定されています',
  'cli.usage.no-file': 'キャプチャファイルを指定してください',

  'cli.option.filter': 'この表示フィルターに一致するパケットだけを対象にする',
  'cli.option.decode-as': 'tcp.port==8080,http のような規則に従ってデコードする (複数指定可)',
  'cli.decode.form':
    '"{rule}" は規則として読めません。tcp.port==8080,http のように「表==番号,プロトコル」の形で指定してください',
  'cli.decode.table': '"{table}" の規則は作れません。使えるのは {tables} です',
  'cli.decode.key': '{rule}: 番号は 0 から {most} まで、範囲は 1,024 個までです',
  'cli.decode.protocol': '{table} を "{protocol}" としてデコードすることはできません',
  'cli.decode.protocol-near': '{table} を "{protocol}" としてデコードすることはできません。{near} のことですか?',
  'cli.option.tls-keys': 'この鍵ログファイル (SSLKEYLOGFILE) の秘密情報で TLS を復号する',
  'cli.option.strict': 'ファイルに問題があれば終了コード 1 で終わる',
  'cli.option.json': 'JSON で出力する',
  'cli.option.lang': 'メッセージの言語 (省略時はシステムの言語)',
  'cli.option.help': 'この説明を表示する',

  'cli.fields.summary': 'フィールドの値を 1 パケット 1 行で出力する、またはフィールドの一覧を出力する',
  'cli.fields.field': 'フィールド、または _ws.col.Info などの列。複数指定するときは繰り返す',
  'cli.fields.print': '出力のしかた (下記)',
  'cli.fields.list': 'すべてのフィールドの名前、説明、型、プロトコルを一覧にする',
  'cli.fields.json': '--list の一覧を JSON で出力する',
  'cli.fields.print-options':
    '-E header=y|n, bom=y|n, separator=/t|/s|文字, aggregator=,|/s|文字,\n   occurrence=f|l|a (最初、最後、すべて), quote=d|s|n: tshark と同じです。',
  'cli.fields.columns': '列: _ws.col.Source, _ws.col.Destination, _ws.col.Protocol, _ws.col.Info',
  'cli.fields.no-field': '出力するフィールドを -e FIELD で指定してください',
  'cli.fields.json-needs-list': '--json は --list と一緒に指定してください',
  'cli.fields.bad-print-option': '出力オプション "{text}" はありません',

  'cli.count.summary': 'パケット数を出力する',

  'cli.show.summary': '1 つのパケットをすべてのフィールドとともに出力する',
  'cli.show.frame': 'パケットの番号 (1 から)',
  'cli.show.frame-missing': 'パケットの番号を -n FRAME で指定してください',
  'cli.show.bad-frame': '"{text}" はパケットの番号ではありません。番号は 1 から始まります',
  'cli.show.no-such-packet': 'パケット {number} はありません。このキャプチャのパケット数は {count} です',

  'cli.option.view': '複数の場所で記録されたパケットの扱い: all (すべて、既定) または adapter (アダプターの記録だけ)',
  'cli.left-out': '同じパケットのほかの記録 {count} 件を除外しました (--view all ですべて対象になります)',
  'cli.bad-view': '"{view}" は指定できません。all または adapter を指定してください',
  'cli.stats.summary': 'パネルの集計を出力する',
  'cli.stats.view': '同じパケットが複数回記録されている場合の対象: all (すべて) または adapter (アダプター、既定)',
  'cli.stats.csv': '表を 1 つ CSV で出力します',
  'cli.stats.table': '--csv で出力する表。省略すると最初の表',
  'cli.stats.set': 'パネルの選択項目を指定します（ウィンドウの操作部と同じ）',
  'cli.stats.no-csv': '{panel} には表がありません。--json を使ってください',
  'cli.stats.no-table': 'その表はありません。使える表: {list}',
  'cli.stats.bad-set': '「{text}」は NAME=VALUE の形ではありません',
  'cli.stats.no-panel': 'パネルを指定してください: {list}',
  'cli.stats.unknown-panel': 'パネル "{name}" はありません。指定できるのは {list} です',
  'cli.stats.unknown-panel-near': 'パネル "{name}" はありません。{near} ではありませんか? 指定できるのは {list} です',

  'cli.export.summary': 'パケットを別のファイルに保存する',
  'cli.export.output': '保存先のファイル (あれば置き換える)。- は標準出力',
  'cli.export.format': 'ファイルの形式 (省略時はファイル名の拡張子から判断し、なければ pcapng)',
  'cli.export.column': 'csv の列 (number, time, source, destination, protocol, length, info) またはフィールド',
  'cli.export.decapsulate':
    'ミラーされたパケットを VXLAN・Geneve・ERSPAN・GRE のトンネルを外して書く（セッションごとに 1 インターフェース）',
  'cli.export.formats':
    'pcapng はコメント、名前、インターフェイスの情報も保存します。pcap に保存できるリンクタイプは 1 種類です。\ncsv、json、text は他のプログラムや閲覧のための形式です。表計算ソフトが数式とみなす csv のセルには先頭に\nアポストロフィを付けます。',
  'cli.export.no-output': '保存先のファイルを -w OUT で指定してください',
  'cli.export.unknown-format': '形式 "{format}" はありません。指定できるのは {list} です',
  'cli.export.columns-need-csv': '-e は --format csv と一緒に指定してください',
};
