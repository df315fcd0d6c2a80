/** The stack view: every place of the system that saw the current packet, in order of time, and where it was dropped. */

import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { PacketAppearance } from '../../../engine/contract/api.ts';
import { formatCount } from '../../../engine/text/format/count.ts';
import { formatQuantity } from '../../../engine/text/format/quantity.ts';
import { useQuery } from '../../rpc/use-query.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './stack-view.module.css';

export function StackView({ row }: { readonly row: number }): ReactNode {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const session = useStore(app.session, ({ state }) => state);
  const [isOpen, setOpen] = useState(false);
  const hasCopies = session !== null && session.copies > 0;
  const { value } = useQuery('packet.appearances', hasCopies ? { session: session.session, row } : null);
  if (!hasCopies || value === undefined || value.length === 0) return null;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <div className={styles.stack} data-stack={value.length}>
      <AriaButton className={styles.head ?? ''} aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        <Chevron aria-hidden />
        {t('stack.title', { count: formatCount(value.length, language) })}
        {!isOpen && <Way places={value} />}
      </AriaButton>
      {isOpen && <Places places={value} row={row} />}
    </div>
  );
}

/** In one line: from where to where, and whether it was dropped. */
function Way({ places }: { readonly places: readonly PacketAppearance[] }): ReactNode {
  const t = useText();
  const language = useLanguage();
  const [first, last] = [places[0], places.at(-1)];
  const drop = places.find(({ isDropped }) => isDropped);
  if (first === undefined || last === undefined) return null;
  return (
    <>
      <span className={styles.way}>
        {first.component} → {last.component} · {formatQuantity(last.since, 'ns', language)}
      </span>
      {drop !== undefined && (
        <span className={styles.drop}>
          {t('stack.drop')}: {dropText(drop, t('stack.dropped'))}
        </span>
      )}
    </>
  );
}

function Places({ places, row }: { readonly places: readonly PacketAppearance[]; readonly row: number }): ReactNode {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const hasDrops = places.some(({ isDropped }) => isDropped);
  const go = async ({ row: wanted, isAdapter }: PacketAppearance): Promise<void> => {
    // The adapter view does not have the others.
    if (!isAdapter && app.filter.get().appearances === 'adapter') await app.navigate({ appearances: 'all' });
    await app.goToPacket(wanted);
  };
  return (
    <div className={styles.body}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('stack.component')}</th>
            <th>{t('stack.edge')}</th>
            <th>{t('stack.direction')}</th>
            <th className={styles.number}>{t('stack.since')}</th>
            {hasDrops && <th>{t('stack.drop')}</th>}
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <tr
              key={place.row}
              data-current={place.row === row || undefined}
              data-dropped={place.isDropped || undefined}
            >
              <td title={place.description}>
                <AriaButton
                  className={styles.place ?? ''}
                  aria-label={`${place.component}: ${t('stack.go', { number: place.row + 1 })}`}
                  onPress={() => void go(place).catch(app.report)}
                >
                  {place.component}
                </AriaButton>
                {place.isAdapter && <span className={styles.tag}>{t('stack.adapter')}</span>}
              </td>
              <td>{place.edge}</td>
              <td>{place.direction}</td>
              <td className={styles.number}>+{formatQuantity(place.since, 'ns', language)}</td>
              {hasDrops && <td className={styles.reason}>{place.isDropped && dropText(place, t('stack.dropped'))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function dropText({ reason, location }: PacketAppearance, unknown: string): string {
  return [reason, location].filter((part) => part !== '').join(' · ') || unknown;
}
