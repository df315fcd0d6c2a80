/** The protocols in one place: indexes, dispatch tables and the field catalogue, made from the list once at start. */

import { type Field, type FieldCatalog, integerBytes, makeCatalog } from '../base/fields.ts';
import { useApplications } from './carried.ts';
import type { DispatchTable, FieldSpec } from './field-spec.ts';
import { NumberTable } from './number-table.ts';
import { originProtocols } from './origin.ts';
import type { ProtocolSpec } from './protocol.ts';
import { protocols as list } from './protocols/index.ts';
import { pseudoProtocols } from './pseudo.ts';
import { type FieldOfProtocol, type FixedField, type TreeProtocol, useProtocols } from './tree.ts';
import type { ScanProtocol } from './walk.ts';

/** One registered protocol. Index 0 means none. */
export interface Protocol extends ScanProtocol, TreeProtocol {
  readonly spec: ProtocolSpec;
  /** As in `spec`, which looks different for each protocol: hot loops read these, from objects of one shape (13 % of the column pass). */
  readonly frame: ProtocolSpec['frame'];
  readonly accepts: ProtocolSpec['accepts'];
}

const numberTables = new Map<DispatchTable, NumberTable>();
const nameTables = new Map<DispatchTable, Map<string, number>>();
const registered: RegisteredProtocol[] = [];
const byName = new Map<string, RegisteredProtocol>();

function numberTable(name: DispatchTable): NumberTable {
  let table = numberTables.get(name);
  if (table === undefined) {
    table = new NumberTable(name, name === 'ethertype' ? (byName.get('ethertype')?.index ?? 0) : 0);
    numberTables.set(name, table);
  }
  return table;
}

/** What a protocol declares, made into fields: when the first of all fields is asked for, as loading a capture needs none. */
interface Declared {
  readonly self: Field;
  readonly fields: ReadonlyMap<string, FieldOfProtocol>;
  readonly fixed: readonly FixedField[];
}

interface Declarations {
  readonly catalog: FieldCatalog;
  readonly byProtocol: readonly Declared[];
  /** Fields that several protocols declare alike (`ipv6.opt.type` in two extension headers) are one; the first owns it. */
  readonly others: ReadonlyMap<Field, readonly number[]>;
}

let declarations: Declarations | undefined;

function declared(): Declarations {
  declarations ??= declareAll();
  return declarations;
}

function declareAll(): Declarations {
  const fields: Field[] = [];
  const byAbbrev = new Map<string, Field>();
  const others = new Map<Field, number[]>();
  const add = (protocol: number, abbrev: string, spec: FieldSpec): Field => {
    const shared = byAbbrev.get(abbrev);
    if (shared !== undefined) {
      if (shared.type !== spec.type) throw new Error(`${abbrev} is declared twice, with different types`);
      others.set(shared, [...(others.get(shared) ?? []), protocol]);
      return shared;
    }
    const field: Field = {
      id: fields.length,
      abbrev,
      label: spec.label,
      type: spec.type,
      show: spec.show ?? 'dec',
      names: spec.names,
      bits: spec.bits,
      unitBits: spec.of === undefined ? undefined : integerBytes(spec.of) * 8,
      flag: spec.flag,
      protocol,
      doc: spec.doc,
    };
    fields.push(field);
    byAbbrev.set(abbrev, field);
    return field;
  };
  const byProtocol = registered.map(({ index, spec }) => declare(index, spec, add));
  return { catalog: makeCatalog(fields), byProtocol, others };
}

function declare(
  index: number,
  spec: ProtocolSpec,
  add: (protocol: number, abbrev: string, spec: FieldSpec) => Field,
): Declared {
  const self = add(index, spec.name, { type: 'protocol', label: spec.title });
  const own = new Map<string, Field>();
  for (const [key, field] of Object.entries(spec.fields)) {
    own.set(key, add(index, field.abbrev ?? `${spec.name}.${key}`, field));
  }
  const entries = new Map<string, FieldOfProtocol>();
  const fixed: FixedField[] = [];
  for (const [key, fieldSpec] of Object.entries(spec.fields)) {
    const also = (fieldSpec.also ?? []).map((other) => mustHave(own.get(other), `${spec.name}: also ${other}`));
    const entry = { field: mustHave(own.get(key), key), spec: fieldSpec, also };
    entries.set(key, entry);
    if (fieldSpec.at !== undefined) fixed.push({ entry, depth: depthOf(key, spec.fields) });
  }
  return { self, fields: entries, fixed };
}

