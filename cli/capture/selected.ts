/** A capture whose packets are looked at while it runs: those that a display filter leaves are printed, copied, or both. */

import type { EventName, Events } from '../../engine/contract/api.ts';
import { type CopyTarget, fileTarget, PacketCopy } from '../../engine/host/capture/copy-packets.ts';
import { FollowedFiles } from '../../engine/host/capture/follow-files.ts';
import { useNodePlatform } from '../../engine/host/platform-node.ts';
import { Session } from '../../engine/session/session.ts';
import type { CommandContext } from '../command.ts';
import { turns } from '../open-capture.ts';
import { printedLine } from './printed.ts';

export interface Selection {
  readonly filter: string;
  /** Packets that pass are written there, `-`: standard output; null: the tool writes the file itself, or there is none. */
  readonly copyTo: string | null;
  readonly print: boolean;
}

export class SelectedPackets {
  /** How many have passed the filter. */
  passed = 0;
  readonly files: FollowedFiles;
  private readonly session: Session;
  private readonly selection: Selection;
  private readonly context: CommandContext;
  private readonly copy: PacketCopy | null;
  private nextRow = 0;
  private work: Promise<void> = Promise.resolve();

  /** Throws a NagareError where the copy cannot be written. */
  constructor(selection: Selection, format: string, context: CommandContext) {
    useNodePlatform();
    this.selection = selection;
    this.context = context;
    this.files = new FollowedFiles(format);
    // What has not been copied yet stays, however fast the ring turns.
    if (selection.copyTo !== null) this.files.keptFrom = () => this.nextRow;
    this.copy = selection.copyTo === null ? null : new PacketCopy(this.target(selection.copyTo), this.files);
    const emit = <E extends EventName>(event: E, _value: Events[E]): void => {
      if (event === 'session') this.work = this.work.then(() => this.look());
    };
    this.session = new Session(
      1,
      this.files.reader,
      () => this.files.files,
      { ...turns, emit },
      {
        growth: this.files,
        owners: this.files.owners,
      },
    );
  }

  /** Resolves when the capture has ended and all of it has been looked at. Throws what went wrong with the copy. */
  async done(): Promise<void> {
    await this.session.loaded;
    await this.work;
    await this.look();
    this.copy?.finish();
    this.session.close();
    this.files.close();
  }

  private target(path: string): CopyTarget {
    if (path !== '-') return fileTarget(path);
    const { out } = this.context;
    return { write: (bytes) => out.writeBytes(bytes), close: () => undefined };
  }

  /** Packets that have come since. */
  private async look(): Promise<void> {
    const rows = await this.session.select(this.selection.filter, null, null);
    const { capture } = this.session;
    const { out } = this.context;
    const { table } = capture;
    const end = rows?.size ?? table.count;
    for (let row = Math.max(this.nextRow, table.first); row < end; row++) {
      this.nextRow = row;
      if (rows !== null && !rows.has(row)) continue;
      const waiting = out.ready();
      if (waiting !== null) await waiting;
      this.passed++;
      this.copy?.packet(table.get('locator', row));
      if (this.selection.print) out.write(printedLine(this.session, row));
    }
    this.nextRow = Math.max(this.nextRow, end);
    await (out.ready() ?? out.flush());
  }
}
