/** Capture properties as a report: totals, facts of the file, its interfaces and what was odd. */

import type { PropertiesPanel } from '../../../engine/contract/properties.ts';
import { type Report, report } from '../../../engine/contract/report.ts';

export function propertiesReport(data: PropertiesPanel): Report {
  const seconds = Number(data.duration);
  const facts: (readonly [string, string])[] = [
    ['format', data.description],
    ['compression', data.compression ?? ''],
    ['first', timeText(data.first)],
    ['last', timeText(data.last)],
    ['hardware', data.hardware ?? ''],
    ['os', data.os ?? ''],
    ['application', data.application ?? ''],
    ...data.comments.map((comment) => ['comment', comment] as const),
    ...data.warnings.map((warning) => ['warning', warning] as const),
  ];
  const shown = facts.filter(([, value]) => value !== '');
  const { interfaces } = data;
  return report({
    figures: [
      { id: 'properties.packets', unit: 'number', value: data.packets },
      { id: 'properties.bytes', unit: 'bytes', value: data.bytes },
      { id: 'properties.captured', unit: 'bytes', value: data.capturedBytes },
      { id: 'properties.duration', unit: 'ns', value: seconds * 1e9 },
      { id: 'properties.rate', unit: 'bit/s', value: seconds > 0 ? (data.bytes * 8) / seconds : Number.NaN },
      { id: 'properties.packetRate', unit: 'packet/s', value: seconds > 0 ? data.packets / seconds : Number.NaN },
    ],
    tables: [
      {
        id: 'properties.facts',
        count: shown.length,
        columns: [
          { id: 'property', unit: 'key', values: shown.map(([name]) => `property.${name}`) },
          { id: 'propertyValue', unit: 'text', values: shown.map(([, value]) => value) },
        ],
        filter: null,
      },
      {
        id: 'properties.interfaces',
        count: interfaces.length,
        columns: [
          { id: 'interfaceId', unit: 'id', values: Float64Array.from(interfaces, (_, i) => i), filter: '' },
          { id: 'name', unit: 'text', values: interfaces.map(({ name }) => name ?? '') },
          { id: 'description', unit: 'text', values: interfaces.map(({ description }) => description ?? '') },
          { id: 'linkType', unit: 'text', values: interfaces.map(({ linkName }) => linkName) },
          { id: 'captureFilter', unit: 'text', values: interfaces.map(({ filter }) => filter ?? '') },
          { id: 'snapLength', unit: 'id', values: Float64Array.from(interfaces, (one) => one.snapLength), filter: '' },
          {
            id: 'packets',
            unit: 'count',
            values: Float64Array.from(interfaces, ({ packets }) => packets),
            filter: data.format === 'pcapng' ? 'frame.interface_id == {interfaceId}' : '',
          },
          ...(['accepted', 'droppedByKernel', 'dropped'] as const).map((id) => ({
            id,
            unit: 'number' as const,
            values: Float64Array.from(interfaces, (one) => Number(one[id] ?? Number.NaN)),
            filter: '',
          })),
        ],
        filter: null,
      },
    ],
  });
}

/** Seconds since 1970 as a date in UTC, to the nanosecond. */
function timeText(seconds: string | null): string {
  if (seconds === null) return '';
  const [whole = '0', fraction = ''] = seconds.split('.');
  const date = new Date(Number(whole) * 1000);
  return Number.isNaN(date.getTime()) ? seconds : `${date.toISOString().slice(0, 19).replace('T', ' ')}.${fraction}Z`;
}
