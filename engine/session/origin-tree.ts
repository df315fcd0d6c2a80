/** What the capturing system said of a packet: layers of the detail tree between the frame and the packet's own. */

import { type FieldValue, valueName } from '../base/fields.ts';
import { escapeText } from '../base/text.ts';
import { TreeNode } from '../dissect/node.ts';
import { protocolNamed } from '../dissect/registry.ts';
import type { PacketTrace } from '../readers/reader.ts';
import type { Capture } from './capture.ts';
import { processName, processOfFlow, unnamed } from './processes.ts';

/** Names of the protocols of these layers. */
export const ORIGIN_PROTOCOLS: readonly string[] = ['pktmon', 'ndiscap', '_ws.process'];

/** A layer that fields are put into. */
class Layer {
  readonly top: TreeNode;
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
    this.top = new TreeNode(protocolNamed(name).self, null, 0, 0, 0, -1);
    this.top.children = [];
  }

  /** A value that there is none of is left out. */
  put(key: string, value: FieldValue | null | undefined, isGenerated = false): TreeNode | null {
    if (value === undefined) return null;
    const entry = protocolNamed(this.name).fields.get(key);
    if (entry === undefined) throw new Error(`${this.name} declares no field ${key}`);
    const node = new TreeNode(entry.field, value, 0, 0, 0, -1);
    node.generated = isGenerated;
    this.top.children?.push(node);
    return node;
  }
}

export function originTree(capture: Capture, row: number): TreeNode[] {
  const options = capture.options(row);
  const layers: TreeNode[] = [];
  const trace = options?.trace;
  if (trace?.provider === 'pktmon') layers.push(pktmonLayer(trace));
  else if (trace !== undefined) layers.push(ndisLayer(trace));
  const process = new Layer('_ws.process');
  const id = options?.processId;
  const likely = processOfFlow(capture, capture.pass.flowOf(row));
  // Network Monitor names the program of each connection; elsewhere the packets vote.
  const isCertain = trace === undefined && options?.processName !== undefined;
  process.put('id', id);
  if (likely !== null) {
    process.put('name', likely.name, true);
    const number = likely.name === unnamed(likely.id) ? '' : ` (${likely.id})`;
    process.top.text = `Process: ${escapeText(likely.name)}${number}${isCertain ? '' : ', likely'}`;
  } else if (id !== undefined)
    process.top.text = `Process: ${escapeText(processName(capture, id, options?.processName))}`;
  if (process.top.children?.length !== 0) layers.push(process.top);
  return layers;
}

function pktmonLayer(trace: PacketTrace): TreeNode {
  const layer = new Layer('pktmon');
  const { edgeName, dropReason, dropReasonText, dropLocation, dropLocationText } = trace;
  const isDropped = trace.isDropped === true || dropReason !== undefined;
  const component = componentText(trace);
  const edge = edgeName ?? (trace.edge === undefined ? undefined : String(trace.edge));
  const reason = dropReasonText ?? (dropReason === undefined ? undefined : String(dropReason));
  layer.put('component', component);
  layer.put('component.id', trace.component);
  layer.put('component.description', trace.componentDescription);
  layer.put('component.type', trace.componentType);
  layer.put('edge', edge);
  layer.put('edge.id', trace.edge);
  const direction = layer.put('direction', trace.directionTag);
  layer.put('packettype', trace.packetType);
  layer.put('filter', trace.filter);
  layer.put('packet', trace.packetGroup, true);
  layer.put('appearance', trace.appearance);
  layer.put('appearances', trace.appearanceCount, true);
  layer.put('groupid', trace.groupId);
  layer.put('number', trace.packetNumber);
  if (isDropped) {
    layer.put('drop', null);
    layer.put('drop.reason', reason);
    layer.put('drop.reason.code', dropReason);
    layer.put('drop.location', dropLocationText ?? (dropLocation === undefined ? undefined : String(dropLocation)));
    layer.put('drop.location.code', dropLocation);
  }
  layer.put('adapter', trace.adapter);
  layer.put('processor', trace.processor);
  const place = [component, edge, direction === null ? undefined : nameOf(direction)].filter(
    (part) => part !== undefined,
  );
  const how = isDropped ? `, dropped${reason === undefined ? '' : `: ${reason}`}` : '';
  layer.top.text = `Packet Monitor: ${escapeText(place.join(', '))}${escapeText(how)}`;
  return layer.top;
}

/** Components without a name have `NULL` there. */
export function componentText({ component, componentName, componentDescription }: PacketTrace): string | undefined {
  if (componentName !== undefined && componentName !== '' && componentName !== 'NULL') return componentName;
  return componentDescription ?? (component === undefined ? undefined : String(component));
}

function nameOf({ field, value }: TreeNode): string | undefined {
  return typeof value === 'number' ? valueName(field?.names, value) : undefined;
}

function ndisLayer(trace: PacketTrace): TreeNode {
  const layer = new Layer('ndiscap');
  layer.put('adapter', trace.adapter);
  layer.put('layer', trace.layer);
  if (trace.isDropped === true) layer.put('drop', null);
  layer.put('processor', trace.processor);
  if (trace.provider === 'ras') layer.top.text = 'Remote access (NDISWAN)';
  return layer.top;
}
