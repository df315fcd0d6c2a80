/** docs/conformance.md. */

import type { Details } from './details.ts';
import { mostText, rulesText, tableText } from './report.ts';
import type { Scores } from './score.ts';

const MOST = 10;

export function pageText(scores: Scores, details: Details, notOpened: readonly string[]): string {
  const opened = scores.captures.filter(({ isOpened }) => isOpened).length;
  return `# Agreement with tshark

Made by \`npm run conformance -- --write\` over ${scores.captures.length} captures that nobody in this project wrote, against tshark
4.0.17; at most 2,000 frames of each, TCP analysis over 20,000. ${opened} are opened; "over all" counts the others as different
throughout. *Mean* is over captures, *pooled* over all values. *Tolerated*: the other pass of tshark shows the same value; they
count as equal. *Deliberate*: differs for a reason of [differences.md](differences.md); they are left out of the share.

${tableText(scores)}
Not opened: ${notOpened.length === 0 ? 'none' : notOpened.map((name) => `\`${name}\``).join(', ')}.

## Rules used

${rulesText(scores)}
## Most frequent disagreements

\`frame.protocols\`:

\`\`\`
${mostText(details, 'frame.protocols', MOST)}\`\`\`

Protocol column:

\`\`\`
${mostText(details, '_ws.col.Protocol', MOST)}\`\`\`
`;
}
