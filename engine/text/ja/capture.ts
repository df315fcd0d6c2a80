/** Live capture: what is missing for it, what went wrong, and what the command line says, in Japanese. */

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
  'captureNeed.helper-refused':
    '{tool} でキャプチャします。Nagare のキャプチャヘルパーを使うと、キャプチャ中にもドロップ数が分かります。足りないものは "nagare setup-capture" で確認できます。',
  'captureNeed.not-in-group':
    'キャプチャヘルパー ({path}) はインストールされていますが、実行できるのはグループ {group} のメンバーだけです。{user} はメンバーでないか、追加後にログインし直していません。"sudo usermod -aG {group} {user}" を実行し、ログインし直してください。',
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
  'captureNeed.no-filter':
    '{reason} ではこのフィルターを使えません。空にするか、ホスト・ポート・プロトコルを and / or でつないだものにしてください。',
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
  'captureNeed.remote-login':
    '相手のマシンにログインできませんでした: {reason}。ここではパスワードを入力できません。ssh が自動で使える鍵 (ssh-agent、または ssh 設定の IdentityFile) とユーザー名を確認してください。',
  'captureNeed.remote-host-key':
    '相手のマシンのホスト鍵が登録されていないか、以前と異なります ({reason})。端末から一度 ssh で接続し、鍵を確認してください。',
  'captureNeed.remote-tool-missing': '相手のマシンにキャプチャツールがないか、パスが通っていません: {reason}',
  'captureNeed.remote-permission':
    '相手のマシンでキャプチャする権限がありません ({reason})。そのツールをパスワードなしの sudo で実行できるようにするか、別のユーザーでログインしてください。',
  'captureNeed.no-ssh': 'このマシンに ssh がありません。',

  'cli.interfaces.summary': 'キャプチャできるインターフェイスを一覧にする',
  'cli.interfaces.down': 'ダウン',
  'cli.interfaces.loopback': 'ループバック',
  'cli.interfaces.wireless': '無線',

  'cli.capture.summary': 'パケットをキャプチャしてファイルに保存する、または届いた順に表示する',
  'cli.capture.interface': '"nagare interfaces" で表示されるインターフェイス (複数指定可)',
  'cli.capture.filter': 'tcpdump と同じキャプチャフィルター (pcap-filter)。オプションの付かない語もフィルターになる',
  'cli.capture.output': '保存先のファイル (あれば置き換える)。- は標準出力',
  'cli.capture.stop': 'この条件に達したら終了する (複数指定可、下記)',
  'cli.capture.ring': 'この条件に達したら次のファイルに移る (複数指定可、下記)',
  'cli.capture.count': 'この数のパケットをキャプチャしたら終了する',
  'cli.capture.snap-length': '1 パケットから保存するバイト数 (省略時はすべて)',
  'cli.capture.not-promiscuous': 'このマシンが通常受け取るパケットだけをキャプチャする',
  'cli.capture.monitor': '無線インターフェイスのモニターモード',
  'cli.capture.buffer': 'カーネルのバッファー (MiB)',
  'cli.capture.link-type': 'EN10MB などのリンクタイプ',
  'cli.capture.direction': '受信または送信のパケットだけをキャプチャする',
  'cli.capture.timestamp-type': '時刻の取得元 (host、adapter など)',
  'cli.capture.nano': '時刻をナノ秒で記録する',
  'cli.capture.remote': '別のマシンで ssh を使ってキャプチャする',
  'cli.capture.remote-port': 'そのマシンの ssh サーバーのポート',
  'cli.capture.remote-tool': 'そのマシンで使うツール (既定は tcpdump)',
  'cli.capture.sudo': '--remote のとき、パスワードなしの sudo で実行する',
  'cli.capture.print': '1 パケット 1 行で表示する',
  'cli.capture.quiet': '開始のメッセージを表示しない',
  'cli.capture.conditions':
    '-a と -b の条件: packets:N、filesize:KB (1,000 バイト単位)、duration:秒、files:N。-b ではファイルに番号が付き、\nfiles:N で新しい N 個だけを残し、interval:秒 では時計がその秒数の倍数になるたびに次のファイルに移ります。\n-a の files:N は N 個のファイルで終了します。',
  'cli.capture.note':
    'Ctrl+C で終了し、ファイルは正しく閉じられます。-Y を指定すると表示フィルターに一致するパケットだけを保存します。',
  'cli.capture.no-interface': 'インターフェイスを -i IF で指定してください。一覧は "nagare interfaces" で表示します',
  'cli.capture.no-output': '保存先のファイルを -w OUT で指定するか、--print を付けてください',
  'cli.capture.terminal':
    '端末にはパケットを書き出しません。-w - はプログラムかファイルにつないでください。表示には --print を使えます',
  'cli.capture.print-and-pipe': '--print と -w - は同時に指定できません。どちらも標準出力に書き出します',
  'cli.capture.ring-and-pipe': '-b と -w - は同時に指定できません。標準出力は 1 つのファイルです',
  'cli.capture.ring-size':
    '-b では次のファイルに移る条件 packets:N、filesize:KB、duration:秒、interval:秒 のいずれかを指定してください',
  'cli.capture.ring-and-filter':
    '-b と -Y は同時に指定できません。表示フィルターに一致するパケットは 1 つのファイルに保存します',
  'cli.capture.bad-condition':
    '{option} {condition} は条件として読めません。packets:N、filesize:KB、duration:秒、files:N のいずれかを指定してください',
  'cli.capture.wrong': '{option}: {value} は指定できません',
  'cli.capture.started': '{tool} で {interfaces} をキャプチャしています。Ctrl+C で終了します。',
  'cli.capture.captured': 'キャプチャしたパケット: {count} 個',
  'cli.capture.received': 'フィルターに一致したパケット: {count} 個',
  'cli.capture.received-unknown': 'フィルターに一致したパケット: {tool} では不明',
  'cli.capture.dropped': 'カーネルでドロップしたパケット: {count} 個',
  'cli.capture.dropped-unknown': 'カーネルでドロップしたパケット: {tool} では不明',
  'cli.capture.dropped-by-interface': 'インターフェイスでドロップしたパケット: {count} 個',
  'cli.capture.passed': '表示フィルターに一致したパケット: {count} 個',

  'cli.setup.summary': 'このシステムでキャプチャに必要なものを表示し、指定があれば設定する',
  'cli.setup.install': '設定を実行する (Linux、root または sudo を使用)',
  'cli.setup.uninstall': 'インストールしたコピーとグループを削除する',
  'cli.setup.user': 'キャプチャを許可するユーザー (省略時は自分)',
  'cli.setup.group': 'キャプチャを許可するグループ (既定は nagare-capture)',
  'cli.setup.tool': 'キャプチャに使うツール: {tool}、{version}',
  'cli.setup.no-tool': 'キャプチャに使えるツールがまだありません。',
  'cli.setup.nothing-missing': 'キャプチャに必要なものはそろっています。',
  'cli.setup.not-built':
    'キャプチャヘルパーがビルドされていません。C コンパイラーのある環境で "npm run build" を実行してください。',
  'cli.setup.linux':
    'root にならずにキャプチャするには、必要な権限だけを持つキャプチャヘルパーのコピー {target} を用意します。\n実行できるのは root とグループ {group} だけです。次のコマンドを実行するか、--install を付けて実行してください:',
  'cli.setup.linux-again':
    '新しいグループは次のログインから有効になります。Nagare の更新後はもう一度実行してください (コピーは自動では更新されません)。',
  'cli.setup.done': 'インストールしました。グループ {group} のユーザーは、次のログインからキャプチャできます。',
  'cli.setup.uninstalled': '削除しました。ヘルパーでキャプチャできるのは root だけになりました。',
  'cli.setup.not-installed': 'インストールされていません ({target} がありません)。',
  'cli.setup.one-of-both': '--install と --uninstall は同時に指定できません',
  'cli.setup.failed': '次のコマンドが失敗したため、以降は実行していません: {command}',
  'cli.setup.fault': 'インストールしたコピーが正しい状態ではありません: {fault}',
  'cli.setup.not-here': '--install と --uninstall は Linux 用です。このシステムでの設定は下記を参照してください',
  'cli.setup.bad-name': '"{name}" はユーザー名またはグループ名として使えません',
  'cli.setup.macos':
    'キャプチャには root が所有するデバイス /dev/bpf* を読む権限が必要です。Wireshark に付属する ChmodBPF を\nインストールすると、起動のたびにグループへ権限が与えられます。次の起動までの間だけ管理者に許可するには:\n\n  sudo chgrp admin /dev/bpf* && sudo chmod g+rw /dev/bpf*',
  'cli.setup.npcap-found':
    'Npcap がインストールされています。キャプチャを拒否される場合は管理者専用でインストールされています。その設定を外して入れ直してください。',
  'cli.setup.npcap-missing': 'Npcap がインストールされていません。npcap.com から入手できます。',
  'cli.setup.windows':
    'Npcap の無償ライセンスは 5 台までで、再配布はできません (それ以上は有償ライセンスがあります)。Npcap がない場合は\nWindows 標準のキャプチャ (pktmon、netsh trace) を使います。その都度、管理者の許可を求められます。',
};
