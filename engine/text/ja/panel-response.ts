/** The panel "Response times", in Japanese. */

import type { panelResponseEn } from '../en/panel-response.ts';
import type { Translation } from '../message.ts';

export const panelResponseJa: Translation<typeof panelResponseEn> = {
  'panel.response': '応答時間',
  'explain.response':
    '応答時間は、要求から応答までの時間をキャプチャした地点で測ったものです。DNS と HTTP は双方のメッセージが完成したパケットの間、TLS は ClientHello から ServerHello まで、SMB2 は同じメッセージ番号の応答まで（途中の「保留」は数えません）、MySQL、PostgreSQL、TDS は要求から応答の最初のパケットまでです。応答のないコマンドは除きます。要求と応答の両方が表示対象に含まれている必要があります。ネットワークは同じサーバーへの接続の SYN から SYN/ACK までの中央値で、サーバーの処理時間を含みません。ハンドシェイクがなければデータとその確認応答から求め、どちらもなければ空欄です。中央値が往復 5 回分を超え、かつ 20 ミリ秒を超えるサービスを遅いとみなします。パーセンタイルは最近順位法です。',
  'figure.response.median': '中央値',
  'figure.response.p95': '95 パーセンタイル',
  'figure.response.requests': '要求',
  'figure.response.unanswered': '応答なし',
  'chart.response.time': '応答時間の推移（中央値）',
  'table.response.operations': '操作',
  'table.response.servers': 'サーバー',
  'table.response.status': 'HTTP ステータス別',
  'column.statusClass': 'ステータス',
  'column.answers': '応答数',
  'table.response.slowest': '遅い要求',
  'column.operation': '操作',
  'column.unanswered': '応答なし',
  'column.errors': 'エラー',
  'column.network': 'ネットワーク',
  'column.responseTime': '応答時間',
  'column.request': '要求',
  'column.answer': '応答',
  'finding.response.slowService':
    '遅いのはネットワークではなく {server} の {service} です。応答時間の中央値は {median}、往復時間は {network} で、サーバーの処理に {thinks} かかっています。',
};
