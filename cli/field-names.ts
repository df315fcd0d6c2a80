/** Field names that people give: those that there are, or an error that names the nearest. */

import type { Field } from '../engine/base/fields.ts';
import { catalog } from '../engine/dissect/registry.ts';
import { nearestField } from '../engine/filter/language/suggest.ts';
import type { Translate } from '../engine/text/index.ts';
import { UsageError } from './args.ts';

/** Throws UsageError. */
export function fieldNamed(name: string, t: Translate): Field {
  const field = catalog.get(name);
  if (field !== undefined) return field;
  const near = nearestField(name, catalog);
  throw new UsageError(
    near === undefined ? t('cli.unknown-field', { name }) : t('cli.unknown-field-near', { name, near }),
  );
}
