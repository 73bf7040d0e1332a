// What is known of the job that is shown. Events change it; drawing reads it.

const mostPoints = 2048;
const mostLines = 500;
const smoothing = 0.1;

// Steps that end close together are told together; over so many the throughput is what it is.
const rateWindow = 8;

export class Run {
  constructor(document, metrics) {
    this.id = document.job.id;
    this.name = document.job.name;
    this.state = document.job.state;
    this.steps = document.job.steps;
    this.step = document.job.step;
    this.started = document.started;
    this.plan = document.plan;
    this.trace = document.trace;
    this.ended = document.ended;
    this.log = document.log;
    this.unit = metrics.unit;
    this.points = [];
    this.seconds = null;
    this.rate = null;
    this.busy = [];
    this.edges = new Map();
    for (const point of metrics.points) this.#add(point);
    this.lastId = metrics.last_event_id;
  }

  // Applies an event of the stream.
  apply(kind, data, id) {
    if (id) this.lastId = id;
    switch (kind) {
      case 'start': this.started = data; this.name = data.job; this.steps = data.steps; this.unit = data.unit; break;
      case 'plan': this.plan = data; this.edges.clear(); this.state = data.step < this.step ? 'replaying' : 'running'; break;
      case 'trace': this.trace = data; break;
      case 'step': this.state = 'running'; this.#add(data); break;
      case 'note': this.#note(data); break;
      case 'end': this.ended = data; this.state = data.failure ? 'failed' : data.result?.interrupted ? 'stopped' : 'done'; break;
    }
  }

  get last() { return this.points.at(-1) ?? null; }

  get recoveries() { return this.log.filter(line => line.kind === 'recovered').length; }

  get failures() { return this.log.filter(line => line.kind === 'failure'); }

  get bubble() { return this.busy.length === 0 ? null : 1 - this.busy.reduce((a, b) => a + b, 0) / this.busy.length; }

  get remaining() {
    return this.seconds === null || this.ended || this.steps === 0 ? null : (this.steps - this.step) * this.seconds;
  }

  #add(point) {
    if (point.step <= (this.last?.step ?? 0)) return;
    const before = this.last;
    this.#smooth(before, point);
    this.points.push(point);
    point.rate = this.#rateOfLast();
    this.step = point.step;
    this.seconds = mix(this.seconds, point.seconds);
    this.rate = point.rate;
    // Nothing is known of how busy devices were in a generation's first step.
    if (point.busy.some(share => share > 0))
      this.busy = this.busy.length === point.busy.length ? point.busy.map((share, i) => mix(this.busy[i], share)) : point.busy;
    for (const edge of point.edges) this.edges.set(edge.edge, blend(this.edges.get(edge.edge), edge));
    if (this.points.length > mostPoints) this.points = this.points.filter((_, i) => i % 2 === 1 || i === this.points.length - 1);
  }

  // A running mean without the bias towards its first value, as Adam has it (1412.6980, section 3).
  #smooth(before, point) {
    if (point.loss === null) {
      Object.assign(point, { sum: before?.sum ?? 0, weight: before?.weight ?? 0, smooth: before?.smooth ?? null });
      return;
    }
    point.sum = (before?.sum ?? 0) * (1 - smoothing) + smoothing * point.loss;
    point.weight = (before?.weight ?? 0) * (1 - smoothing) + smoothing;
    point.smooth = point.sum / point.weight;
  }

  #rateOfLast() {
    const last = this.points.slice(this.points.length > rateWindow ? -rateWindow : -(this.points.length - 1) || 0);
    const seconds = last.reduce((sum, point) => sum + point.seconds, 0);
    return last.reduce((sum, point) => sum + point.tokens_per_second * point.seconds, 0) / seconds;
  }

  #note(line) {
    if (this.log.some(known => known.id === line.id)) return;
    this.log.push(line);
    if (this.log.length > mostLines) this.log.shift();
    this.state = line.replanned ? 'running' : { failure: 'recovering', waiting: 'waiting' }[line.kind] ?? this.state;
  }
}

// A running mean: steady enough to read, quick enough to follow a change.
function mix(old, value) {
  return old === null || old === undefined ? value : old + 0.12 * (value - old);
}

function blend(old, edge) {
  if (!old) return edge;
  return Object.fromEntries(Object.entries(edge).map(([key, value]) => [key, key === 'edge' ? value : mix(old[key], value)]));
}
