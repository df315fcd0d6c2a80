/** The context menu of a cell: filter by its value, copy, conversation, colour, marks, and the column itself. */

import { MessagesSquare, Palette } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ColourRule } from '../../../engine/contract/api.ts';
import { decodeAs } from '../../commands/decode-as.ts';
import { comment, ignore, mark, reference } from '../../commands/mark-packets.ts';
import { commandEntry } from '../../commands/menu-entry.ts';
import { followStream } from '../../commands/streams.ts';
import type { MenuGroup } from '../../components/menu.tsx';
import { ValueMenu, type ValueTarget } from '../../components/value-menu.tsx';
import type { App } from '../../state/app.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { columnEntries } from './header-menu.tsx';

export interface CellTarget {
  /** The packet, from 0. */
  readonly packet: number;
  readonly column: string;
  /** What the cell shows. */
  readonly text: string;
  readonly place: { readonly x: number; readonly y: number };
}

const LAYERS = ['eth', 'ip', 'ipv6', 'tcp', 'udp'] as const;
type Layer = (typeof LAYERS)[number];

const TONES = [
  'amber',
  'red',
  'blue',
  'violet',
  'green',
  'teal',
  'grey',
] as const satisfies readonly ColourRule['tone'][];

/** What the host says about a cell; the menu opens when it is there, so that no entry changes under the pointer. */
interface CellFacts extends ValueTarget {
  readonly conversations: readonly { readonly layer: Layer; readonly filter: string }[];
}

export function CellMenu({ target, onClose }: { readonly target: CellTarget | null; readonly onClose: () => void }) {
  const app = useApp();
  const t = useText();
  const [known, setKnown] = useState<{ readonly target: CellTarget; readonly facts: CellFacts } | null>(null);
  useEffect(() => {
    if (target === null) return;
    let isWanted = true;
    factsOf(app, target).then((facts) => {
      if (isWanted) setKnown({ target, facts });
    }, app.report);
    return () => {
      isWanted = false;
    };
  }, [app, target]);

  const facts = target !== null && known?.target === target ? known.facts : null;
  const groups = target === null || facts === null ? [] : menuGroups(app, t, target, facts);
  return (
    <ValueMenu
      at={facts === null ? null : (target?.place ?? null)}
      target={facts ?? { value: '', filter: '', field: '' }}
      groups={groups}
      onClose={onClose}
    />
  );
}

async function factsOf(app: App, { packet: row, column, text }: CellTarget): Promise<CellFacts> {
  const { view } = app.filter.get();
  if (view === null) return { value: text, filter: '', field: '', conversations: [] };
  const { session } = view;
  const [filter, ...conversations] = await Promise.all([
    app.client.request('packet.cellFilter', { session, row, column }),
    ...LAYERS.map((layer) => app.client.request('packet.conversationFilter', { session, row, layer })),
  ]);
  return {
    value: text,
    filter: filter ?? '',
    field: comparedField(filter ?? ''),
    conversations: LAYERS.flatMap((layer, index) => {
      const conversation = conversations[index] ?? null;
      return conversation === null ? [] : [{ layer, filter: conversation }];
    }),
  };
}

/** `ip.src` of `ip.src == 192.0.2.1`: the field that a source address would be a column of. */
function comparedField(filter: string): string {
  return /^([a-z][\w.-]*) == /i.exec(filter)?.[1] ?? '';
}

function menuGroups(
  app: App,
  t: ReturnType<typeof useText>,
  target: CellTarget,
  facts: CellFacts,
): readonly MenuGroup[] {
  return [
    {
      id: 'conversation',
      entries: [
        {
          id: 'conversation',
          title: t('filter.conversation'),
          icon: MessagesSquare,
          isDisabled: facts.conversations.length === 0,
          entries: facts.conversations.map(({ layer, filter }) => ({
            id: layer,
            title: t(`conversation.${layer}`),
            run: () => void app.navigate({ filter }),
          })),
        },
        {
          id: 'colour',
          title: t('packet.colour'),
          icon: Palette,
          isDisabled: facts.filter === '',
          entries: TONES.map((tone) => ({
            id: tone,
            title: t(`tone.${tone}`),
            dot: `var(--${tone === 'teal' ? 'accent' : tone})`,
            run: () => addRule(app, facts.filter, tone),
          })),
        },
      ],
    },
    {
      id: 'packet',
      entries: [followStream, mark, ignore, reference, comment, decodeAs].map((command) =>
        commandEntry(app, t, command),
      ),
    },
    { id: 'column', entries: columnEntries(app, t, target.column) },
  ];
}

/** A rule of the user's own goes before all others: the first that matches colours the packet. */
function addRule(app: App, filter: string, tone: ColourRule['tone']): void {
  const { colours } = app.settings.get();
  const others = colours.filter((rule) => rule.filter !== filter || rule.name !== filter);
  app.settings.update({ colours: [{ name: filter, filter, tone, on: true }, ...others], coloursOn: true });
}
