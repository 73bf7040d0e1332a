// The gradient norm of each layer over steps, by colour on a logarithmic scale.

import { Drawing, clamp, say } from './canvas.js';
import { colour } from './theme.js';
import { count, number, short, ticks } from './format.js';

// Viridis (Smith and van der Walt): even steps of brightness, for colour-blind people too.
const stops = [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37]];
const axis = 22;
const scale = 62;

export class HeatMap extends Drawing {
  constructor(canvas, note) {
    super(canvas);
    this.note = note;
    this.draw = () => this.#draw();
  }

  show(run) {
    this.run = run;
    this.#draw();
  }

  #draw() {
    const { context: c, width, height } = this.begin();
    const layers = this.run?.plan?.layers ?? [];
    const points = (this.run?.points ?? []).filter(point => point.layer_norms.length === layers.length && layers.length > 0);
    if (points.length < 2) return say(c, width, height, 'the first steps are on their way');
    const left = Math.min(width * 0.25, 10 + Math.max(...layers.map(name => c.measureText(name).width)));
    const view = { left, right: width - scale, bottom: height - axis, rows: layers.length };
    const columns = this.#columns(points, Math.max(1, Math.floor((view.right - view.left) / 2)));
    const [low, high] = bounds(columns);
    const shade = value => !(value > 0) ? colour('idle') : viridis((Math.log10(value) - low) / (high - low || 1));
    const [cellWidth, cellHeight] = [(view.right - view.left) / columns.length, view.bottom / view.rows];
    columns.forEach((column, i) => column.norms.forEach((norm, layer) => {
      c.fillStyle = shade(norm);
      c.fillRect(view.left + i * cellWidth, layer * cellHeight, cellWidth + 0.6, cellHeight - (cellHeight > 6 ? 1 : 0));
    }));
    this.#labels(c, view, layers, cellHeight, columns);
    this.#scale(c, view, width, low, high);
    this.#tip(view, layers, columns, cellWidth, cellHeight);
    const text = `${layers.length} layers, norm before clipping`;
    if (this.note.textContent !== text) this.note.textContent = text;
    const last = columns.at(-1).norms;
    const greatest = last.indexOf(Math.max(...last));
    this.canvas.setAttribute('aria-label', `Gradient norms by layer; the greatest now is ${number(last[greatest])} in ${layers[greatest]}`);
  }

  // As many columns as can be seen, each the mean of its points.
  #columns(points, most) {
    const each = Math.ceil(points.length / most);
    const columns = [];
    for (let i = 0; i < points.length; i += each) {
      const part = points.slice(i, i + each);
      columns.push({
        first: part[0].step,
        last: part.at(-1).step,
        norms: part[0].layer_norms.map((_, layer) => part.reduce((sum, p) => sum + (p.layer_norms[layer] ?? NaN), 0) / part.length),
      });
    }
    return columns;
  }

  #labels(c, v, layers, cellHeight, columns) {
    c.fillStyle = colour('quiet');
    const every = Math.ceil(13 / cellHeight);
    layers.forEach((name, i) => i % every === 0 && c.fillText(name, 0, (i + 0.5) * cellHeight, v.left - 8));
    c.textAlign = 'center';
    const [first, last] = [columns[0].first, columns.at(-1).last];
    for (const tick of ticks(first, last, (v.right - v.left) / 70).filter(Number.isInteger))
      c.fillText(short(tick), clamp(v.left + (v.right - v.left) * (tick - first) / Math.max(1, last - first), v.left + 8, v.right - 12), v.bottom + 12);
    c.textAlign = 'left';
  }

  #scale(c, v, width, low, high) {
    const x = v.right + 12;
    for (let y = 0; y < v.bottom; y++) {
      c.fillStyle = viridis(1 - y / v.bottom);
      c.fillRect(x, y, 10, 1.5);
    }
    c.fillStyle = colour('quiet');
    for (const [share, at] of [[1, 6], [0.5, v.bottom / 2], [0, v.bottom - 6]])
      c.fillText(short(10 ** (low + share * (high - low))), x + 15, at, width - x - 15);
  }

  #tip(v, layers, columns, cellWidth, cellHeight) {
    if (!this.at) return;
    const column = columns[Math.floor((this.at.x - v.left) / cellWidth)];
    const layer = Math.floor(this.at.y / cellHeight);
    if (!column || this.at.x < v.left || layer >= layers.length) return this.hideTip();
    const steps = column.first === column.last ? `step ${count(column.last)}` : `steps ${count(column.first)} to ${count(column.last)}`;
    this.showTip(this.at.x, this.at.y, `${layers[layer]}, ${steps}\n${number(column.norms[layer])}`);
  }
}

function bounds(columns) {
  const logs = columns.flatMap(column => column.norms).filter(norm => norm > 0).map(Math.log10).sort((a, b) => a - b);
  if (logs.length === 0) return [0, 1];
  const [low, high] = [logs[Math.floor(0.01 * (logs.length - 1))], logs[Math.ceil(0.99 * (logs.length - 1))]];
  return high - low < 0.05 ? [low - 0.05, high + 0.05] : [low, high];
}

function viridis(share) {
  const at = clamp(share, 0, 1) * (stops.length - 1);
  const [from, to] = [stops[Math.floor(at)], stops[Math.ceil(at)]];
  return `rgb(${from.map((value, i) => Math.round(value + (to[i] - value) * (at % 1))).join(' ')})`;
}
