import type { SessionState } from '../contract/api.ts';
import { linkTypeInfo } from '../readers/link-types.ts';
import { countCopies } from './appearances.ts';
import type { Capture } from './capture.ts';

/** A file as people know it: size in bytes. */
export interface SessionFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}

/** What the files and the packets that are read so far say of a session. */
export function captureState(
  capture: Capture,
  files: readonly SessionFile[],
  isRead: boolean,
): Omit<SessionState, 'session' | 'loadMs' | 'marked' | 'ignored' | 'revision' | 'hasUnsavedComments' | 'unwanted'> {
  const { pass, reader, table } = capture;
  const { facts } = reader;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const problems = [...facts.warnings, ...(reader.problem === null ? [] : [reader.problem])];
  return {
    files: files.map(({ path, name, size }) => ({
      path,
      name,
      size,
      format: facts.format,
      compression: facts.compression ?? null,
    })),
    interfaces: facts.interfaces.map((one) => ({
      name: one.name ?? '',
      description: one.description ?? '',
      linkType: one.linkType,
      linkName: linkTypeInfo(one.linkType).title,
      file: one.file,
    })),
    packets: table.count,
    firstRow: table.first,
    live: null, // the host adds what it knows of the capture
    isLoading: !isRead,
    progress: isRead ? 1 : total === 0 ? 0 : Math.min(1, reader.position / total),
    epoch: pass.epochSeconds === null ? null : capture.epoch.toString(),
    startTime: table.count > 0 ? table.get('time', 0) : Number.NaN,
    firstTime: pass.epochSeconds === null ? 0 : pass.firstTime,
    lastTime: pass.epochSeconds === null ? 0 : pass.lastTime,
    copies: countCopies(capture),
    timeDigits: Math.max(6, ...facts.interfaces.map((one) => Math.min(9, Math.ceil(Math.log10(one.ticksPerSecond))))),
    commented: capture.comments.size,
    problems: problems.map(({ code, message, key, params, file, at }) => ({
      code,
      message,
      key,
      params,
      file: file ?? files[0]?.name ?? '',
      at,
    })),
  };
}
