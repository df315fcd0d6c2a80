/** Parts of a filter, values in completion, and the dialog of named filters and macros, in Japanese. */

import type { filtersEn } from '../en/filters.ts';
import type { Translation } from '../message.ts';

export const filtersJa: Translation<typeof filtersEn> = {
  'filterBar.adapterView': 'アダプタービュー',
  'filterBar.adapterHint':
    'このキャプチャには、同じパケットがシステム内の複数の場所で記録されています。ネットワークアダプターでの記録だけを 1 回ずつ表示し、数えています。',
  'filterBar.leftOut': 'ほかの記録 {count} 件を除外',
  'filterBar.showAllAppearances': 'すべての記録を表示',
  'filterBar.allAppearances': 'すべての記録',
  'filterBar.parts': 'フィルターの条件',
  'filterBar.part': 'フィルターの条件: {part}',
  'filterBar.partsOff': 'オフの条件は絞り込みに使われません。',
  'filterBar.inCapture': 'このキャプチャにある値',
  'filterBar.inLanguage': '名前とフィールド',
  'filterBar.valueCount': '{count} パケット',
  'filterBar.valueAtLeast': '{count} パケット以上',
  'command.filters': '名前付きフィルターとマクロ',
  'filters.title': '名前付きフィルターとマクロ',
  'filters.named': '名前付きフィルター',
  'filters.namedNote': 'フィルターバーの一覧の先頭に表示されます。バーの星印で現在のフィルターを追加できます。',
  'filters.none': '保存されたフィルターはまだありません。',
  'filters.name': '名前',
  'filters.filter': 'フィルター',
  'filters.apply': '適用',
  'filters.add': 'フィルターを追加',
  'filters.macros': 'マクロ',
  'filters.macrosNote':
    'マクロは名前を付けたフィルターの一部です。{open}name{close} や $name(ip.src) と書くと本文に置き換わり、本文の $1 は 1 番目の引数になります。',
  'filters.text': '本文',
  'filters.addMacro': 'マクロを追加',
  'filters.empty': 'フィルターを入力してください。',
  'filters.badName': '名前は英字で始め、英数字とアンダースコアだけを使ってください。',
  'filters.sameName': '同じ名前のマクロがあります。',
  'filters.import': 'ファイルから読み込む',
  'filters.export': 'ファイルに保存',
  'filters.exported': 'フィルターとマクロを保存しました。',
  'filters.imported': '{file} からフィルター {filters} 件、マクロ {macros} 件を読み込みました。',
  'filters.notAFile': '{file} にはこのプログラムのフィルターがありません。',
};
