// Nodes, wires and the event log. Whatever comes from the cluster becomes text, never markup.

import { bytes, clock, count, duration, percent } from './format.js';

const svg = 'http://www.w3.org/2000/svg';
const icons = {
  failure: 'M8 5v4m0 2.6v.2M8 1.6 15 14H1z',
  recovered: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M12 1v3H9',
  move: 'M2 5h11m-3-3 3 3-3 3M14 11H3m3 3-3-3 3-3',
  plan: 'M2 3h6v4H2zm6 6h6v4H8zM5 7v4h3',
  checkpoint: 'm2.5 8.5 3.5 4 7.5-9',
  waiting: 'M8 2a6 6 0 1 0 .01 0M8 5v3.4l2.4 1.6',
  promise: 'M8 1.7 13.5 4v4c0 3.5-2.4 5.3-5.5 6.4C4.900 13.300 2.500 11.500 2.500 8V4z',
  note: 'M8 2a6 6 0 1 0 .01 0M8 7.500V11m0-6v.2',
};

function make(name, css, text) {
  const element = document.createElement(name);
  if (css) element.className = css;
  if (text !== undefined) element.textContent = text;
  return element;
}

function meter(share, css = '') {
  const outer = make('div', `meter ${css}`);
  const inner = make('i');
  inner.style.transform = `scaleX(${Math.max(0, Math.min(1, share || 0))})`;
  outer.append(inner);
  return outer;
}

function icon(kind) {
  const picture = document.createElementNS(svg, 'svg');
  const path = document.createElementNS(svg, 'path');
  picture.setAttribute('viewBox', '0 0 16 16');
  picture.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', icons[kind] ?? icons.note);
  picture.append(path);
  return picture;
}

export class Nodes {
  constructor(list, note) {
    [this.list, this.note, this.known] = [list, note, new Map()];
  }

  // Those that were there once stay in the list, so that a node that died is seen to be gone.
  show(cluster, run) {
    const here = new Map((cluster?.members ?? []).map(member => [member.address, member]));
    for (const member of here.values()) this.known.set(member.address, member);
    const entries = [...this.known.values()].sort((a, b) => placeOf(a, here, run) - placeOf(b, here, run)).map(member => this.#node(member, here.get(member.address), run));
    this.list.replaceChildren(...entries);
    const gone = this.known.size - here.size;
    this.note.textContent = here.size === 0 ? '' : `${here.size} there${gone > 0 ? `, ${gone} gone` : ''}`;
  }

  #node(known, member, run) {
    const entry = make('li', 'node');
    const head = make('div', 'head');
    head.append(make('b', '', known.address));
    if (member?.supervisor) head.append(make('span', 'tag', 'supervisor'));
    const status = !member ? 'gone' : member.reachable ? member.status.toLowerCase() : 'unreachable';
    head.append(make('span', `tag ${status === 'up' ? 'up' : 'bad'}`, status));
    if (!member) entry.classList.add('gone');
    else if (!member.reachable) entry.classList.add('bad');
    entry.append(head);
    for (const device of member?.devices ?? []) entry.append(this.#device(known.address, device, run));
    return entry;
  }

  #device(address, device, run) {
    const index = run?.plan?.devices.indexOf(`${address} ${device}`) ?? -1;
    const stages = (run?.plan?.stages ?? []).map((stage, i) => ({ ...stage, i })).filter(stage => index >= 0 && stage.device === index);
    const busy = index < 0 || run.ended ? null : run.busy[index];
    const line = make('div', 'device');
    const what = stages.length === 0 ? 'free' : stages.map(stage => `S${stage.i} ${layersOf(run.plan, stage)}`).join(', ');
    const stage = make('span', 'stage', what);
    stage.title = what + (stages[0]?.buddy ? `; copies on ${stages[0].buddy}` : '');
    line.append(make('span', '', device), stage, meter(busy), make('span', 'num', busy === null ? '' : percent(busy)));
    return line;
  }
}

// In the order of the pipeline, those that have no stage after those that have, and those that are gone last.
function placeOf(member, here, run) {
  const device = run?.plan?.devices.findIndex(name => name.startsWith(`${member.address} `)) ?? -1;
  return !here.has(member.address) ? Infinity : device < 0 ? 1e6 : device;
}

function layersOf(plan, stage) {
  const [first, last] = [plan.layers[stage.first_layer], plan.layers[stage.first_layer + stage.layers - 1]];
  return stage.layers === 1 ? first : `${first} … ${last}`;
}

