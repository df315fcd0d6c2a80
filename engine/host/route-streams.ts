/** The host's part in streams and carried files: requests go to their session, what is saved to where the user may write. */

import { NagareError } from '../base/errors.ts';
import type { CallContext, HostMethods, Input } from '../contract/api.ts';
import type { FollowOutputs, SavedFile } from '../contract/follow.ts';
import { safeFileName } from './file-name.ts';
import type { SessionClient } from './session-client.ts';

interface Targets {
  readonly checkTarget: (path: string) => string | null | Promise<string | null>;
  readonly download: ((suggestedName: string) => { readonly path: string; readonly address: string }) | null;
}

type Saving = 'follow.save' | 'objects.save';

export function routeStreams(
  session: (id: number) => SessionClient,
  options: Targets,
): Pick<HostMethods, keyof FollowOutputs> {
  const save = async <M extends Saving>(method: M, input: Input<M>, call: CallContext): Promise<SavedFile> => {
    const send = async (path: string): Promise<SavedFile> =>
      await session(input.session).request(method, { ...input, path }, call.signal, call.progress);
    if (input.path !== null) {
      const path = await options.checkTarget(input.path);
      if (path === null) throw new NagareError('not-allowed', `${input.path} was not chosen in this window.`);
      return send(path);
    }
    if (options.download === null) throw new NagareError('bad-input', 'A file to write to is needed.');
    const { path, address } = options.download(safeFileName(input.suggestedName, 'stream'));
    const done = await send(path);
    return { ...done, path: null, download: address };
  };
  return {
    'follow.targets': (input, call) => session(input.session).request('follow.targets', input, call.signal),
    'follow.open': (input, call) => session(input.session).request('follow.open', input, call.signal, call.progress),
    'follow.lines': (input, call) => session(input.session).request('follow.lines', input, call.signal, call.progress),
    'follow.lineOf': (input, call) =>
      session(input.session).request('follow.lineOf', input, call.signal, call.progress),
    'follow.find': (input, call) => session(input.session).request('follow.find', input, call.signal, call.progress),
    'follow.save': (input, call) => save('follow.save', input, call),
    'objects.list': (input, call) => session(input.session).request('objects.list', input, call.signal, call.progress),
    'objects.save': (input, call) => save('objects.save', input, call),
  };
}
