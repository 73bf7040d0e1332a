// Light, dark, or as the system has it; and the colours as canvases need them.

const key = 'actortrain.theme';
const order = ['auto', 'light', 'dark'];
const names = { auto: 'as the system has them', light: 'light', dark: 'dark' };
const probe = document.createElement('span');
let palette = {};

function remembered() {
  try { return order.includes(localStorage.getItem(key)) ? localStorage.getItem(key) : 'auto'; } catch { return 'auto'; }
}

function apply(theme, button) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  button.setAttribute('aria-label', `Colours: ${names[theme]}`);
  palette = {};
}

// A style property as the browser resolves it, light or dark.
export function colour(name) {
  if (!palette[name]) {
    probe.style.color = `var(--${name})`;
    palette[name] = getComputedStyle(probe).color;
  }
  return palette[name];
}

export function start(button, changed) {
  probe.hidden = true;
  document.body.append(probe);
  let theme = remembered();
  apply(theme, button);
  button.addEventListener('click', () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    try { localStorage.setItem(key, theme); } catch { /* private windows keep nothing */ }
    apply(theme, button);
    changed();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { palette = {}; changed(); });
}
