// Puts the page together: which job is shown, its stream of events, and when to draw.

import * as api from './api.js';
import * as theme from './theme.js';
import { LineChart } from './chart.js';
import { Gantt } from './gantt.js';
import { HeatMap } from './heatmap.js';
import { EventLog, Nodes, Wires } from './panels.js';
import { Run } from './store.js';
import { count, duration, fixed, number, percent, short, span } from './format.js';
import { colour } from './theme.js';

const pollPause = 2000;
const drawPause = 250;
const find = id => document.getElementById(id);
const validationOf = run => run?.ended?.result?.validation_loss ?? null;

const loss = new LineChart(find('loss'), {
  name: 'Loss',
  trim: 0,
  also: run => validationOf(run) === null ? [] : [validationOf(run)],
  after: drawValidation,
  series: [
    { name: 'loss', of: point => point.loss, colour: 'accent', alpha: 0.32, width: 1 },
    { name: 'smoothed', of: point => point.smooth, colour: 'accent', width: 2.2 },
  ],
});
const rate = new LineChart(find('rate'), {
  name: 'Throughput',
  trim: 0.01,
  zero: true,
  series: [{ name: 'a second', of: point => point.rate, colour: 'weight', width: 1.6 }],
});
const gantt = new Gantt(find('gantt'), find('gantt-note'), find('gantt-legend'));
const heat = new HeatMap(find('heat'), find('heat-note'));
const nodes = new Nodes(find('nodes'), find('nodes-note'));
const wires = new Wires(find('wires'), find('wires-note'));
const log = new EventLog(find('log'), find('log-note'));

let run = null;
let cluster = null;
let chosen = null;
let connected = true;
let following = null;
let dirty = true;
let slow = 0;

function drawValidation(context, view, shown) {
  const value = validationOf(shown);
  if (value === null) return;
  const [x, y] = [view.x1 - 5, view.y(value)];
  context.fillStyle = colour('backward');
  context.beginPath();
  for (const [dx, dy] of [[0, -6], [6, 0], [0, 6], [-6, 0]]) context.lineTo(x + dx, y + dy);
  context.fill();
  context.textAlign = 'right';
  context.fillText(`validation ${fixed(value, 3)}`, x - 10, y - 10);
  context.textAlign = 'left';
}

function text(id, value) {
  const element = find(id);
  if (element.textContent !== value) element.textContent = value;
}

function tile(id, value, unit, more) {
  const element = find(id);
  const shown = `${value}|${unit}`;
  if (element.dataset.shown !== shown) {
    element.dataset.shown = shown;
    const small = document.createElement('small');
    small.textContent = unit;
    element.replaceChildren(value, ...(unit ? [small] : []));
  }
  text(`${id}-more`, more || '\u00a0');
}

function drawHeader() {
  const state = !connected ? 'lost' : run?.state ?? 'none';
  find('state').dataset.state = state;
  text2(find('state').lastElementChild, { lost: 'no connection', none: 'no job yet' }[state] ?? state);
  const share = run?.steps ? run.step / run.steps : 0;
  find('bar').firstElementChild.style.transform = `scaleX(${share})`;
  find('bar').setAttribute('aria-valuenow', Math.round(100 * share));
  text('steps', run?.steps ? `step ${count(run.step)} of ${count(run.steps)}` : 'step –');
  text('eta', run?.remaining ? `about ${span(run.remaining)} to go` : run?.ended ? 'over' : '');
  document.title = run ? `${run.name}: ${state}, ${count(run.step)} of ${count(run.steps)}` : 'ActorTrain';
}

