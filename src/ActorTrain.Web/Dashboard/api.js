// What the page asks its node for. The token never stands in an address that leaves the page.

let token = takeFromFragment() ?? sessionStorage.getItem('actortrain.token') ?? '';

function takeFromFragment() {
  const found = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!found) return null;
  history.replaceState(null, '', location.pathname + location.search);
  sessionStorage.setItem('actortrain.token', found);
  return found;
}

export class Denied extends Error {}

export function useToken(text) {
  token = text;
  sessionStorage.setItem('actortrain.token', text);
}

export function hasToken() {
  return token !== '';
}

async function ask(path, options = {}) {
  const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(path, { ...options, headers, cache: 'no-store' });
  if (answer.status === 401) throw new Denied('a token is wanted');
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

export async function json(path, signal) {
  return (await ask(path, { signal })).json();
}

// Server-sent events over fetch, for EventSource cannot send a token. Ends when the server
// ends the stream, or when what handles an event returns false.
export async function stream(path, lastId, signal, handle) {
  const headers = { Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) };
  const answer = await ask(path, { headers, signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      if (dispatch(block, handle) !== false) continue;
      await reader.cancel();
      return;
    }
  }
}

function dispatch(block, handle) {
  const event = { kind: 'message', id: null, data: '' };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (line.startsWith('event:')) event.kind = value;
    else if (line.startsWith('id:')) event.id = value;
    else if (line.startsWith('data:')) event.data += value;
  }
  return handle(event.kind, event.data ? JSON.parse(event.data) : null, event.id);
}
