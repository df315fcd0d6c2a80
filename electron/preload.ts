/**
 * The preload of the sandboxed page: passes one port to it and tells the paths of dropped files. Nothing else of Electron
 * reaches the page, no function of Electron's own and no event object.
 */

import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { DROP_CHANNEL, PAGE_PORT_MESSAGE, PORT_CHANNEL } from './channels.ts';

ipcRenderer.on(PORT_CHANNEL, (event) => {
  // A port cannot go through the context bridge. Only this window hears a message that is posted to it.
  window.postMessage(PAGE_PORT_MESSAGE, '*', event.ports);
});

contextBridge.exposeInMainWorld('nagare', {
  requestPort: (): void => ipcRenderer.send(PORT_CHANNEL),
  pathForFile: (file: File): string => {
    // Empty for a file that a script has made: only what a user has dropped or chosen has a path.
    const path = webUtils.getPathForFile(file);
    // Waits, so that the host's question whether it may be opened cannot come first.
    if (path !== '') ipcRenderer.sendSync(DROP_CHANNEL, path);
    return path;
  },
});
