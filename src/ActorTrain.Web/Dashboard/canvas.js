// What the drawings share: a canvas in the screen's resolution, and a tip for what the pointer or the arrow keys are at.

import { colour } from './theme.js';

const tip = document.getElementById('tip');
export const font = '11.5px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

export class Drawing {
  constructor(canvas) {
    this.canvas = canvas;
    this.at = null;
    this.draw = () => {};
    canvas.addEventListener('pointermove', event => this.#point(event.offsetX, event.offsetY));
    canvas.addEventListener('pointerdown', event => this.#point(event.offsetX, event.offsetY));
    canvas.addEventListener('pointerleave', () => this.leave());
    canvas.addEventListener('blur', () => this.leave());
    canvas.addEventListener('keydown', event => this.#key(event));
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  // Clears the canvas and gives its context and size.
  begin() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = Math.min(3, devicePixelRatio || 1);
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) [this.canvas.width, this.canvas.height] = [w, h];
    const context = this.canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = font;
    context.textBaseline = 'middle';
    return { context, width, height };
  }

  leave() {
    this.at = null;
    tip.hidden = true;
    this.draw();
  }

  showTip(x, y, text) {
    tip.hidden = false;
    if (tip.textContent !== text) tip.textContent = text;
    const box = this.canvas.getBoundingClientRect();
    const [w, h] = [tip.offsetWidth, tip.offsetHeight];
    const left = box.left + x + 14 + w > innerWidth ? box.left + x - w - 14 : box.left + x + 14;
    const top = Math.max(4, Math.min(innerHeight - h - 4, box.top + y - h / 2));
    tip.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
  }

  hideTip() {
    if (this.at) tip.hidden = true;
  }

  #point(x, y) {
    this.at = { x, y };
    this.draw();
  }

  #key(event) {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === 'Escape') this.leave();
    if (!move) return;
    event.preventDefault();
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const stride = event.shiftKey ? 40 : 8;
    const from = this.at ?? { x: width / 2, y: height / 2 };
    this.#point(clamp(from.x + move[0] * stride, 0, width - 1), clamp(from.y + move[1] * stride * 2, 0, height - 1));
  }
}

export function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

export function say(context, width, height, text) {
  context.fillStyle = colour('quiet');
  context.textAlign = 'center';
  context.fillText(text, width / 2, height / 2);
  context.textAlign = 'left';
}
