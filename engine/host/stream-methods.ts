/** A session's answers about streams and files put together again; what was found is kept per way of decoding the capture. */

import { NagareError } from '../base/errors.ts';
import type { CallContext, HostMethods } from '../contract/api.ts';
import type { FollowOutputs, SavedFile } from '../contract/follow.ts';
import type { Dissector } from '../session/dissector.ts';
import { FollowService } from '../session/follow/service.ts';
import { writeStream } from '../session/follow/write.ts';
import { factsOf, findObjects } from '../session/objects/index.ts';
import type { StoredObject } from '../session/objects/object.ts';
import type { Session } from '../session/session.ts';
import { Job } from '../session/turns.ts';
import { saveObjects } from './object-files.ts';
import { OutputFile } from './output-file.ts';

interface Kept {
  readonly follow: FollowService;
  /** Packets and secrets there were when they were searched. */
  objects: { readonly key: string; readonly list: readonly StoredObject[] } | null;
}

export function streamMethods(open: () => Session): Pick<HostMethods, keyof FollowOutputs> {
  const kept = new WeakMap<Dissector, Kept>();
  const of = (session: Session): Kept => {
    let found = kept.get(session.dissector);
    if (found === undefined) {
      found = { follow: new FollowService(session.capture, session.dissector), objects: null };
      kept.set(session.dissector, found);
    }
    return found;
  };
  const follow = (): FollowService => of(open()).follow;
  const job = (call: CallContext): Job => new Job(open().turns, call.signal, call.progress);
  const objects = async (call: CallContext): Promise<readonly StoredObject[]> => {
    const session = open();
    const { capture, dissector } = session;
    const mine = of(session);
    const key = `${capture.table.count} ${capture.secrets.keyLog.size}`;
    if (mine.objects?.key !== key)
      mine.objects = { key, list: await findObjects({ capture, dissector, job: job(call) }) };
    return mine.objects.list;
  };
  return {
    'follow.targets': (input) => follow().targets(input.row),
    'follow.open': (input, call) => follow().summary(input, job(call)),
    'follow.lines': (input, call) => follow().lines(input, job(call)),
    'follow.lineOf': (input, call) => follow().lineOf(input, job(call)),
    'follow.find': (input, call) => follow().find(input, job(call)),
    'follow.save': async (input, call) => {
      const stream = await follow().stream(input, job(call));
      const missing = (bytes: number): string => input.missing.replace('{bytes}', String(bytes));
      return writeFile(input.path, open().paths, (sink) =>
        writeStream(stream, input.format, input.side, missing, sink, job(call)),
      );
    },
    'objects.list': async (_input, call) => (await objects(call)).map(factsOf),
    'objects.save': async (input, call) => {
      const list = await objects(call);
      const chosen = input.objects.map((index) => {
        const one = list[index];
        if (one === undefined) throw new NagareError('bad-input', `There is no file ${index}.`);
        return one;
      });
      return writeFile(input.path, open().paths, (sink) => saveObjects(chosen, sink, job(call)));
    },
  };
}

/** Writes a file that appears whole or not at all. */
async function writeFile(
  path: string | null,
  sources: readonly string[],
  write: (sink: { write(bytes: Uint8Array): void }) => Promise<void>,
): Promise<SavedFile> {
  if (path === null) throw new NagareError('bad-input', 'A file to write to is needed.');
  const file = new OutputFile(path, sources);
  let bytes = 0;
  try {
    await write({
      write(part) {
        file.write(part);
        bytes += part.length;
      },
    });
    file.commit();
    return { path, download: null, bytes };
  } finally {
    file.discard();
  }
}
