/** Captures that walk through the messages, options and attributes of a protocol, so that each of its fields is there once. */

import type { GoldenGroup } from '../capture.ts';
import { addressAssignmentGroup } from './address-assignment.ts';
import { nameServiceGroup } from './name-services.ts';
import { remoteCallGroup } from './remote-calls.ts';

export const everyFieldGroups: readonly GoldenGroup[] = [addressAssignmentGroup, nameServiceGroup, remoteCallGroup];
