/** Something that is on for longer than a moment: what is done at once shows no progress. */

import { useEffect, useState } from 'react';

/** `isOn`, but only once it has been on for a while. */
export function useLate(isOn: boolean, afterMs: number): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => setLate(true), afterMs);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [isOn, afterMs]);
  return isLate;
}
