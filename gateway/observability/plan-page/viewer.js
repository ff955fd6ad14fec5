import { explained, figure, milliseconds, node } from './render.js';

const at = (id) => document.getElementById(id);
const [query, variables, token, runner, fault, shown, recent, scheme] = [
  'query',
  'variables',
  'token',
  'runner',
  'fault',
  'shown',
  'recent',
  'scheme',
].map(at);

const first = `query Overview {
  books {
    id
    name
  }
}
`;

async function call(path, body) {
  const answer = await fetch(path, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${token.value.trim()}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  const content = await answer.json();
  const problem = content.errors?.[0];
  if (problem) throw new Error(`${problem.extensions.code}: ${problem.message}`);
  return content;
}

/** Does something and tells what went wrong with it, where one looks. */
async function told(work) {
  fault.hidden = true;
  try {
    await work();
  } catch (error) {
    fault.textContent = error.message;
    fault.hidden = false;
  }
}

function explain(run) {
  return told(async () => {
    shown.setAttribute('aria-busy', 'true');
    try {
      const given = variables.value.trim() === '' ? {} : parsed(variables.value);
      const asked = { query: query.value, variables: given, run };
      if (runner.value.trim() !== '') asked.token = runner.value.trim();
      shown.replaceChildren(...explained(await call('/plans', asked)));
    } finally {
      shown.setAttribute('aria-busy', 'false');
    }
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('The variables are not JSON');
  }
}

async function look() {
  if (token.value.trim() === '') return;
  const { operations } = await call('/plans/recent');
  recent.replaceChildren(
    ...operations.map((one) => {
      const open = () => {
        query.value = one.text;
        query.focus();
        void explain(false);
      };
      const name = one.name ?? one.text.replaceAll(/\s+/g, ' ').slice(0, 60);
      const figures = `${one.type}, cost ${figure(one.cost)}, ${figure(one.calls)}×, last ${milliseconds(one.milliseconds)}`;
      const button = node(
        'button',
        { type: 'button', title: one.text.slice(0, 500) },
        node('span', { className: 'name' }, name),
        node('small', {}, figures),
      );
      button.addEventListener('click', open);
      return node('li', {}, button);
    }),
  );
}

at('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  void explain(true);
});
at('plan').addEventListener('click', () => void explain(false));
at('refresh').addEventListener('click', () => void told(look));
token.addEventListener('change', () => void told(look));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  void explain(!event.shiftKey);
});
scheme.addEventListener('change', () => {
  if (scheme.value) document.documentElement.dataset.scheme = scheme.value;
  else delete document.documentElement.dataset.scheme;
});

query.value = first;
await told(async () => {
  const answer = await fetch('/plans/token');
  token.value = (await answer.json()).token ?? '';
  if (token.value === '') token.focus();
  else query.focus();
  await look();
});
