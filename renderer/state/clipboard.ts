/** Copies text and says so; where the page has no clipboard (an insecure address), says that instead. */

import type { App } from './app.ts';

export async function copyToClipboard(app: App, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    app.notices.show({ tone: 'info', text: app.t('copy.done') });
  } catch {
    app.notices.show({ tone: 'red', text: app.t('copy.failed') });
  }
}
