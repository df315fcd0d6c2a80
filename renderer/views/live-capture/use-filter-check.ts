/** A capture filter checked while it is written: compiled by the host, a moment after the last key. */

import { useEffect, useState } from 'react';
import type { Output } from '../../../engine/contract/api.ts';
import { useApp } from '../../state/use-app.ts';

export type FilterCheck = Output<'capture.checkFilter'> | 'checking' | 'none';

const AFTER_MS = 200;

/** `name`: the interface whose link type the filter is for; undefined: there is none to ask about. */
export function useFilterCheck(name: string | undefined, linkType: string, filter: string): FilterCheck {
  const app = useApp();
  const question = name === undefined || filter.trim() === '' ? null : JSON.stringify([name, linkType, filter]);
  const [answer, setAnswer] = useState<{ readonly question: string; readonly check: FilterCheck } | null>(null);
  useEffect(() => {
    if (question === null || name === undefined) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      app.client.request('capture.checkFilter', { interface: name, linkType, filter }, { signal: abort.signal }).then(
        (check) => setAnswer({ question, check }),
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setAnswer({ question, check: 'none' });
          app.report(error);
        },
      );
    }, AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [app, question, name, linkType, filter]);
  if (question === null) return 'none';
  // What is known of the text before is no answer about this one.
  return answer?.question === question ? answer.check : 'checking';
}
