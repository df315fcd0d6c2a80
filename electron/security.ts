/** Electron's security checklist, as far as it is code: what a page may ask for, where it may go, what it may load. */

import type { Session, WebContents, WebFrameMain } from 'electron';
import { isOurPage } from './protocol.ts';

/** The one thing a page may do beyond showing itself: put text on the clipboard when the user copies. */
const ALLOWED_PERMISSIONS: readonly string[] = ['clipboard-sanitized-write'];

/** Electron grants every permission unless told not to. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(ALLOWED_PERMISSIONS.includes(permission) && isOurPage(requestingUrl)),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => ALLOWED_PERMISSIONS.includes(permission) && isOurPage(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setSpellCheckerEnabled(false);
  // Exports are written by the host, to a place that was chosen in a dialog.
  session.on('will-download', (event) => event.preventDefault());
  // Nothing comes from the network, whatever a page, a style or a bug asks for. DevTools has addresses of its own.
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isOurPage(url) && !isDevTools(url) }));
}

function isDevTools(address: string): boolean {
  return address.startsWith('devtools://');
}

/** Every page of every window stays where it is and opens no other. */
export function lockContents(contents: WebContents): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isOurPage(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Whether a message comes from the main frame of our page. A frame that has gone is null. */
export function isFromOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isOurPage(frame.url);
}
