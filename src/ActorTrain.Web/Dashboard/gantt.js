// What each device does in a step: a row a device, idle time hatched, so that the bubble is seen.

import { Drawing, say } from './canvas.js';
import { colour } from './theme.js';
import { duration, percent, ticks } from './format.js';

// By the numbers of the kinds of action; -1 is norms and updates.
const kinds = {
  '-1': { name: 'norm and update', short: '', colour: 'update', css: 'update' },
  0: { name: 'forward', short: 'F', colour: 'forward', css: 'forward' },
  1: { name: 'loss', short: 'L', colour: 'loss', css: 'loss' },
  2: { name: 'backward', short: 'B', colour: 'backward', css: 'backward' },
  3: { name: 'input gradient', short: 'B', colour: 'backward', css: 'backward' },
  4: { name: 'weight gradient', short: 'W', colour: 'weight', css: 'weight' },
};
const axis = 18;
const rowGap = 7;

export class Gantt extends Drawing {
  constructor(canvas, note, legend) {
    super(canvas);
    [this.note, this.legend, this.shown] = [note, legend, ''];
    this.draw = () => this.#draw();
  }

  show(run) {
    this.run = run;
    const rows = run?.trace?.devices.length ?? 3;
    this.canvas.parentElement.style.height = `${Math.min(420, Math.max(3, rows) * 38 + axis + 8)}px`;
    this.#legend(run?.trace);
    this.#draw();
  }

  #legend(trace) {
    const used = new Set((trace?.devices ?? []).flat().map(span => span.kind));
    const entries = [[0, 'F forward'], [2, 'B backward'], [3, 'B input gradient'], [4, 'W weight gradient'], [1, 'loss'], [-1, 'update']].filter(([kind]) => used.has(kind));
    const text = entries.map(([, name]) => name).join();
    if (text === this.shown) return;
    this.shown = text;
    this.legend.replaceChildren(...[...entries.map(([kind, name]) => [kinds[kind].css, name]), ['idle', 'idle: the bubble']].map(([css, name]) => {
      const entry = document.createElement('span');
      const box = document.createElement('i');
      box.className = css;
      entry.append(box, name);
      return entry;
    }));
  }

  #draw() {
    const { context: c, width, height } = this.begin();
    const trace = this.run?.trace;
    if (!trace) return say(c, width, height, 'a step is traced every two seconds while the job runs');
    const narrow = width < 560;
    const [left, right] = [narrow ? 34 : 190, narrow ? 46 : 62];
    const end = Math.max(1, ...trace.devices.flat().map(span => span.end));
    const rowHeight = (height - axis) / trace.devices.length;
    const x = time => left + (width - left - right) * time / end;
    this.#axis(c, x, end, height, width - right - left);
    const idle = trace.devices.map((spans, device) => this.#row(c, x, spans, device, end, {
      y: device * rowHeight + rowGap / 2, h: rowHeight - rowGap, left, right, width, narrow,
    }));
    this.#tip(trace, x, rowHeight, left, width - right);
    const bubble = idle.reduce((a, b) => a + b, 0) / idle.length;
    const text = `step ${trace.step.toLocaleString('en-US')} took ${duration(end / 1e6).join(' ')}; bubble ${percent(bubble)}` +
      (this.run.plan ? `, ${this.run.plan.schedule}, ${this.run.plan.micro_batches} micro-batches` : '');
    if (this.note.textContent !== text) this.note.textContent = text;
    this.canvas.setAttribute('aria-label', `What each device did: ${text}`);
  }

  #axis(c, x, end, height, room) {
    c.strokeStyle = colour('grid');
    c.fillStyle = colour('quiet');
    c.textAlign = 'center';
    for (const tick of ticks(0, end, room / 80)) {
      const at = Math.round(x(tick)) + 0.5;
      c.beginPath();
      c.moveTo(at, 0);
      c.lineTo(at, height - axis + 3);
      c.stroke();
      c.fillText(tick === 0 ? '0' : duration(tick / 1e6).join(' '), at, height - axis / 2 + 2);
    }
    c.textAlign = 'left';
  }

  #row(c, x, spans, device, end, row) {
    const stages = this.#stagesOf(device);
    c.fillStyle = colour('text');
    c.fillText(stages.map(s => `S${s.index}`).join(' '), 0, row.y + row.h / 2 - (row.narrow ? 0 : 7), row.left - 4);
    if (!row.narrow) {
      c.fillStyle = colour('quiet');
      c.fillText(this.run.plan?.devices[device] ?? '', 0, row.y + row.h / 2 + 8, row.left - 10);
    }
    hatch(c, x(0), row.y, x(end) - x(0), row.h);
    let busy = 0;
    for (const span of spans) {
      const kind = kinds[span.kind];
      const [from, wide] = [x(span.start), Math.max(1, x(span.end) - x(span.start))];
      busy += span.end - span.start;
      c.fillStyle = colour(kind.colour);
      c.fillRect(from, row.y, Math.max(1, wide - 0.7), row.h);
      if (wide > 22 && span.micro_batch >= 0 && kind.short) {
        c.fillStyle = colour('ink');
        c.textAlign = 'center';
        c.fillText(`${kind.short}${span.micro_batch}`, from + wide / 2, row.y + row.h / 2 + 0.5, wide - 4);
        c.textAlign = 'left';
      }
    }
    const idle = Math.max(0, 1 - busy / end);
    c.fillStyle = colour('quiet');
    c.textAlign = 'right';
    c.fillText(row.narrow ? percent(idle) : `${percent(idle)} idle`, row.width, row.y + row.h / 2);
    c.textAlign = 'left';
    return idle;
  }

  #stagesOf(device) {
    return (this.run.plan?.stages ?? []).map((stage, index) => ({ ...stage, index })).filter(stage => stage.device === device);
  }

  #tip(trace, x, rowHeight, left, right) {
    if (!this.at) return;
    const spans = trace.devices[Math.floor(this.at.y / rowHeight)] ?? [];
    const span = spans.find(s => x(s.start) - 0.5 <= this.at.x && this.at.x <= x(s.end) + 0.5);
    if (this.at.x < left || this.at.x > right || this.at.y > rowHeight * trace.devices.length) return this.hideTip();
    if (!span) return this.showTip(this.at.x, this.at.y, 'idle');
    const what = span.micro_batch < 0 ? kinds[span.kind].name : `${kinds[span.kind].name} of micro-batch ${span.micro_batch}`;
    this.showTip(this.at.x, this.at.y, `${what}, stage ${span.chunk}\n${duration((span.end - span.start) / 1e6).join(' ')}`);
  }
}

// Lines at a slant: idle is told from a colour by its shape too.
function hatch(c, x, y, width, height) {
  c.save();
  c.beginPath();
  c.rect(x, y, width, height);
  c.clip();
  c.strokeStyle = colour('idle');
  c.lineWidth = 1.4;
  c.beginPath();
  for (let at = x - height; at < x + width; at += 6) {
    c.moveTo(at, y + height);
    c.lineTo(at + height, y);
  }
  c.stroke();
  c.restore();
}
