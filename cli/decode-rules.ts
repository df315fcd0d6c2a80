/** `-d tcp.port==8080,http`: rules of "decode as", as tshark's option takes them. Nearest known names are told for wrong ones. */

import {
  DECODE_TABLES,
  type DecodeRule,
  decodersOf,
  isDecodeTable,
  parseDecodeRule,
} from '../engine/dissect/decode-as.ts';
import { nearestName } from '../engine/filter/language/suggest.ts';
import type { Translate } from '../engine/text/index.ts';
import { UsageError } from './args.ts';

/** Throws UsageError for a rule that cannot be followed. */
export function decodeRules(texts: readonly string[], t: Translate): readonly DecodeRule[] {
  return texts.flatMap((text) => {
    const parsed = parseDecodeRule(text);
    if (!('code' in parsed)) return parsed;
    switch (parsed.code) {
      case 'form':
        throw new UsageError(t('cli.decode.form', { rule: text }));
      case 'table':
        throw new UsageError(t('cli.decode.table', { table: parsed.table, tables: DECODE_TABLES.join(', ') }));
      case 'key':
        throw new UsageError(t('cli.decode.key', { rule: text, most: String(parsed.most) }));
      case 'protocol': {
        const names = isDecodeTable(parsed.table) ? decodersOf(parsed.table) : [];
        const near = nearestName(parsed.protocol, names);
        const params = { protocol: parsed.protocol, table: parsed.table };
        throw new UsageError(
          near === undefined ? t('cli.decode.protocol', params) : t('cli.decode.protocol-near', { ...params, near }),
        );
      }
    }
  });
}
