/** The npm package cap in a process of its own: where nothing better is there. Times are ours, drops are not counted. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CaptureSettings } from '../../contract/capture.ts';
import { Helper, HelperRun } from './helper.ts';
import { unsupported } from './tcpdump.ts';
import { type CaptureTool, needError, type RunListener, type Survey, type ToolRun } from './tool.ts';

/** The process as a tool; null: it is not built, or this is Electron, whose binary does not run scripts. */
export function npmCap(): NpmCap | null {
  const entry = fileURLToPath(new URL('../host/cap-child.js', import.meta.url));
  return existsSync(entry) && process.versions.electron === undefined ? new NpmCap(process.execPath, entry) : null;
}

export class NpmCap implements CaptureTool {
  readonly name = 'cap';
  readonly isExact = false;
  readonly extension = 'pcap';
  readonly isLive = true;
  private readonly node: string;
  private readonly entry: string;

  constructor(node: string, entry: string) {
    this.node = node;
    this.entry = entry;
  }

  async survey(): Promise<Survey> {
    const survey = await new Helper(this.node, [this.entry]).survey();
    return { ...survey, version: 'cap 0.2.1' };
  }

  /** The package cannot compile a filter without opening an interface. */
  checkFilter(): Promise<null> {
    return Promise.resolve(null);
  }

  start(options: CaptureSettings, path: string, listener: RunListener): ToolRun {
    const params = { interface: options.interfaces.join(', '), path };
    const wrong = unsupported(options);
    if (wrong !== null) throw needError({ key: wrong, params: { ...params, reason: '' } }, `cap: ${wrong}`);
    const [device = ''] = options.interfaces;
    const filter = options.filter === '' ? [] : ['--filter', options.filter];
    const snapLength = options.snapLength === 0 ? [] : ['--snap-length', String(options.snapLength)];
    const args = [this.entry, 'capture', '--interface', device, ...filter, ...snapLength, '--write', path];
    return new HelperRun(this.node, args, listener);
  }
}
