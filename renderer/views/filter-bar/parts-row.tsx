/** The parts of the filter as switches: a part that is off stays in the text and counts for nothing. */

import { Fragment } from 'react';
import { ToggleButton } from 'react-aria-components';
import { filterParts, withoutParts } from '../../../engine/filter/language/parts.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './filter-bar.module.css';

export function PartsRow() {
  const app = useApp();
  const t = useText();
  const full = useStore(app.filter, (state) => state.full);
  const switchedOff = useStore(app.filter, (state) => state.switchedOff);
  const found = filterParts(full);
  if (found === null) return null;
  const { joint, parts } = found;
  const toggle = (part: string, isOn: boolean): void => {
    const off = isOn ? switchedOff.filter((one) => one !== part) : [...switchedOff, part];
    void app.navigate({ filter: withoutParts(full, off), parts: { full, switchedOff: off } });
  };
  return (
    <div className={styles.parts} role="group" aria-label={t('filterBar.parts')}>
      {parts.map((part, index) => {
        const isOn = !switchedOff.includes(part.text);
        return (
          <Fragment key={part.start}>
            {index > 0 && <span className={styles.joint}>{joint}</span>}
            <ToggleButton
              className={styles.part ?? ''}
              isSelected={isOn}
              onChange={(on) => toggle(part.text, on)}
              aria-label={t('filterBar.part', { part: part.text })}
            >
              <span className={styles.knob} aria-hidden />
              <span className={styles.partText}>{part.text}</span>
            </ToggleButton>
          </Fragment>
        );
      })}
      {switchedOff.length > 0 && <span className={styles.offNote}>{t('filterBar.partsOff')}</span>}
    </div>
  );
}
