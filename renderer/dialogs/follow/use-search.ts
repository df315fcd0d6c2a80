/** The search in a followed stream: one match at a time, next and previous, going round at both ends. */

import { useEffect, useState } from 'react';
import { fromHex } from '../../../engine/base/hex.ts';
import type { Input } from '../../../engine/contract/api.ts';
import type { FollowMatch } from '../../../engine/contract/follow.ts';
import { useApp } from '../../state/use-app.ts';

type Place = Omit<Input<'follow.find'>, 'what' | 'text' | 'matchCase' | 'index'>;

/** Typing pauses this long before it is searched. */
const PAUSE_MS = 200;

export function useSearch(place: Place) {
  const app = useApp();
  const [text, setText] = useState('');
  const [what, setWhat] = useState<'text' | 'hex'>('text');
  const [index, setIndex] = useState(0);
  const [answer, setAnswer] = useState<{ readonly key: string; readonly match: FollowMatch | null } | null>(null);
  const isWrong = what === 'hex' && fromHex(text) === null;
  const isSearched = text !== '' && !isWrong;
  const key = JSON.stringify({ ...place, what, text, matchCase: false, index });

  useEffect(() => {
    if (!isSearched) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      app.client.request('follow.find', JSON.parse(key) as Input<'follow.find'>, { signal: abort.signal }).then(
        (match) => {
          if (!abort.signal.aborted) setAnswer({ key, match });
        },
        (error: unknown) => {
          if (!abort.signal.aborted) app.report(error);
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [app, key, isSearched]);

  const match = isSearched ? (answer?.match ?? null) : null;
  return {
    text,
    what,
    isWrong,
    match,
    /** What was searched has been answered. */
    isDone: isSearched && answer?.key === key,
    /** Marked in all lines. */
    shown: isSearched && what === 'text' ? text : '',
    setText: (next: string) => {
      setText(next);
      setIndex(0);
    },
    setWhat: (next: 'text' | 'hex') => {
      setWhat(next);
      setIndex(0);
    },
    move: (step: number) => setIndex(match === null ? 0 : (match.index + step + match.count) % match.count),
  };
}
