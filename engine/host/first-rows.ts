/** Between opening a capture and its first rows: what the window asks for besides waits, for it would hold up what people see. */

/** No longer than this. */
const WAIT_MS = 1000;

export class UntilFirstRows {
  private over: Promise<void> | null = null;
  private end: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;

  /** A capture is being opened. */
  begin(): void {
    this.over ??= new Promise((resolve) => {
      this.end = resolve;
    });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.done(), WAIT_MS);
    this.timer.unref();
  }

  /** Its first rows are there, or it cannot be opened. */
  done(): void {
    clearTimeout(this.timer);
    this.end();
    this.over = null;
  }

  /** Resolves at once where nobody waits for rows. */
  async wait(): Promise<void> {
    await this.over;
  }
}
