// Numbers and times for people. Every function takes null for what is not known.

const none = '–';

export function number(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return value.toExponential(2);
  return size >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(digits).replace(/\.?0+$/, '');
}

export function fixed(value, digits) {
  return value === null || value === undefined || !Number.isFinite(value) ? none : value.toFixed(digits);
}

export function count(value) {
  return value === null || value === undefined ? none : value.toLocaleString('en-US');
}

export function short(value) {
  if (!Number.isFinite(value)) return none;
  for (const [limit, suffix] of [[1e9, 'G'], [1e6, 'M'], [1e4, 'k']])
    if (Math.abs(value) >= limit) return `${(value / (limit === 1e4 ? 1e3 : limit)).toPrecision(3)}${suffix}`;
  return Math.abs(value) >= 100 ? count(Math.round(value)) : String(Number(value.toPrecision(3)));
}

export function percent(share, digits = 0) {
  return share === null || share === undefined || !Number.isFinite(share) ? none : `${(100 * share).toFixed(digits)} %`;
}

export function bytes(value) {
  if (!Number.isFinite(value)) return none;
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return `${unit === 0 ? Math.round(value) : value.toPrecision(3)} ${units[unit]}`;
}

// A duration as [number, unit], since the unit is written smaller where there is room.
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return [none, ''];
  if (seconds === 0) return ['0', 's'];
  if (seconds < 1e-3) return [(1e6 * seconds).toFixed(0), 'µs'];
  if (seconds < 1) return [(1e3 * seconds).toPrecision(3), 'ms'];
  return seconds < 100 ? [seconds.toPrecision(3), 's'] : [span(seconds), ''];
}

export function span(seconds) {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h > 0) return `${h} h ${m} min`;
  return m > 0 ? `${m} min ${s} s` : `${s} s`;
}

export function clock(time) {
  return new Date(time).toLocaleTimeString('en-GB');
}

// Round values for an axis, at most so many.
export function ticks(low, high, most) {
  if (!(high > low)) return [low];
  const raw = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= raw * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(i * step);
  return found;
}
