/**
 * What main process and host process say to each other. The host process reads hostile captures: what comes from it is
 * checked like anything from outside, and what a user has chosen to open or write is decided by the main process alone.
 */

export interface HostStart {
  readonly version: string;
  readonly files: readonly string[];
  readonly isSample: boolean;
  /** The TLS key log file named at the start; empty: none. */
  readonly keyLog: string;
}

/** To the host process. A `page` comes with its port. */
export type ToHost =
  | ({ readonly kind: 'start' } & HostStart)
  | { readonly kind: 'page' }
  | { readonly kind: 'openFiles'; readonly paths: readonly string[] }
  | { readonly kind: 'command'; readonly id: string }
  | { readonly kind: 'answer'; readonly id: number; readonly paths: readonly string[] };

/** Questions to the main process; the answer is a list of paths, empty for no. */
export type Question =
  | { readonly kind: 'dialog'; readonly dialog: 'open' | 'save' | 'keys'; readonly suggestedName: string | undefined }
  | { readonly kind: 'may'; readonly to: 'open' | 'save'; readonly path: string };

/** From the host process. */
export type FromHost =
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'language'; readonly language: 'en' | 'ja' };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function asQuestion(value: unknown): Question | undefined {
  if (!isObject(value)) return undefined;
  const { kind, dialog, suggestedName, to, path } = value;
  if (kind === 'dialog' && (dialog === 'open' || dialog === 'save' || dialog === 'keys')) {
    return { kind, dialog, suggestedName: typeof suggestedName === 'string' ? suggestedName : undefined };
  }
  if (kind === 'may' && (to === 'open' || to === 'save') && typeof path === 'string') return { kind, to, path };
  return undefined;
}

/** The message, or undefined where it is none. */
export function asFromHost(value: unknown): FromHost | undefined {
  if (!isObject(value)) return undefined;
  const { kind, id, question, language } = value;
  if (kind === 'language' && (language === 'en' || language === 'ja')) return { kind, language };
  const asked = asQuestion(question);
  if (kind !== 'ask' || typeof id !== 'number' || asked === undefined) return undefined;
  return { kind, id, question: asked };
}
