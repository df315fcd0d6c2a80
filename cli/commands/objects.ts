/** `nagare objects`: the files that a capture carried, as a table or as JSON, or saved into a folder. */

import { mkdirSync } from 'node:fs';
import { OBJECT_KINDS, type ObjectKind } from '../../engine/contract/follow.ts';
import { saveIntoFolder } from '../../engine/host/object-files.ts';
import { factsOf, findObjects } from '../../engine/session/objects/index.ts';
import type { StoredObject } from '../../engine/session/objects/object.ts';
import { completeness } from '../../engine/text/completeness.ts';
import { type OptionTable, UsageError } from '../args.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CAPTURE_OPTIONS, withCapture } from '../with-capture.ts';

const { filter: _filter, ...WITHOUT_FILTER } = CAPTURE_OPTIONS;
const KINDS = OBJECT_KINDS.join('|');

export const objects = defineCommand({
  name: 'objects',
  usage: [`FILE... [${KINDS}] [--json] [--save DIR]`],
  summary: 'cli.objects.summary',
  options: {
    json: { long: 'json', help: 'cli.option.json' },
    save: { long: 'save', value: 'DIR', help: 'cli.objects.save' },
    ...WITHOUT_FILTER,
  } as const satisfies OptionTable,
  run({ options, operands }, context) {
    const { t, out } = context;
    const kind = OBJECT_KINDS.find((one) => one === operands.at(-1));
    const paths = kind === undefined ? operands : operands.slice(0, -1);
    if (paths.length === 0) throw new UsageError(t('cli.objects.usage', { kinds: KINDS }));
    const kinds: readonly ObjectKind[] | null = kind === undefined ? null : [kind];
    return withCapture({ ...options, paths, filter: undefined }, context, async (loaded) => {
      const { capture, dissector, job } = loaded;
      const found = await findObjects({ capture, dissector, job }, kinds);
      if (options.save !== undefined) {
        mkdirSync(options.save, { recursive: true });
        const saved = await saveIntoFolder(found, options.save, job);
        if (!options.json) {
          out.write(`${t('cli.objects.saved', { count: saved.length, folder: options.save })}\n`);
          return;
        }
      }
      out.write(options.json ? json(found) : table(found, context));
    });
  },
});

function json(found: readonly StoredObject[]): string {
  const list = found.map((object) => {
    const { row, ...facts } = factsOf(object);
    return { packet: row + 1, ...facts };
  });
  return `${JSON.stringify(list, null, 2)}\n`;
}

function table(found: readonly StoredObject[], { t, language }: CommandContext): string {
  const head = (['packet', 'kind', 'host', 'type', 'name', 'size', 'state'] as const).map((id) =>
    t(`objects.column.${id}`),
  );
  const lines = found.map((one) => [
    String(one.row + 1),
    one.kind,
    one.host,
    one.type,
    one.name,
    String(one.size),
    completeness(t, language, one),
  ]);
  return [head, ...lines].map((cells) => `${cells.map(oneCell).join('\t')}\n`).join('');
}

/** Nothing in a cell ends it, whatever a packet said. */
function oneCell(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}
