/** The page's entry: connects to the host, asks who it is and what the user has set, and shows the window. */

import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { pickLanguage, translator } from '../engine/text/index.ts';
import { App } from './app.tsx';
import { connect } from './rpc/connect.ts';
import { StartFailure } from './shell/start-failure.tsx';
import { makeApp } from './state/app.ts';

async function start(root: Root): Promise<void> {
  const client = await connect();
  const [info, settings] = await Promise.all([client.request('app.info', {}), client.request('settings.get', {})]);
  const app = makeApp(client, info, settings);
  client.onClose(() => app.notices.show({ tone: 'red', text: app.t('error.host') }));
  // Whoever closes the page over packets that nobody has saved is asked by the browser, or by the desktop's shell.
  window.addEventListener('beforeunload', (event) => {
    if (app.capture.isAtStake(app.session.get().state)) event.preventDefault();
  });
  window.addEventListener('pagehide', () => app.settings.flush());
  root.render(
    <StrictMode>
      <App app={app} />
    </StrictMode>,
  );
  if (info.openAtStart.length > 0) await app.openFiles(info.openAtStart, info.isSample);
}

const element = document.getElementById('root');
if (element === null) throw new Error('the page has no element "root"');
const root = createRoot(element);
start(root).catch((error: unknown) => {
  const t = translator(pickLanguage(navigator.languages));
  const reason = error instanceof Error ? error.message : String(error);
  root.render(<StartFailure text={t('error.connect', { reason })} again={t('error.again')} />);
});
