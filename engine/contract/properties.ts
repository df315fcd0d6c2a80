/** What the panel `properties` makes: docs/json.md. */

export interface PropertiesPanel {
  readonly format: string;
  readonly description: string;
  readonly compression: string | null;
  readonly hardware: string | null;
  readonly os: string | null;
  readonly application: string | null;
  readonly comments: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  readonly capturedBytes: number;
  /** Times as text of seconds since 1970 with nine decimals; null: no packet has one. */
  readonly first: string | null;
  readonly last: string | null;
  /** Seconds with nine decimals. */
  readonly duration: string;
  readonly interfaces: readonly PropertiesInterface[];
  readonly warnings: readonly string[];
}

export interface PropertiesInterface {
  readonly name: string | null;
  readonly description: string | null;
  readonly filter: string | null;
  readonly linkType: number;
  readonly linkName: string;
  readonly snapLength: number;
  readonly packets: number;
  /** From the file's statistics: passed the capture filter, dropped by the interface, dropped by the kernel. */
  readonly accepted: string | null;
  readonly dropped: string | null;
  readonly droppedByKernel: string | null;
}