export class Wires {
  constructor(body, note) {
    [this.body, this.note] = [body, note];
  }

  show(run) {
    const edges = run?.plan?.edges ?? [];
    this.note.textContent = run?.plan && edges.length > 0 ? 'between nodes, smoothed over the last steps' : '';
    if (edges.length > 0) {
      this.body.replaceChildren(...edges.map(edge => this.#row(edge, run)));
      return;
    }
    const row = make('tr');
    const cell = make('td', 'empty', run?.plan ? 'All stages are on one node: nothing crosses a wire.' : 'No plan yet.');
    cell.colSpan = 4;
    row.append(cell);
    this.body.replaceChildren(row);
  }

  #row(edge, run) {
    const use = run.edges.get(edge.edge);
    const row = make('tr');
    const place = make('td', '', `S${edge.edge} → S${edge.edge + 1}`);
    const [above, below] = [edge.edge, edge.edge + 1].map(stage => run.plan.devices[run.plan.stages[stage].device].split(' ')[0]);
    place.append(make('small', '', hostsOf(above, below)));
    const codec = make('td', '', edge.activations === edge.gradients ? edge.activations : `${edge.activations} ↓ ${edge.gradients} ↑`);
    codec.append(make('small', '', edge.activations === 'fp32' && edge.gradients === 'fp32' ? 'lossless' : 'lossy'));
    const waits = use ? use.waiting_seconds / run.seconds : null;
    const waiting = make('td');
    const both = make('div', 'waiting');
    both.append(meter(waits, 'wait'), make('span', 'num', use ? duration(use.waiting_seconds).join(' ') : '–'));
    waiting.append(both);
    if (use) waiting.append(make('small', 'wide-only', `sending ${duration(use.sending_seconds).join(' ')}, coding ${duration(use.coding_seconds).join(' ')}`));
    const size = make('td', 'num', use ? bytes(use.bytes) : '–');
    if (use?.bytes > 0) size.append(make('small', '', `of ${bytes(use.raw_bytes)}: ${(use.raw_bytes / use.bytes).toFixed(2)} to 1`));
    row.append(place, codec, size, waiting);
    return row;
  }
}

// On one host only the ports tell nodes apart.
function hostsOf(above, below) {
  const [a, b] = [above, below].map(address => address.slice(0, address.lastIndexOf(':')));
  return a === b ? `${above.slice(a.length)} → ${below.slice(b.length)}` : `${above} → ${below}`;
}

export class EventLog {
  constructor(list, note) {
    [this.list, this.note, this.run, this.shown] = [list, note, null, new Set()];
  }

  // The newest on top; lines are only ever added, so that what somebody reads stays where it is in the document.
  show(run) {
    if (this.run !== run?.id) {
      this.list.replaceChildren();
      this.shown.clear();
      this.run = run?.id;
    }
    for (const line of run?.log ?? []) {
      if (this.shown.has(line.id)) continue;
      this.shown.add(line.id);
      this.list.prepend(this.#line(line));
    }
    this.note.textContent = this.shown.size === 0 ? 'nothing yet' : `${count(this.shown.size)}`;
  }

  #line(line) {
    const entry = make('li', line.kind);
    entry.append(icon(line.kind), make('span', 'text', line.replanned ? headOf(line.replanned) : line.text));
    if (line.replanned) {
      const parts = ['detection', 'fence', 'plan', 'restore', 'replay'].map(name => ({ name, ms: line.replanned[name] }));
      entry.append(bar(parts), make('span', 'when', parts.map(titleOf).join(', ')));
    }
    entry.append(make('span', 'when', `${clock(line.time)}, after step ${count(line.step)}`));
    return entry;
  }
}

// The line's text names the parts too, which a bar shows better.
function headOf(replanned) {
  return `${replanned.after_failure ? 'recovered' : 'moved'} in ${(replanned.total / 1000).toFixed(2)} s; ${bytes(replanned.bytes)} fetched`;
}

function titleOf(part) {
  return `${part.name} ${part.ms.toFixed(0)} ms`;
}

function bar(parts) {
  const whole = make('span', 'parts');
  const total = parts.reduce((sum, part) => sum + part.ms, 0);
  for (const part of parts) {
    const share = total > 0 ? part.ms / total : 0;
    const piece = make('span', '', share > 0.2 ? part.name : '');
    piece.style.flex = `${Math.max(0.005, share)} 1 0`;
    piece.title = titleOf(part);
    whole.append(piece);
  }
  return whole;
}