class RegisteredProtocol implements Protocol {
  readonly index: number;
  readonly spec: ProtocolSpec;
  readonly name: string;
  readonly short: string;
  readonly header: number;
  readonly scan: ProtocolSpec['scan'];
  readonly frame: ProtocolSpec['frame'];
  readonly accepts: ProtocolSpec['accepts'];
  tables: readonly NumberTable[] = [];

  constructor(index: number, spec: ProtocolSpec) {
    this.index = index;
    this.spec = spec;
    this.name = spec.name;
    this.short = spec.short ?? spec.name.toUpperCase();
    this.header = spec.header ?? 0;
    this.scan = spec.scan;
    this.frame = spec.frame;
    this.accepts = spec.accepts;
  }

  get self(): Field {
    return this.declared.self;
  }

  get fields(): ReadonlyMap<string, FieldOfProtocol> {
    return this.declared.fields;
  }

  get fixed(): readonly FixedField[] {
    return this.declared.fixed;
  }

  private get declared(): Declared {
    return declared().byProtocol[this.index];
  }
}

function register(spec: ProtocolSpec): void {
  if (byName.has(spec.name)) throw new Error(`two protocols are named ${spec.name}`);
  const protocol = new RegisteredProtocol(registered.length, spec);
  registered.push(protocol);
  byName.set(spec.name, protocol);
}

/** How many fixed fields lie above: `flags.rcode` sits under `flags` when `flags` has an offset too. */
function depthOf(key: string, all: Readonly<Record<string, FieldSpec>>): number {
  let depth = 0;
  for (let dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
    if (all[key.slice(0, dot)]?.at !== undefined) depth++;
  }
  return depth;
}

function mustHave<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`not declared: ${what}`);
  return value;
}

function connect(protocol: RegisteredProtocol): void {
  for (const [table, keys] of Object.entries(protocol.spec.on ?? {})) {
    for (const key of keys) claim(table as DispatchTable, key, protocol);
  }
  const chooses = protocol.spec.chooses ?? [];
  const names = typeof chooses === 'string' ? [chooses] : chooses;
  protocol.tables = names.map(numberTable);
}

function claim(name: DispatchTable, key: number | string, protocol: Protocol): void {
  if (typeof key === 'string') {
    let names = nameTables.get(name);
    if (names === undefined) nameTables.set(name, (names = new Map<string, number>()));
    names.set(key, protocol.index);
    return;
  }
  const table = numberTable(name);
  const before = table.claimed(key);
  if (before !== 0) throw new Error(`${name} ${key} is claimed by ${registered[before].name} and ${protocol.name}`);
  // Behind ports the flow decides; only tunnels, which have a scan, are entered at once.
  const isByFlow = name === 'tcp.port' || name === 'udp.port';
  table.claim(key, protocol.index, !isByFlow || protocol.spec.scan !== undefined);
}

register({ name: '_ws.none', title: 'None', fields: {} }); // index 0: nothing
for (const spec of pseudoProtocols) register(spec);
for (const spec of originProtocols) register(spec);
for (const spec of list) register(spec);
for (const protocol of registered) connect(protocol);

/** All protocols by index; 0 is none. */
export const allProtocols: readonly Protocol[] = registered;

/** Every field of every protocol. */
export const catalog: FieldCatalog = {
  get fields() {
    return declared().catalog.fields;
  },
  get: (abbrev) => declared().catalog.get(abbrev),
};

/** The protocol of that name; throws where there is none, which is a mistake in the program. */
export function protocolNamed(name: string): Protocol {
  return mustHave(byName.get(name), `protocol ${name}`);
}

/** Every protocol in whose layers a field may be. */
export function protocolsOf(field: Field): readonly number[] {
  return [field.protocol, ...(declared().others.get(field) ?? [])];
}

export function findProtocol(name: string): Protocol | undefined {
  return byName.get(name);
}

/** The protocol with other tables: for those who follow rules of their own. An object of the same shape. */
export function withTables(protocol: Protocol, tables: readonly NumberTable[]): Protocol {
  const copy = new RegisteredProtocol(protocol.index, protocol.spec);
  copy.tables = tables;
  return copy;
}

/** Who claims a key of a table: protocol index or 0. */
export function lookUp(table: DispatchTable, key: number | string): number {
  if (typeof key === 'string') return nameTables.get(table)?.get(key) ?? 0;
  return numberTables.get(table)?.claimed(key) ?? 0;
}

useProtocols({ all: registered, catalog, find: findProtocol, lookUp });
useApplications({ all: registered, find: findProtocol, lookUp });
