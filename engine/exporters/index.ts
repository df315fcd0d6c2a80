/** The output formats: one line each. */

import { csv } from './csv.ts';
import type { Exporter } from './exporter.ts';
import { json } from './json.ts';
import { pcap } from './pcap.ts';
import { pcapng } from './pcapng.ts';
import { text } from './text.ts';

export const exporters: readonly Exporter[] = [pcapng, pcap, csv, json, text];

export function exporterNamed(name: string): Exporter | undefined {
  return exporters.find((exporter) => exporter.name === name);
}
