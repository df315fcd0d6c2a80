/** Texts of the command line and of exports, in English. */

import { EXPORT_PROBLEMS } from '../../base/export-problems.ts';

export const cliEn = {
  ...EXPORT_PROBLEMS,
  'cli.about': 'a packet-capture viewer for people who run and troubleshoot cloud VMs',
  'cli.commands': 'Commands:',
  'cli.more-help': '"nagare COMMAND --help" says more about a command.',
  'cli.internal': 'an error in nagare itself: {reason}',
  'cli.file-problem': '{file}: {what}, at byte {at}; the packets before it were read',
  'cli.file-oddity': '{file}: {what}, at byte {at}',
  'cli.bad-filter': 'the filter is wrong at character {place}: {message}',
  'cli.bad-filter-hint': 'the filter is wrong at character {place}: {message} {hint}',
  'cli.unknown-field': 'there is no field "{name}"; "nagare fields --list" lists them',
  'cli.unknown-field-near': 'there is no field "{name}"; did you mean {near}?',

  'cli.usage.see-help': '{problem} (see "nagare {command} --help")',
  'cli.usage.no-command': 'a command is missing; "nagare --help" lists them',
  'cli.usage.unknown-command': 'there is no command "{word}"; "nagare --help" lists them',
  'cli.usage.unknown-command-near': 'there is no command "{word}"; did you mean {near}?',
  'cli.usage.unknown-option': 'there is no option {option}',
  'cli.usage.no-value-wanted': '{option} takes no value',
  'cli.usage.value-missing': '{option} needs a value: {value}',
  'cli.usage.given-twice': '{option} is given twice',
  'cli.usage.no-file': 'a capture file is missing',

  'cli.option.filter': 'only packets that this display filter leaves',
  'cli.option.decode-as': 'decode otherwise, as tcp.port==8080,http says; may be repeated',
  'cli.decode.form': '"{rule}" is no rule: write TABLE==NUMBER,PROTOCOL, as in tcp.port==8080,http',
  'cli.decode.table': 'there are no rules about "{table}"; there are about {tables}',
  'cli.decode.key': '{rule}: the number must be between 0 and {most}, and a range may have 1,024 of them',
  'cli.decode.protocol': '{table} cannot be decoded as "{protocol}"',
  'cli.decode.protocol-near': '{table} cannot be decoded as "{protocol}"; did you mean {near}?',
  'cli.option.tls-keys': 'decrypt TLS with the secrets in this key log file (SSLKEYLOGFILE)',
  'cli.option.strict': 'exit with 1 when something is wrong with a file',
  'cli.option.json': 'print JSON',
  'cli.option.lang': 'language of messages; by default that of the system',
  'cli.option.help': 'this help',

  'cli.fields.summary': 'Prints values of fields, one packet a line, or lists all fields',
  'cli.fields.field': 'a field, or a column such as _ws.col.Info; give it once for each',
  'cli.fields.print': 'how to print, see below',
  'cli.fields.list': 'list every field: its name in filters, what it is, its type, its protocol',
  'cli.fields.json': 'with --list: as JSON',
  'cli.fields.print-options':
    '-E header=y|n, bom=y|n, separator=/t|/s|CHARACTER, aggregator=,|/s|CHARACTER,\n   occurrence=f|l|a (first, last, all), quote=d|s|n: as in tshark.',
  'cli.fields.columns': 'Columns: _ws.col.Source, _ws.col.Destination, _ws.col.Protocol, _ws.col.Info.',
  'cli.fields.no-field': 'a field to print is missing: -e FIELD',
  'cli.fields.json-needs-list': '--json goes with --list',
  'cli.fields.bad-print-option': 'there is no print option "{text}"',

  'cli.count.summary': 'Prints the number of packets',

  'cli.show.summary': 'Prints one packet with all its fields',
  'cli.show.frame': 'the number of the packet, from 1',
  'cli.show.frame-missing': 'the number of a packet is missing: -n FRAME',
  'cli.show.bad-frame': '"{text}" is no packet number; the first is 1',
  'cli.show.no-such-packet': {
    one: 'there is no packet {number}; the capture has {count} packet',
    other: 'there is no packet {number}; the capture has {count} packets',
  },

  'cli.option.view': 'records of a packet that was seen at several places: all (default), or the one at the adapter',
  'cli.bad-view': '"{view}" is no view: all or adapter',
  'cli.stats.summary': 'Prints the figures of a panel',
  'cli.stats.view': 'appearances of a packet that is recorded several times: all, or at the adapter (default)',
  'cli.stats.csv': 'one table as comma-separated values',
  'cli.stats.table': 'which table --csv prints; the first one unless given',
  'cli.stats.set': 'chooses something of the panel, as its controls in the window do',
  'cli.stats.no-csv': '{panel} has no tables; use --json',
  'cli.stats.no-table': 'there is no such table; there are {list}',
  'cli.stats.bad-set': '"{text}" is not NAME=VALUE',
  'cli.stats.no-panel': 'a panel is missing: {list}',
  'cli.stats.unknown-panel': 'there is no panel "{name}"; there are {list}',
  'cli.stats.unknown-panel-near': 'there is no panel "{name}"; did you mean {near}? There are {list}',

  'cli.export.summary': 'Writes packets to another file',
  'cli.export.output': 'the file to write, replaced if it exists; - is standard output',
  'cli.export.format': 'format of the file; by default after its name, else pcapng',
  'cli.export.column': 'for csv: a column (number, time, source, destination, protocol, length, info) or a field',
  'cli.export.decapsulate':
    'write mirrored packets without their VXLAN, Geneve, ERSPAN or GRE tunnel, one interface for each session',
  'cli.export.formats':
    'pcapng keeps comments, names and interfaces; pcap holds one link type; csv, json and text are for\nother programs and for reading. Cells of csv that a spreadsheet would run begin with an apostrophe.',
  'cli.export.no-output': 'the file to write is missing: -w OUT',
  'cli.export.unknown-format': 'there is no format "{format}"; there are {list}',
  'cli.export.columns-need-csv': '-e goes with --format csv',
} as const;
