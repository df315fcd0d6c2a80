/** What is wrong with a capture file, in Japanese. */

import type { captureProblemsEn } from '../en/capture-problems.ts';
import type { Translation } from '../message.ts';

export const captureProblemsJa: Translation<typeof captureProblemsEn> = {
  'captureProblem.cut-file-header': 'ファイルがヘッダーの途中で終わっています（{need} バイト中 {left} バイト）',
  'captureProblem.cut-record-header':
    'ファイルがレコードヘッダーの途中で終わっています（{need} バイト中 {left} バイト）',
  'captureProblem.cut-packet': 'ファイルがパケットの途中で終わっています（{need} バイト中 {left} バイト）',
  'captureProblem.cut-record': 'ファイルがレコードの途中で終わっています（{need} バイト中 {left} バイト）',
  'captureProblem.cut-block': 'ファイルがブロックの途中で終わっています（{need} バイト中 {left} バイト）',
  'captureProblem.version': '{format} のバージョン {version} には対応していません（対応: {known}）',
  'captureProblem.packet-too-large': 'パケットのキャプチャ長が {claimed} バイトになっています（上限 {limit} バイト）',
  'captureProblem.record-too-large': 'レコードの長さが {claimed} バイトになっています（上限 {limit} バイト）',
  'captureProblem.record-too-small': 'レコードの長さ {size} バイトに {captured} バイトのパケットは収まりません',
  'captureProblem.reserved-link-type':
    'リンクタイプ欄の予約ビットが 0 ではありません（{bits}）。リンクタイプ {linkType} として読み込みました',
  'captureProblem.no-magic': '{format} のマジックナンバーがありません',
  'captureProblem.no-byte-order': 'セクションヘッダーにバイトオーダーの印がありません',
  'captureProblem.no-section': 'セクションより前にブロックがあります',
  'captureProblem.block-too-short': 'ブロックの長さが {claimed} バイトになっています（最小 {least} バイト）',
  'captureProblem.block-too-large': 'ブロックの長さが {claimed} バイトになっています（上限 {limit} バイト）',
  'captureProblem.block-lengths': 'ブロックの前後の長さが一致しません（前 {first}、後 {second}）',
  'captureProblem.block-too-small': 'タイプ {type} のブロックが短すぎます（{size} バイト）',
  'captureProblem.block-too-small-for-packet':
    'ブロックの長さ {size} バイトに {captured} バイトのパケットは収まりません',
  'captureProblem.option-too-long':
    'オプション {option} の長さが {claimed} バイトですが、ブロックには {left} バイトしか残っていません',
  'captureProblem.secrets-too-long':
    '復号鍵の長さが {claimed} バイトですが、ブロックには {left} バイトしか残っていません',
  'captureProblem.no-such-interface':
    'ブロックがインターフェース {interface} を参照していますが、このセクションには {count} 個しかありません',
  'captureProblem.too-many-interfaces': 'インターフェースの数が上限の {limit} を超えています',
  'captureProblem.cut-buffer': 'ファイルがバッファーの途中で終わっています（{need} バイト中 {left} バイト）',
  'captureProblem.buffer-size':
    'バッファーの長さが {claimed} バイトになっているため、ここから先の {left} バイトは読み込んでいません',
  'captureProblem.buffers-damaged': '壊れたバッファーが {count} 個あります。壊れた箇所より前のレコードは読み込みました',
  'captureProblem.buffers-compressed':
    '対応していない圧縮形式（{format}）のバッファーが {count} 個あり、読み飛ばしました',
  'captureProblem.buffers-unpack-too-much':
    'バッファーを展開すると、この大きさのファイルに対する上限の {limit} バイトを超えるため、残りは読み込んでいません',
  'captureProblem.events-lost':
    'トレースの記録中にイベント（{events} 個）やバッファー（{buffers} 個）が失われました。パケットが欠けている可能性があります',
  'captureProblem.events-lost-somewhere':
    'トレースの記録中にイベントが失われました（印のあるバッファー: {buffers} 個）。パケットが欠けている可能性があります',
  'captureProblem.events-damaged': '長さの合わないパケットイベントが {count} 個あります',
  'captureProblem.pieces-lost': '先頭または末尾が欠けたパケットが {count} 個あります',
  'captureProblem.packets-without-interface':
    'インターフェースが上限の {limit} を超えたため、{count} 個のパケットを読み飛ばしました',
  'captureProblem.trace-empty': 'このトレースにはイベントがありません',
  'captureProblem.trace-without-packets':
    'パケットがありません。このトレースにあるのは、パケットを記録しないプロバイダーのイベントだけです（{providers}）。パケットを記録するには "pktmon start --capture" または "netsh trace start capture=yes" を使ってください',
  'captureProblem.trace-only-about-packets':
    'パケットがありません。{provider} は有効でしたが、記録されたのはパケット以外の {events} 個のイベントだけです。キャプチャフィルターで除外されたか、カウンターだけが指定された可能性があります',
  'captureProblem.unknown-format': '{guess}。調べた形式: {formats}（gzip・zstd・lz4 で圧縮されたものを含む）',
  'captureProblem.frames-recovered':
    'フレームの表がないか、ファイルの外を指しています。表を使わずに {count} 個のフレームを復元しました',
  'captureProblem.frames-left-out': '壊れた {count} 個のフレームを除外しました',
  'captureProblem.frames-overlap': 'フレームが重なっています。合計するとファイルより大きくなります',
  'captureProblem.records-left-out': '読み取れない種類のレコード {count} 個を除外しました',
  'captureProblem.lines-left-out': 'パケットの一部ではない行 {count} 行を除外しました',
  'captureProblem.compressed-records': 'レコードが {format} の公開されていない方式で圧縮されています',
  'captureProblem.unpack-cut': '{compression} の圧縮データが {at} バイト目で途切れています',
  'captureProblem.unpack-damaged': '{compression} の圧縮データが {at} バイト目で壊れています（{reason}）',
  'captureProblem.unpack-trailing':
    '圧縮ファイルの {at} バイト目から後ろは {compression} のデータではないため、読み飛ばしました',
  'captureProblem.guess-none': '対応しているキャプチャファイルではありません',
  'captureProblem.guess-empty': '空のファイル（0 バイト）です',
  'captureProblem.guess-zeros': '先頭がすべて 0 のファイルです',
  'captureProblem.guess-lfs': 'Git LFS のポインターで、ファイル本体ではありません（"git lfs pull" で取得してください）',
  'captureProblem.guess-later': '{name} のキャプチャですが、まだ対応していません',
  'captureProblem.guess-archive': 'アーカイブまたは圧縮ファイル（{name}）です。先に展開してください',
  'captureProblem.guess-packed': '{name} ファイルですが、中身がキャプチャではありません',
  'captureProblem.guess-other': 'キャプチャファイルではなく、{name}です',
  'captureProblem.other-program': 'プログラム',
  'captureProblem.other-xml': 'XML のテキスト',
  'captureProblem.other-json': 'JSON のテキスト',
  'captureProblem.other-pdf': 'PDF 文書',
  'captureProblem.not-found': '{file} が見つかりません',
  'captureProblem.not-allowed': '{file} を読む権限がありません',
  'captureProblem.locked': '{file} はほかのプログラムが使用中です',
  'captureProblem.folder': '{file} はファイルではなくフォルダーです',
  'captureProblem.device': '{file} はファイルではなく、デバイス・パイプ・ソケットです',
  'captureProblem.not-opened': '{file} を開けません: {reason}',
  'captureProblem.not-read': '{file} の {at} バイト目を読み込めません: {reason}',
  'captureProblem.unpacks-too-large': '{file} を展開すると、上限の {limit} バイトを超えます',
  'captureProblem.unpacks-too-much':
    '{file} を展開すると、ファイルサイズに応じた上限の {limit} バイト（{ratio} 倍、最低 1 GiB）を超えます',
  'captureProblem.no-space': '{file} を展開する空き容量が {folder} にありません（{written} バイトまで展開）',
  'captureProblem.no-folder': '{folder} に一時フォルダーを作れません: {reason}',
  'captureProblem.not-written': '{folder} に書き込めません: {reason}',
  'captureProblem.cancelled': '{file} の展開を中止しました',
};
