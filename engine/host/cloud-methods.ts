/** The host's part in what the user knows about clouds: it keeps the files, and tells every open capture of a change. */

import type { HostMethods } from '../contract/api.ts';
import type { CloudList, CloudOutputs } from '../contract/cloud.ts';
import { CloudFolder } from './cloud-folder.ts';
import type { SessionClient } from './session-client.ts';

export function cloudHostMethods(
  sessions: ReadonlyMap<number, SessionClient>,
  folder: CloudFolder = new CloudFolder(),
): Pick<HostMethods, keyof CloudOutputs> {
  const changed = async (list: CloudList): Promise<CloudList> => {
    if (list.problem === null) await Promise.all([...sessions.values()].map((one) => one.request('cloud.list', {})));
    return list;
  };
  return {
    'cloud.list': () => folder.list(),
    'cloud.add': ({ name, text }) => changed(folder.add(name, text)),
    'cloud.remove': ({ name }) => changed(folder.remove(name)),
  };
}
