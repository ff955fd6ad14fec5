const kinds = {
  query: ['entry point', 'Queries'],
  mutation: ['entry point', 'Mutations'],
  subscription: ['entry point', 'Subscriptions'],
  object: ['object', 'Objects'],
  interface: ['interface', 'Interfaces'],
  union: ['union', 'Unions'],
  input: ['input', 'Inputs'],
  enum: ['enumeration', 'Enumerations'],
  scalar: ['scalar', 'Scalars'],
};
const roots = ['query', 'mutation', 'subscription'];
const mostResults = 80;

const byId = (id) => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== undefined));
  return node;
};
const link = (coordinate, text = coordinate) => make('a', { href: `#${coordinate}` }, text);

/** A description, in which what stands between backticks is code. */
const prose = (text) =>
  make('p', {}, ...text.split(/`([^`]*)`/).map((part, index) => (index % 2 ? make('code', {}, part) : part)));

/** A type as GraphQL writes it, its name a link where the page has it. */
const typeText = (type, known) => {
  const name = type.replace(/[[\]!]/g, '');
  const [before, after] = type.split(name);
  return make('span', { className: 'type' }, before, known.has(name) ? link(name) : name, after);
};

const said = (part) =>
  make(
    'div',
    { className: 'said' },
    part.text ? prose(part.text) : undefined,
    part.deprecated ? make('p', { className: 'reason' }, `Deprecated: ${part.deprecated}`) : undefined,
  );

const argument = (arg, known) =>
  make(
    'div',
    {},
    make(
      'dt',
      {},
      `${arg.name}: `,
      typeText(arg.type, known),
      arg.fallback ? ` = ${arg.fallback}` : undefined,
    ),
    make('dd', {}, said(arg)),
  );

const partRow = (type, part, known) => {
  const coordinate = `${type.name}.${part.name}`;
  const row = make(
    'div',
    { id: coordinate, className: part.deprecated ? 'part gone' : 'part' },
    make(
      'div',
      {},
      make('div', { className: 'name' }, link(coordinate, part.name)),
      part.type ? typeText(part.type, known) : undefined,
      part.fallback ? make('span', { className: 'faint mono' }, ` = ${part.fallback}`) : undefined,
      part.deprecated ? make('span', { className: 'chip old' }, 'deprecated') : undefined,
    ),
    said(part),
  );
  if (part.args?.length) {
    row.lastChild.append(make('dl', { className: 'args' }, ...part.args.map((arg) => argument(arg, known))));
  }
  return row;
};

const names = (label, list) =>
  list?.length
    ? make('p', {}, `${label} `, ...list.flatMap((name, index) => [index ? ', ' : '', link(name)]))
    : undefined;

const typeSection = (type, known) =>
  make(
    'section',
    { id: type.name },
    make(
      'header',
      {},
      make('h2', {}, link(type.name), make('span', { className: 'chip kind' }, kinds[type.kind][0])),
      type.text ? prose(type.text) : undefined,
      type.oneOf ? make('p', {}, 'Takes exactly one of its parts.') : undefined,
      names('Is a', type.interfaces),
      names(type.kind === 'union' ? 'One of' : 'Implemented by', type.members),
    ),
    ...type.parts.map((part) => partRow(type, part, known)),
  );

const group = (title, entries) =>
  entries.length === 0
    ? []
    : [
        make('h2', {}, title),
        make('ul', {}, ...entries.map(([coordinate, text]) => make('li', {}, link(coordinate, text)))),
      ];

const contents = ({ types }) =>
  Object.entries(kinds).flatMap(([kind, [, title]]) =>
    group(
      title,
      types
        .filter((type) => type.kind === kind)
        .flatMap((type) =>
          roots.includes(kind)
            ? type.parts.map((part) => [`${type.name}.${part.name}`, part.name])
            : [[type.name, type.name]],
        ),
    ),
  );

/** What has the words in its name or text; names that begin with them first. */
const results = ({ types }, words) => {
  const ranked = [];
  const rank = (coordinate, name, text) => {
    const lower = name.toLowerCase();
    const all = `${coordinate} ${text ?? ''}`.toLowerCase();
    if (!words.every((word) => all.includes(word))) return;
    const [first] = words;
    const place = lower === first ? 0 : lower.startsWith(first) ? 1 : lower.includes(first) ? 2 : 3;
    ranked.push([place, coordinate]);
  };
  for (const type of types) {
    rank(type.name, type.name, type.text);
    for (const part of type.parts) rank(`${type.name}.${part.name}`, part.name, part.text);
  }
  ranked.sort(([a, one], [b, other]) => a - b || one.length - other.length || (one < other ? -1 : 1));
  const shown = ranked.slice(0, mostResults).map(([, coordinate]) => [coordinate, coordinate]);
  const title = `${ranked.length} found${ranked.length > shown.length ? `, the first ${shown.length}` : ''}`;
  return shown.length ? group(title, shown) : [make('h2', {}, 'Nothing found')];
};

const markCurrent = () => {
  const at = decodeURIComponent(location.hash.slice(1));
  for (const entry of byId('nav').querySelectorAll('a')) {
    entry.setAttribute('aria-current', String(entry.getAttribute('href') === `#${at}`));
  }
};

