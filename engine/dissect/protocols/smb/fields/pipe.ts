/** Fields of named pipes: their own, and those of the file that a pipe is. */

import type { FieldSpec } from '../../../field-spec.ts';
import { FUNCTIONS } from '../pipe-names.ts';
import { fileFields } from './files.ts';
import { wordFields } from './words.ts';

const STATES = { 1: 'Disconnected by server', 2: 'Listening', 3: 'Connected', 4: 'Closed by server' };

const FILE_KEYS = ['fid', 'fid.opened_in', 'fid.closed_in', 'file', 'create.disposition', 'file_data'];
const FILE_WORDS =
  /^(?:create_flags|access_mask|file_attribute|share_access|create_options|ipc_state|nt\.create|access\.|share\.)/;

/** The file's fields, by their own names. */
function shared(): [string, FieldSpec][] {
  return [...Object.entries(fileFields), ...Object.entries(wordFields)]
    .filter(([key]) => FILE_KEYS.includes(key) || (FILE_WORDS.test(key) && key in wordFields))
    .map(([key, spec]) => [key, { ...spec, abbrev: `smb.${key}` }]);
}

export const pipeFields: Readonly<Record<string, FieldSpec>> = {
  function: { type: 'u16', show: 'hex', label: 'Function', names: FUNCTIONS },
  priority: { type: 'u16', label: 'Priority' },
  'peek.available_bytes': { type: 'u16', label: 'Available Bytes' },
  'peek.remaining_bytes': { type: 'u16', label: 'Bytes Remaining' },
  'peek.status': { type: 'u16', label: 'Pipe Status', names: STATES },
  'getinfo.info_level': { type: 'u16', label: 'Information Level' },
  'getinfo.output_buffer_size': { type: 'u16', label: 'Output Buffer Size' },
  'getinfo.input_buffer_size': { type: 'u16', label: 'Input Buffer Size' },
  'getinfo.maximum_instances': { type: 'u8', label: 'Maximum Instances' },
  'getinfo.current_instances': { type: 'u8', label: 'Current Instances' },
  'getinfo.pipe_name_length': { type: 'u8', label: 'Pipe Name Length' },
  'getinfo.pipe_name': { type: 'string', label: 'Pipe Name' },
  'write.bytes_written': { type: 'u16', label: 'Bytes Written', abbrev: 'smb_pipe.write_raw.bytes_written' },
  ...Object.fromEntries(shared()),
};
