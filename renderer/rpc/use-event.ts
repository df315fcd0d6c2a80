/** Listens to an event of the host while a component is there. */

import { useEffect, useEffectEvent } from 'react';
import type { EventName, Events } from '../../engine/contract/api.ts';
import { useApp } from '../state/use-app.ts';

export function useHostEvent<E extends EventName>(event: E, listener: (value: Events[E]) => void): void {
  const { client } = useApp();
  const heard = useEffectEvent(listener);
  useEffect(() => client.on(event, (value) => heard(value)), [client, event]);
}
