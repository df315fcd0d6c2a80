/** `node scripts/run.mjs make-field-docs`: writes docs/fields.md from the catalogue of fields. */

import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { FIELD_DOCS, fieldDocs } from '../test/support/field-docs.ts';

const text = fieldDocs();
writeFileSync(FIELD_DOCS, text);
process.stdout.write(`${FIELD_DOCS}: ${text.split('\n').filter((line) => line.startsWith('| `')).length} fields\n`);
