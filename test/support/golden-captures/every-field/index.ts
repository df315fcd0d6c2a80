/** Captures that walk through the messages, options and attributes of a protocol, so that each of its fields is there once. */

import type { GoldenGroup } from '../capture.ts';
import { addressAssignmentGroup } from './address-assignment.ts';
import { managementGroup } from './management.ts';
import { nameServiceGroup } from './name-services.ts';
import { remoteCallGroup } from './remote-calls.ts';
import { remoteProcedureGroup } from './remote-procedures.ts';
import { smbGroup } from './smb-transactions.ts';
import { windowsServiceGroup } from './windows-services.ts';

export const everyFieldGroups: readonly GoldenGroup[] = [
  addressAssignmentGroup,
  managementGroup,
  nameServiceGroup,
  remoteCallGroup,
  remoteProcedureGroup,
  smbGroup,
  windowsServiceGroup,
];
