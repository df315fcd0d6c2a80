/** The panel "Mirror quality", in Japanese. */

import type { panelMirrorEn } from '../en/panel-mirror.ts';
import type { Translation } from '../message.ts';

export const panelMirrorJa: Translation<typeof panelMirrorEn> = {
  'panel.mirror': 'ミラー品質',
  'explain.mirror':
    'セッションは、パケットの最初の VXLAN・Geneve・ERSPAN・GRE トンネルの識別子と外側のアドレスで区別します。「欠落」は、相手が ACK で確認したのにミラーに一度も現れなかった TCP ストリームのバイトです。ネットワークは届けており、ミラーだけが落としています。再送されたバイトはネットワークで失われた（または不要に再送された）もので、ミラーのせいではありません。後のパケットより遅れて届き、再送ではないものは順序の入れ替わりです。片方向しかミラーされていない場合、届いたかどうかを示すものがないため「判定不可」とします。内側の IP ヘッダーが示す長さがフレームより長いパケットは途中で切られています。表示する MTU は、ミラー先までの経路に必要な値です。誤差の原因：TCP 以外は確認できません。開始がキャプチャにない接続は最初に見えたパケットから追跡します。データのない ACK の欠落は検出できません。',
  'figure.mirror.sessions': 'セッション',
  'figure.mirror.missing': '欠落',
  'figure.mirror.missingShare': '確認済みデータに占める欠落',
  'figure.mirror.repeated': 'ホストによる再送',
  'figure.mirror.reordered': '順序が入れ替わったパケット',
  'figure.mirror.cut': '切られたパケット',
  'figure.mirror.mtu': '必要な MTU',
  'figure.mirror.peak': '最も混雑した時',
  'chart.mirror.time': 'ミラーされた量と欠落',
  'series.mirror.arrived': 'ミラーにある',
  'series.mirror.missing': 'ミラーにない',
  'table.mirror.sessions': 'ミラーセッション',
  'table.mirror.connections': '欠落・再送・順序の入れ替わりがある接続',
  'table.mirror.pushes': '大きな送信：WebSocket メッセージと HTTP の本文',
  'column.pushKind': '種類',
  'value.push.text': 'テキスト',
  'value.push.binary': 'バイナリ',
  'value.push.request': 'HTTP 要求の本文',
  'value.push.response': 'HTTP 応答の本文',
  'column.size': 'サイズ',
  'column.complete': '完全性',
  'column.firstByte': '最初のバイト',
  'column.lastByte': '最後のバイト',
  'column.took': '所要時間',
  'column.holeRanges': '欠落しているバイト範囲',
  'column.tunnel': 'トンネル',
  'column.mirrorKey': '識別子',
  'column.streamBytes': 'データ量',
  'column.missingBytes': '欠落',
  'column.missingShare': '欠落の割合',
  'column.unknownBytes': '判定不可',
  'column.repeatedBytes': '再送',
  'column.reordered': '順序逆転',
  'column.cutPackets': '切り詰め',
  'column.neededMtu': '必要な MTU',
  'column.holes': '欠落箇所',
  'finding.mirror.none': 'このキャプチャにミラーされたトラフィック（VXLAN、Geneve、ERSPAN、GRE）はありません。',
  'finding.mirror.complete':
    '欠落はありません。ACK で確認されたストリーム {seen} がすべてミラーにあります。テスト環境へのトラフィックの複製にも使えます。',
  'finding.mirror.onlyCut':
    '欠落したパケットはありませんが、切られたパケットがあります。様子を見るには十分ですが、テスト環境への複製には使えません。',
  'finding.mirror.quickLook':
    '届いていたストリームのうち {missing}（{share}）がミラーにありません。様子を見るには十分ですが、テスト環境への複製には使えません。',
  'finding.mirror.unfit':
    '届いていたストリームのうち {missing}（{share}）がミラーにありません。ここに見えるものからアプリケーションの状態は判断できず、テスト環境への複製にも使えません。',
  'finding.mirror.oneWay':
    '接続の片方向しかミラーされていません。{unknown} の抜けがミラーによるものかネットワークによるものかは判定できません。両方向をミラーしてください。',
  'finding.mirror.cut': {
    other: '{count} 個のパケットがミラー先への経路で切られています。この経路には {mtu} の MTU が必要です。',
  },
  'finding.mirror.congested':
    'ミラーが最も混雑したとき、バーストの後半で欠落しています。{carried} を運びましたが、{needed} が必要でした。',
  'finding.mirror.repeated':
    'ストリームの {bytes} がホストにより再送されました。ミラーではなくネットワークで失われたものです。',
  'finding.mirror.reordered': {
    other: '{count} 個のパケットが後のパケットより遅れて届きました。順序の入れ替わりで、欠落ではありません。',
  },
  'finding.mirror.arriving': {
    other: 'ミラーのトラフィックは届いています。キャプチャの最後の {span} に {count} パケットありました。',
  },
  'finding.mirror.silent':
    'ミラーのトラフィックは届かなくなっています。最後のミラーパケットはキャプチャ終了の {quiet} 前でした。',
  'mirror.prepare': '受信側を準備',
  'mirror.prepareAbout':
    'ミラーの送り先の Linux マシンで実行します。トンネルのヘッダーの分だけ MTU を広げ、トンネルを開き、届いているかを確認してから、キャプチャします。',
  'mirror.prepareCheck':
    '4 つ目のコマンドが 5 パケットで終われば、ミラーは届いています。そのカードを Nagare でキャプチャしている間は、このパネルにも表示されます。何も届かないときは、マシンのファイアウォールと事業者の規則でポートを許可してください。',
  'mirror.tunnel': 'トンネル',
  'mirror.tunnel.vxlan': 'VXLAN',
  'mirror.tunnel.geneve': 'Geneve',
  'mirror.tunnel.erspan': 'ERSPAN（GRE）',
  'mirror.key': 'VNI またはセッション',
  'mirror.card': 'カード',
  'mirror.mtu': 'ミラーされる最大パケット（MTU）',
  'mirror.own': '自分のアドレス',
  'mirror.source': 'ミラー元のアドレス',
  'mirror.commands': 'コマンド',
  'mirror.copyCommands': 'コマンドをコピー',
  'mirror.incomplete': '使用できるカード名、数値、アドレスを入力してください。',
  'mirror.inside':
    'ミラーされたパケットの内側を表示しています。一覧、フィルター、統計、書き出しは内側のパケットが対象です。',
  'mirror.outside':
    'ミラーされたパケットの外側を表示しています。元に戻すまで、このファイルではトンネルの中を開きません。',
  'mirror.showInside': '内側のパケットを表示',
  'mirror.showOutside': '外側のパケットを表示',
};
