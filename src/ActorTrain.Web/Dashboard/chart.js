// Lines over steps.

import { Drawing, clamp, say } from './canvas.js';
import { colour } from './theme.js';
import { count, number, short, ticks } from './format.js';

const pad = { left: 46, right: 10, top: 8, bottom: 22 };

export class LineChart extends Drawing {
  constructor(canvas, options) {
    super(canvas);
    this.options = options;
    this.log = false;
    this.run = null;
    this.draw = () => this.#draw();
  }

  show(run) {
    this.run = run;
    this.#draw();
  }

  #draw() {
    const { context: c, width, height } = this.begin();
    const points = this.run?.points ?? [];
    if (points.length < 2) return say(c, width, height, this.run?.ended ? 'nothing was heard of its steps' : 'the first steps are on their way');
    const view = this.#view(points, width, height);
    this.#axes(c, view);
    this.#marks(c, view);
    c.save();
    c.beginPath();
    c.rect(view.x0, view.y0, view.x1 - view.x0, view.y1 - view.y0);
    c.clip();
    for (const series of this.options.series) this.#line(c, view, points, series);
    c.restore();
    this.options.after?.(c, view, this.run);
    this.#cursor(c, view, points);
    const last = points.at(-1);
    this.canvas.setAttribute('aria-label', `${this.options.name}, steps ${points[0].step} to ${last.step}; now ${number(this.options.series.at(-1).of(last))}`);
  }

  #view(points, width, height) {
    const [x0, x1, y0, y1] = [pad.left, width - pad.right, pad.top, height - pad.bottom];
    const [first, last] = [points[0].step, points.at(-1).step];
    let [low, high] = this.#range(points);
    const log = this.log && low > 0;
    if (log) [low, high] = [Math.log10(low), Math.log10(high)];
    const margin = (high - low) * 0.07 || Math.abs(high) * 0.05 || 1;
    low = this.options.zero && !log ? 0 : low - margin;
    high += margin;
    return {
      x0, x1, y0, y1, low, high, log, first, last,
      x: step => x0 + (x1 - x0) * (step - first) / Math.max(1, last - first),
      y: value => y1 - (y1 - y0) * ((log ? Math.log10(value) : value) - low) / (high - low),
    };
  }

  // Outliers, such as the first step with all its loading, must not flatten the rest.
  #range(points) {
    const values = points.slice(points.length > 20 ? 1 : 0).flatMap(p => this.options.series.map(s => s.of(p))).filter(Number.isFinite).sort((a, b) => a - b);
    const extra = this.options.also?.(this.run) ?? [];
    const at = share => values[clamp(Math.round(share * (values.length - 1)), 0, values.length - 1)];
    return [Math.min(at(this.options.trim ?? 0), ...extra), Math.max(at(1 - (this.options.trim ?? 0)), ...extra)];
  }

  #axes(c, v) {
    c.lineWidth = 1;
    c.strokeStyle = colour('grid');
    c.fillStyle = colour('quiet');
    c.textAlign = 'right';
    for (const tick of ticks(v.low, v.high, (v.y1 - v.y0) / 38)) {
      const y = Math.round(v.y1 - (v.y1 - v.y0) * (tick - v.low) / (v.high - v.low)) + 0.5;
      c.beginPath();
      c.moveTo(v.x0, y);
      c.lineTo(v.x1, y);
      c.stroke();
      c.fillText(short(v.log ? 10 ** tick : tick), v.x0 - 6, y);
    }
    c.textAlign = 'center';
    for (const tick of ticks(v.first, v.last, (v.x1 - v.x0) / 70).filter(t => Number.isInteger(t)))
      c.fillText(short(tick), clamp(v.x(tick), v.x0 + 8, v.x1 - 12), v.y1 + 12);
    c.textAlign = 'left';
  }

  // Where something broke, in the words of the event log.
  #marks(c, v) {
    c.strokeStyle = c.fillStyle = colour('bad');
    for (const line of this.run.failures) {
      if (line.step < v.first || line.step > v.last) continue;
      const x = Math.round(v.x(line.step)) + 0.5;
      c.setLineDash([3, 3]);
      c.beginPath();
      c.moveTo(x, v.y0);
      c.lineTo(x, v.y1);
      c.stroke();
      c.setLineDash([]);
      c.beginPath();
      c.moveTo(x - 4, v.y1 + 5);
      c.lineTo(x + 4, v.y1 + 5);
      c.lineTo(x, v.y1 - 2);
      c.fill();
    }
  }

  #line(c, v, points, series) {
    c.strokeStyle = colour(series.colour);
    c.globalAlpha = series.alpha ?? 1;
    c.lineWidth = series.width ?? 1.8;
    c.lineJoin = 'round';
    c.beginPath();
    let open = false;
    for (const point of points) {
      const value = series.of(point);
      if (!Number.isFinite(value) || (v.log && value <= 0)) { open = false; continue; }
      c[open ? 'lineTo' : 'moveTo'](v.x(point.step), v.y(value));
      open = true;
    }
    c.stroke();
    c.globalAlpha = 1;
  }

  #cursor(c, v, points) {
    if (!this.at) return;
    const step = v.first + (v.last - v.first) * clamp((this.at.x - v.x0) / (v.x1 - v.x0), 0, 1);
    const point = points.reduce((best, p) => Math.abs(p.step - step) < Math.abs(best.step - step) ? p : best);
    const x = v.x(point.step);
    c.strokeStyle = colour('quiet');
    c.beginPath();
    c.moveTo(x, v.y0);
    c.lineTo(x, v.y1);
    c.stroke();
    for (const series of this.options.series) {
      c.fillStyle = colour(series.colour);
      c.beginPath();
      c.arc(x, v.y(series.of(point)), 3, 0, 7);
      c.fill();
    }
    const near = this.run.failures.filter(line => Math.abs(v.x(line.step) - x) < 5).map(line => `\n${line.text}`);
    this.showTip(x, this.at.y, `step ${count(point.step)}${this.options.series.map(s => `\n${s.name}: ${number(s.of(point))}`).join('')}${near.join('')}`);
  }
}