function text2(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function drawTiles() {
  const last = run?.last;
  const [time, unit] = duration(run?.seconds);
  const first = run?.points[0]?.loss;
  const validation = validationOf(run);
  tile('t-loss', fixed(last?.smooth, 4), '', validation !== null ? `validation ${fixed(validation, 4)}` : first ? `from ${fixed(first, 3)}, smoothed` : '');
  tile('t-rate', run?.rate ? short(run.rate) : '–', run ? `${run.unit}/s` : '', run?.started ? `${short(run.started.parameters)} parameters` : '');
  tile('t-time', time, unit, run?.plan ? `plan ${duration(run.plan.step_seconds).join(' ')}` : '');
  tile('t-bubble', percent(run?.bubble), '', run?.plan ? `plan ${percent(run.plan.bubble)}, ${run.plan.schedule}` : '');
  tile('t-norm', number(last?.grad_norm, 3), '', last ? `rate × ${number(last.learning_rate_factor, 3)}${last.skipped ? ', skipped' : ''}` : '');
  tile('t-recoveries', run ? count(run.recoveries) : '–', '', run?.plan ? `generation ${count(run.plan.generation)}` : '');
}

function draw() {
  drawHeader();
  drawTiles();
  loss.show(run);
  rate.show(run);
  gantt.show(run);
  heat.show(run);
  wires.show(run);
  nodes.show(cluster, run);
  log.show(run);
  text('loss-note', run?.points.length ? `${run.started?.unit ? `per ${run.started.unit.replace(/s$/, '')}` : ''}` : '');
  text('rate-note', run ? `${run.unit} a second` : '');
}

function schedule() {
  dirty = true;
}

// Steps may come by the hundred; the eye needs four pictures a second.
function tick() {
  if (dirty && performance.now() - slow > drawPause && !document.hidden) {
    dirty = false;
    slow = performance.now();
    draw();
  }
  requestAnimationFrame(tick);
}

async function open(id) {
  following?.abort();
  const mine = following = new AbortController();
  while (!mine.signal.aborted) {
    try {
      const path = `/api/jobs/${encodeURIComponent(id)}`;
      // Steps first: what happens between the two answers comes again with the events, which are known by their ids.
      const metrics = await api.json(`${path}/metrics`, mine.signal);
      run = new Run(await api.json(path, mine.signal), metrics);
      schedule();
      let fresh = true;
      while (fresh && !mine.signal.aborted) fresh = await follow(path, mine.signal);
      if (run.ended) return;
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof api.Denied) await askForToken();
    }
    await pause(1000);
  }
}

// Returns whether to go on where it broke off; false when the page has to begin anew.
async function follow(path, signal) {
  let reset = false;
  await api.stream(`${path}/events`, run.lastId, signal, (kind, data, id) => {
    reset = kind === 'reset';
    if (!reset && kind !== 'ping') run.apply(kind, data, id);
    schedule();
    return !reset;
  });
  return !reset && !run.ended;
}

function pause(time) {
  return new Promise(done => setTimeout(done, time));
}

// The newest job that runs, else the newest, unless somebody has chosen one.
function choose(jobs) {
  const still = jobs.find(job => job.id === chosen);
  const best = still ?? jobs.find(job => !['done', 'failed', 'stopped'].includes(job.state)) ?? jobs[0];
  const select = find('jobs');
  const options = jobs.map(job => [job.id, jobs.filter(j => j.name === job.name).length > 1 ? `${job.name} (${job.id})` : job.name]);
  const shown = JSON.stringify(options);
  if (select.dataset.shown !== shown && options.length > 0) {
    select.dataset.shown = shown;
    select.replaceChildren(...options.map(([id, name]) => new Option(name, id)));
  }
  if (best && best.id !== run?.id && best.id !== choose.opening) {
    choose.opening = best.id;
    open(best.id);
  }
  if (best) select.value = best.id;
}

async function poll() {
  for (;;) {
    try {
      [cluster] = await Promise.all([api.json('/api/cluster').catch(keepDenied), api.json('/api/jobs').then(choose)]);
      connected = true;
    } catch (error) {
      if (error instanceof api.Denied) await askForToken();
      else connected = false;
    }
    schedule();
    await pause(pollPause);
  }
}

// The supervisor may be on its way to another node: what was known of the members still holds.
function keepDenied(error) {
  if (error instanceof api.Denied) throw error;
  return cluster;
}

let asking = null;
function askForToken() {
  asking ??= new Promise(done => {
    const dialog = find('ask');
    find('ask-wrong').hidden = !api.hasToken();
    find('ask-token').value = '';
    dialog.addEventListener('close', () => {
      api.useToken(find('ask-token').value.trim());
      asking = null;
      done();
    }, { once: true });
    dialog.showModal();
  });
  return asking;
}

theme.start(find('theme'), draw);
find('jobs').addEventListener('change', event => {
  chosen = event.target.value;
  choose.opening = chosen;
  open(chosen);
});
find('loss-log').addEventListener('click', event => {
  loss.log = !loss.log;
  event.target.setAttribute('aria-pressed', String(loss.log));
  draw();
});
document.addEventListener('visibilitychange', schedule);
tick();
poll();
