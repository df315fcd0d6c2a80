/** The file with secrets of TLS connections. */

import { KeyRound } from 'lucide-react';
import { defineCommand } from './command.ts';

export const tlsKeys = defineCommand({
  id: 'file.tlsKeys',
  title: 'command.tlsKeys',
  group: 'file',
  icon: KeyRound,
  run: (app) => app.layout.openDialog('tlsKeys'),
});