const show = (model) => {
  const known = new Set(model.types.map((type) => type.name));
  const search = byId('search');
  const fields = model.types.reduce((sum, type) => sum + type.parts.length, 0);
  byId('view').textContent = model.view === 'internal' ? 'the whole graph' : `view: ${model.view}`;
  byId('size').textContent = `${model.types.length} types, ${fields} fields and values`;
  byId('main').replaceChildren(...model.types.map((type) => typeSection(type, known)));
  const list = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    byId('nav').replaceChildren(...(words.length ? results(model, words) : contents(model)));
    markCurrent();
  };
  list();
  search.disabled = false;
  search.addEventListener('input', list);
  search.addEventListener('keydown', (event) => {
    const first = byId('nav').querySelector('a');
    if (event.key === 'Enter' && first) location.hash = first.getAttribute('href');
    if (event.key === 'Escape') {
      search.value = '';
      list();
    }
  });
  byId('view').hidden = false;
  byId('ask').hidden = true;
  byId('body').hidden = false;
  window.addEventListener('hashchange', markCurrent);
  byId(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  if (location.hash) location.replace(location.hash);
};

const remembered = 'crossfoot-docs-token';

const load = async (token) => {
  const answer = await fetch('/docs/schema', { headers: { authorization: `Bearer ${token}` } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.errors?.[0]?.message ?? `Status ${answer.status}`);
  return body;
};

const open = async (token, { quietly } = {}) => {
  try {
    show(await load(token));
    sessionStorage.setItem(remembered, token);
  } catch (error) {
    byId('ask').hidden = false;
    byId('fault').hidden = quietly === true;
    byId('fault').textContent = error.message;
    byId('token').focus();
  }
};

const scheme = byId('scheme');
scheme.value = localStorage.getItem('crossfoot-docs-scheme') ?? '';
const applyScheme = () => {
  document.documentElement.dataset.scheme = scheme.value;
  localStorage.setItem('crossfoot-docs-scheme', scheme.value);
};
scheme.addEventListener('change', applyScheme);
applyScheme();

document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
  if (event.key !== '/' || typing) return;
  event.preventDefault();
  byId('search').focus();
});

byId('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  void open(byId('token').value.trim());
});

const embedded = byId('model');
if (embedded) {
  show(JSON.parse(embedded.textContent));
} else {
  const known = sessionStorage.getItem(remembered);
  // A demo on this machine has a token for its visitors.
  const offered = known ?? (await (await fetch('/plans/token')).json()).token;
  if (offered) void open(offered, { quietly: known === null });
  else byId('ask').hidden = false;
}
