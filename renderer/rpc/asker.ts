/**
 * Asks the host one question, and asks it again when what it is about has changed. Another question overtakes the one that
 * is on its way, which is then cancelled; the same one again waits for its answer and a little longer, so that a live
 * capture, which changes ten times a second, neither starves an answer nor keeps the host busy with nothing else.
 */

export interface Asker {
  /** null: nothing is asked. The same question as before means that its answer may have changed. */
  want(question: string | null): void;
  stop(): void;
}

interface AskerParts {
  ask(question: string, signal: AbortSignal): Promise<void>;
  onIdle(): void;
}

/** Pauses in milliseconds before the same question: twice as long as it took, within these. */
const LEAST_PAUSE = 200;
const MOST_PAUSE = 5000;

export function makeAsker({ ask, onIdle }: AskerParts): Asker {
  let current: string | null = null;
  let flight: AbortController | null = null;
  let isStale = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let notBefore = 0;

  function cancel(): void {
    flight?.abort();
    flight = null;
    isStale = false;
    clearTimeout(timer);
    timer = undefined;
  }

  function start(question: string): void {
    const mine = new AbortController();
    flight = mine;
    isStale = false;
    const began = performance.now();
    void ask(question, mine.signal).finally(() => {
      if (flight !== mine) return;
      flight = null;
      const now = performance.now();
      notBefore = now + Math.min(MOST_PAUSE, Math.max(LEAST_PAUSE, 2 * (now - began)));
      if (isStale) again(question);
    });
  }

  function again(question: string): void {
    timer ??= setTimeout(
      () => {
        timer = undefined;
        start(question);
      },
      Math.max(0, notBefore - performance.now()),
    );
  }

  return {
    want: (question) => {
      if (question === null) {
        cancel();
        current = null;
        onIdle();
      } else if (question !== current) {
        cancel();
        current = question;
        start(question);
      } else if (flight === null) {
        again(question);
      } else {
        isStale = true;
      }
    },
    stop: () => {
      cancel();
      current = null;
    },
  };
}
