/** Expert findings: what is wrong or remarkable, by severity, with its packets. */

import { report } from '../../contract/report.ts';
import { numbers } from './columns.ts';
import { EXPERT_RULES, type ExpertRule, SEVERITIES } from './expert-rules.ts';
import { flowFinder } from './flow-finder.ts';
import { gatheringFinding, rowsOfRule } from './gathered.ts';
import { defineReport, type PanelInput } from './panel.ts';

export interface Found {
  readonly rule: ExpertRule;
  readonly packets: number;
  readonly conversations: number;
  /** Number of the first packet. */
  readonly first: number;
}

/** Rules that find something, the gravest first, then the most frequent. */
export async function expertFindings(input: PanelInput): Promise<Found[]> {
  const { pass } = input.capture;
  const flowOf = flowFinder(pass);
  const found: Found[] = [];
  /** Of each flow: the last of what was found that it has, counted from 1. */
  const seenBy = new Uint8Array(pass.flows.count + 1);
  for (const rule of EXPERT_RULES) {
    const rows = await rowsOfRule(input, rule.filter);
    const first = rows.next(0);
    if (first < 0) continue;
    let packets = 0;
    let conversations = 0;
    for (let row = first; row >= 0; row = rows.next(row + 1)) {
      packets++;
      const place = flowOf(row) + 1; // rows of no flow are one conversation
      if (seenBy[place] === found.length + 1) continue;
      seenBy[place] = found.length + 1;
      conversations++;
    }
    found.push({ rule, packets, conversations, first: first + 1 });
  }
  const rank = ({ rule }: Found): number => SEVERITIES.indexOf(rule.severity);
  return found.sort((a, b) => rank(a) - rank(b) || b.packets - a.packets);
}

export const expertPanel = defineReport({
  name: 'expert',
  async make(input) {
    const found = await expertFindings(input);
    const count = found.length;
    return report({
      findings: gatheringFinding(input),
      figures: SEVERITIES.map((severity) => ({
        id: `expert.${severity}`,
        unit: 'number',
        value: found.reduce((sum, one) => sum + (one.rule.severity === severity ? one.packets : 0), 0),
      })),
      tables: [
        {
          id: 'expert',
          count,
          columns: [
            { id: 'severity', unit: 'key', values: found.map(({ rule }) => `severity.${rule.severity}`) },
            { id: 'group', unit: 'key', values: found.map(({ rule }) => `expert.${rule.group}`) },
            { id: 'expert', unit: 'key', values: found.map(({ rule }) => `expert.${rule.id}`) },
            { id: 'packets', unit: 'count', values: numbers(count, (i) => found[i].packets) },
            { id: 'conversations', unit: 'number', values: numbers(count, (i) => found[i].conversations) },
            {
              id: 'firstPacket',
              unit: 'frame',
              values: numbers(count, (i) => found[i].first),
              filter: 'frame.number == {firstPacket}',
            },
            { id: 'filter', unit: 'text', values: found.map(({ rule }) => rule.filter) },
          ],
          filter: '{filter}',
          packets: 'packets',
        },
      ],
    });
  },
});
