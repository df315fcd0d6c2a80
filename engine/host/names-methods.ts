/** The host's part in names that the user gives: it keeps the hosts files, and tells every open capture of a change. */

import type { HostMethods } from '../contract/api.ts';
import type { HostsList, NamesOutputs } from '../contract/names.ts';
import { HostsFolder } from './hosts-folder.ts';
import type { SessionClient } from './session-client.ts';

export function namesHostMethods(
  sessions: ReadonlyMap<number, SessionClient>,
  folder: HostsFolder = new HostsFolder(),
): Pick<HostMethods, keyof NamesOutputs> {
  const changed = async (list: HostsList): Promise<HostsList> => {
    if (list.refused === null) await Promise.all([...sessions.values()].map((one) => one.request('names.list', {})));
    return list;
  };
  return {
    'names.list': () => folder.list(),
    'names.add': ({ name, text }) => changed(folder.add(name, text)),
    'names.remove': ({ name }) => changed(folder.remove(name)),
  };
}
