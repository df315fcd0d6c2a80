/** The interfaces of this machine: chosen by a click, with their addresses, and a moving line of what passes. */

import { useState } from 'react';
import type { LiveInterface } from '../../../engine/contract/capture.ts';
import { formatCount } from '../../../engine/text/format/count.ts';
import { formatRate } from '../../../engine/text/format/rate.ts';
import type { Language, Translate } from '../../../engine/text/index.ts';
import { Button } from '../../components/button.tsx';
import { Check } from '../../components/form.tsx';
import type { Rate } from '../../state/capture-store.ts';
import { useApp, useLanguage, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './live-capture.module.css';
import { TrafficLine } from './traffic-line.tsx';

const NO_RATES: readonly Rate[] = [];

interface InterfacesProps {
  readonly interfaces: readonly LiveInterface[];
  readonly onStart: () => void;
}

export function Interfaces({ interfaces, onStart }: InterfacesProps) {
  const app = useApp();
  const t = useText();
  const [showsDown, setShowsDown] = useState(false);
  const chosen = useStore(app.capture, (state) => state.chosen);
  // One that is chosen is always in sight.
  const shown = interfaces.filter((one) => showsDown || one.isUp || chosen.includes(one.name));
  const hidden = interfaces.length - shown.length;
  return (
    <>
      <table className={styles.interfaces} aria-label={t('live.interfaces')}>
        <thead>
          <tr>
            <th aria-label={t('live.interfaces.choose')} />
            <th>{t('live.column.interface')}</th>
            <th>{t('live.column.addresses')}</th>
            <th>{t('live.column.traffic')}</th>
            <th className={styles.number}>{t('live.column.rate')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <Row key={one.name} one={one} onStart={onStart} />
          ))}
        </tbody>
      </table>
      {(hidden > 0 || showsDown) && (
        <div>
          <Button kind="link" onPress={() => setShowsDown(!showsDown)}>
            {showsDown ? t('live.interfaces.hideDown') : t('live.interfaces.down', { count: hidden })}
          </Button>
        </div>
      )}
    </>
  );
}

function Row({ one, onStart }: { readonly one: LiveInterface; readonly onStart: () => void }) {
  const app = useApp();
  const t = useText();
  const language = useLanguage();
  const isChosen = useStore(app.capture, ({ chosen }) => chosen.includes(one.name));
  const rates = useStore(app.capture, (state) => state.rates.get(one.name) ?? NO_RATES);
  const title = one.title === '' ? one.name : one.title;
  const choose = (on: boolean): void => {
    const { chosen } = app.capture.get();
    const others = chosen.filter((name) => name !== one.name);
    app.capture.keep({ chosen: on ? [...others, one.name] : others });
  };
  const peak = Math.max(0, ...rates.map(({ bytes }) => bytes));
  return (
    // A click anywhere in the row chooses this interface alone; the box adds it to others.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the check box in it does the same by keyboard
    <tr
      data-chosen={isChosen || undefined}
      data-down={!one.isUp || undefined}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('label') !== null) return;
        app.capture.keep({ chosen: [one.name] });
      }}
      onDoubleClick={onStart}
    >
      <td>
        <Check label={t('live.interface.use', { name: title })} isLabelHidden isOn={isChosen} onChange={choose} />
      </td>
      <td>
        <span className={styles.name}>{title}</span>
        {kindOf(t, one).map((word) => (
          <span key={word} className={styles.tag}>
            {word}
          </span>
        ))}
        {describe(one) !== '' && <span className={styles.description}>{describe(one)}</span>}
      </td>
      <td className={styles.addresses} data-selectable>
        {one.addresses.join('  ')}
      </td>
      <td>
        <TrafficLine rates={rates} label={t('live.traffic', { name: title, rate: formatRate(peak * 8, language) })} />
      </td>
      <td className={styles.number}>{rateText(t, language, rates.at(-1))}</td>
    </tr>
  );
}

function kindOf(t: Translate, one: LiveInterface): readonly string[] {
  const words: string[] = [];
  if (!one.isUp) words.push(t('live.interface.down'));
  if (one.isLoopback) words.push(t('live.interface.loopback'));
  if (one.isWireless) words.push(t('live.interface.wireless'));
  return words;
}

/** What its name does not say already: the card, and on Windows the name that command lines want. */
function describe({ title, name, description }: LiveInterface): string {
  return [title === '' || title === name ? '' : name, description].filter((part) => part !== '').join(' · ');
}

export function rateText(t: Translate, language: Language, rate: Rate | undefined): string {
  if (rate === undefined) return '';
  if (rate.packets === 0) return t('live.idle');
  return t('live.rate', {
    packets: formatCount(Math.round(rate.packets), language),
    bits: formatRate(rate.bytes * 8, language),
  });
}
