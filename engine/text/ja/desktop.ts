/** What the desktop window's own dialogs say, in Japanese. */

import type { desktopEn } from '../en/desktop.ts';
import type { Translation } from '../message.ts';

export const desktopJa: Translation<typeof desktopEn> = {
  'desktop.open': 'キャプチャを開く',
  'desktop.save': 'パケットのエクスポート',
  'desktop.captures': 'キャプチャ',
  'desktop.allFiles': 'すべてのファイル',
  'desktop.hostGone': 'キャプチャを読み取るプロセスが停止しました。',
  'desktop.hostGoneDetail': '開いていたキャプチャは閉じられました。ファイルは変更されていません。（コード {code}）',
  'desktop.pageGone': 'ウィンドウの表示が停止しました。',
  'desktop.pageGoneDetail': '理由: {reason}',
  'desktop.restart': '再起動',
  'desktop.quit': 'Nagare を終了',
};
