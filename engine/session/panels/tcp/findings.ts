/** What there is to say about the connections, in sentences. */

import type { TcpConnections } from '../../../analyses/tcp-connections.ts';
import type { SentenceValue } from '../../../base/unit.ts';
import type { Finding } from '../../../contract/report.ts';
import type { FlowPass } from '../../flow-pass.ts';
import { flowEnds } from '../flow-ends.ts';
import { exceptErrors } from '../quoted.ts';
import { dataShare, type Offload, type Totals } from './overview.ts';

/** Share of segments sent again above which transfers become slow, and above which they crawl. */
const LOSSY = 0.005;
const VERY_LOSSY = 0.03;
/** One side of the capture point is to blame when this share of the losses is there. */
const MOSTLY = 0.8;

const counted = (value: number): SentenceValue => ({ value, unit: 'count' });

export function findingsOf(pass: FlowPass, found: TcpConnections, totals: Totals, offload: Offload): Finding[] {
  if (totals.segments === 0 && found.copies === 0) return [];
  const findings: Finding[] = [];
  if (totals.resent === 0) findings.push({ id: 'tcp.noLoss', level: 'good', values: {} });
  else {
    findings.push(worst(pass, found, totals));
    findings.push(...sides(totals));
  }
  if (totals.signs.zeroWindow > 0) findings.push(zeroWindow(pass, found, totals));
  if (totals.signs.lostSegment > 0) {
    findings.push({
      id: 'tcp.gaps',
      level: 'look',
      values: { count: counted(totals.signs.lostSegment) },
      link: { filter: 'tcp.analysis.lost_segment' },
    });
  }
  if (found.copies > 0) {
    findings.push({
      id: 'tcp.copies',
      level: 'info',
      values: { count: counted(found.copies) },
      link: { filter: `tcp and nagare.copy${exceptErrors(found.more > 0)}` },
    });
  }
  if (offload.frames > 0) {
    findings.push({
      id: 'tcp.offload',
      level: 'info',
      values: { count: counted(offload.frames) },
      link: offload.link,
    });
  }
  return findings;
}

function largest(values: (flow: number) => number, flows: number): number {
  let best = 0;
  for (let flow = 1; flow < flows; flow++) if (values(flow) > values(best)) best = flow;
  return best;
}

function named(pass: FlowPass, flow: number): { readonly client: string; readonly server: string; stream: number } {
  const { client, clientPort, server, serverPort, stream } = flowEnds(pass, flow);
  const end = (address: string, port: number): string =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return { client: end(client, clientPort), server: end(server, serverPort), stream };
}

/** The connection that most was sent again in. */
function worst(pass: FlowPass, found: TcpConnections, totals: Totals): Finding {
  const resent = (flow: number): number => found.resentFrames[0][flow] + found.resentFrames[1][flow];
  const flow = largest(resent, found.packets.length);
  const { client, server, stream } = named(pass, flow);
  const share = dataShare(found, totals);
  return {
    id: 'tcp.worst',
    level: share > VERY_LOSSY ? 'wrong' : share > LOSSY ? 'look' : 'info',
    values: {
      client,
      server,
      count: counted(resent(flow)),
      all: String(totals.resent),
      share: { value: share, unit: 'share' },
    },
    link: { filter: `tcp.stream == ${stream} and nagare.resent` },
  };
}

/** On which side of the capture point what was sent again was lost. */
function sides({ lostBefore, lostAfter }: Totals): Finding[] {
  const lost = lostBefore + lostAfter;
  if (lost === 0) return [];
  const values = { count: counted(lost), before: String(lostBefore), after: String(lostAfter) };
  if (lostAfter >= MOSTLY * lost)
    return [{ id: 'tcp.lostAfter', level: 'look', values, link: { filter: 'nagare.lost == 2' } }];
  if (lostBefore >= MOSTLY * lost)
    return [{ id: 'tcp.lostBefore', level: 'look', values, link: { filter: 'nagare.lost == 1' } }];
  return [{ id: 'tcp.lostBoth', level: 'look', values, link: { filter: 'nagare.lost' } }];
}

/** A receiver that does not read. */
function zeroWindow(pass: FlowPass, found: TcpConnections, totals: Totals): Finding {
  const flow = largest((one) => found.signs.zeroWindow[one], found.packets.length);
  const { client, server, stream } = named(pass, flow);
  return {
    id: 'tcp.zeroWindow',
    level: 'look',
    values: { count: counted(totals.signs.zeroWindow), client, server },
    link: { filter: `tcp.stream == ${stream} and tcp.analysis.zero_window` },
  };
}
