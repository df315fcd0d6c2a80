/** Mirrored packets from inside or from outside, in every panel: whether the tunnels of mirrors are opened. */

import { isOuterRule, OUTER_RULES } from '../../../engine/contract/mirror.ts';
import { Button } from '../../components/button.tsx';
import { useQuery } from '../../rpc/use-query.ts';
import { useApp, useText } from '../../state/use-app.ts';
import { useStore } from '../../state/use-store.ts';
import styles from './mirror.module.css';

export function OuterSwitch() {
  const app = useApp();
  const t = useText();
  const session = useStore(app.session, ({ state }) => state?.session ?? -1);
  const revision = useStore(app.session, ({ state }) => state?.revision ?? 0);
  const { value } = useQuery('session.decodeAs', session < 0 ? null : { session, row: null }, revision);
  if (value === undefined) return null;
  const others = value.rules.filter((rule) => !isOuterRule(rule));
  const isOutside = others.length < value.rules.length;
  const turn = (): void => {
    const rules = isOutside ? others : [...others, ...OUTER_RULES];
    app.client.request('session.setDecodeAs', { session, rules }).catch(app.report);
  };
  return (
    <p className={styles.side}>
      <span>{t(isOutside ? 'mirror.outside' : 'mirror.inside')}</span>
      <Button onPress={turn}>{t(isOutside ? 'mirror.showInside' : 'mirror.showOutside')}</Button>
    </p>
  );
}
